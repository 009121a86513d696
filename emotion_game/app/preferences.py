"""What the game remembers of its player between two starts: the options, the hint, the crowns."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from emotion_game.app.notices import Notices
from emotion_game.errors import SettingsError
from emotion_game.files import read_json, write_beside
from emotion_game.ui.notices import NoticeKind

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


class PreferenceStore:
    """The options as they are now, and their file.

    Args:
        notices: where it is said that they could not be kept.
        path: where they are kept; None: they hold for this run alone.
        start: what they begin with where there is no file.
        volume_cap: the loudest volume that may be chosen, 0..1.

    Attributes:
        now: the options as they are now.
    """

    def __init__(
        self,
        notices: Notices,
        path: Path | None,
        start: Preferences | None = None,
        volume_cap: float = 1.0,
    ) -> None:
        self._notices = notices
        self._path = path
        self._volume_cap = volume_cap
        self._start = start or Preferences()
        self.now = self._start if path is None else load_preferences(path)

    def change(self, **changed: object) -> None:
        """Change some of them, and keep them all."""
        volume = changed.get("volume")
        if isinstance(volume, float):
            changed["volume"] = min(volume, self._volume_cap)
        before, self.now = self.now, self.now.model_copy(update=changed)
        if self._path is None or self.now == before:
            return
        try:
            save_preferences(self._path, self.now)
            self._notices.settle(NoticeKind.PREFERENCES_NOT_KEPT)
        except OSError as error:
            log.warning("Cannot write %s: %s", self._path, error.strerror or error)
            self._notices.say(NoticeKind.PREFERENCES_NOT_KEPT, str(self._path))

    def start_over(self) -> None:
        """Forget what was chosen, except for the volume."""
        self.now = self._start.model_copy(update={"volume": self.now.volume})
