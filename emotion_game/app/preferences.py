"""What the game remembers of its player between two starts: the options, the hint, the crowns."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from emotion_game.errors import SettingsError
from emotion_game.files import read_json, write_beside

log = logging.getLogger(__name__)

_LONGEST_CAMERA = 1000


class Preferences(BaseModel):
    """The options as the player left them.

    A key that is not known is passed over: an older game may meet the file of a newer one.

    Attributes:
        language: None: the system's.
        volume: 0..1.
        camera: None: the first one.
        hint_seen: a round was finished once, so nobody needs to be told how to play.
        crowns: modes whose crown was won on this machine.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    language: Literal["ko", "en"] | None = None
    volume: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    muted: bool = False
    music: bool = True
    fullscreen: bool = False
    camera: str | None = None
    high_contrast: bool = False
    reduced_motion: bool = False
    hint_seen: bool = False
    crowns: frozenset[str] = frozenset()

    @field_validator("camera")
    @classmethod
    def _check_camera(cls, camera: str | None) -> str | None:
        # Pydantic's own limit refuses every path that the system could not decode.
        if camera is not None and len(camera) > _LONGEST_CAMERA:
            raise ValueError(f"expected at most {_LONGEST_CAMERA} letters, found {len(camera)}")
        return camera


def preferences_file() -> Path:
    """Return where the preferences lie; the file may not exist yet."""
    return platformdirs.user_data_path("emotion-game") / "preferences.json"


def load_preferences(path: Path) -> Preferences:
    """Read the preferences; a missing file gives the defaults, a broken one a log line besides."""
    try:
        # Pydantic's own reader of JSON refuses the \uXXXX that save_preferences may write.
        return Preferences.model_validate(read_json(path, SettingsError))
    except SettingsError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            log.warning("The preferences are not used: %s", error)
    except ValidationError as error:
        why = error.errors()[0]["msg"]
        log.warning("The preferences in %s are not used: %s.", path, why)
    return Preferences()


def save_preferences(path: Path, preferences: Preferences) -> None:
    """Write the preferences beside their place, then rename.

    Raises:
        OSError: when that fails; the old file is left as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(preferences.model_dump(mode="json"), ensure_ascii=False, indent=1)
    # A camera may be a file in a path that the system cannot decode: it becomes \uXXXX.
    write_beside(path, (content + "\n").encode("utf-8", "backslashreplace"))
