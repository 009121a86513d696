"""Configuration files to validated, frozen settings; every fault is named at once."""

from __future__ import annotations

import logging
import platform
from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from emotion_game import files, paths
from emotion_game.addresses import hide_secrets
from emotion_game.errors import SettingsError
from emotion_game.game.check import CheckRules
from emotion_game.game.judge import RoundRules
from emotion_game.game.modes import (
    LANGUAGES,
    MOST_MODES,
    OPTIONAL_WORDS,
    WORDS,
    FaceName,
    Mode,
    MotifName,
    MusicName,
    PaletteName,
    is_mode_name,
    most_score,
)
from emotion_game.game.types import EMOTIONS, LEVELS

log = logging.getLogger(__name__)


class StrictModel(BaseModel):
    """Frozen settings that refuse unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        SettingsError: when it is missing, unreadable or not TOML in UTF-8.
    """
    return files.read_toml(path, SettingsError, called="the configuration")


def load_settings(path: Path, model: type[M]) -> M:
    """Validate a TOML file against ``model``.

    Raises:
        SettingsError: one error naming the file and, for each fault, the key, what was
            expected and what was found.
    """
    try:
        return model.model_validate(read_toml(path))
    except ValidationError as error:
        raise _settings_error(path, [_describe(fault) for fault in error.errors()]) from error


def _settings_error(path: Path, faults: Iterable[str]) -> SettingsError:
    distinct = list(dict.fromkeys(faults))
    return SettingsError(
        f"{path} has {len(distinct)} fault(s): {'; '.join(distinct)}.",
        hint="Correct these values.",
    )


def _describe(fault: ErrorDetails, prefix: tuple[str, ...] = ()) -> str:
    key = ".".join((*prefix, *(str(part) for part in fault["loc"]))) or "file"
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    if fault["type"] == "missing":
        return f"{key}: missing"
    if fault["type"] == "value_error":
        return f"{key}: {fault['msg'].removeprefix('Value error, ')}"
    found = hide_secrets(repr(fault["input"]))
    found = found if len(found) <= 40 else found[:37] + "..."
    return f"{key}: {fault['msg'].lower()}, found {found}"


# --- The game -----------------------------------------------------------------------------------


#: What the numbers of a round may be. What each means, and what it is by default: ``RoundRules``.
_ROUND_BOUNDS: dict[str, dict[str, float]] = {
    "threshold": {"gt": 0.0, "lt": 1.0},
    "release_threshold": {"gt": 0.0, "lt": 1.0},
    "hold_s": {"gt": 0.0, "le": 10.0},
    "drain_rate": {"gt": 0.0, "le": 100.0},
    "smoothing_s": {"ge": 0.0, "le": 2.0},
    "max_step_s": {"gt": 0.0, "le": 2.0},
    "baseline_s": {"ge": 0.5, "le": 10.0},
    "baseline_max_score": {"gt": 0.0, "lt": 1.0},
    "baseline_min_readings": {"ge": 2, "le": 300},
    "ready_timeout_s": {"ge": 5.0, "le": 600.0},
    "countdown_s": {"ge": 0.0, "le": 10.0},
    "clip_start_timeout_s": {"ge": 1.0, "le": 60.0},
    "clip_min_share": {"ge": 0.0, "le": 1.0},
    "grace_s": {"gt": 0.0, "le": 10.0},
    "forfeit_s": {"gt": 0.0, "le": 120.0},
    "hidden_total_s": {"gt": 0.0, "le": 120.0},
    "starved_s": {"gt": 0.0, "le": 30.0},
    "baseline_max_move": {"gt": 0.0, "le": 5.0},
    "baseline_valid_s": {"ge": 0.0, "le": 3600.0},
    "same_player_s": {"gt": 0.0, "le": 60.0},
    "marathon_clips": {"ge": 1, "le": 100},
    "marathon_threshold": {"gt": 0.0, "le": 1.0},
    "marathon_hold": {"gt": 0.0, "le": 1.0},
    "marathon_floor": {"gt": 0.0, "le": 1.0},
    "settle_s": {"ge": 0.0, "le": 120.0},
}
#: The same of the camera check, see ``CheckRules``.
_CHECK_BOUNDS: dict[str, dict[str, float]] = {
    "darkest": {"ge": 0.0, "lt": 1.0},
    "brightest": {"gt": 0.0, "le": 1.0},
    "smallest_face": {"ge": 0.0, "lt": 1.0},
    "largest_face": {"gt": 0.0, "le": 1.0},
    "edge": {"ge": 0.0, "lt": 0.5},
    "bystander": {"gt": 0.0, "le": 10.0},
    "steady_share": {"ge": 0.0, "le": 1.0},
    "least_rate_hz": {"gt": 0.0, "le": 120.0},
    "window_s": {"ge": 0.5, "le": 30.0},
    "margin": {"ge": 0.0, "lt": 1.0},
    "settle_s": {"ge": 0.0, "le": 10.0},
    "good_s": {"ge": 0.0, "le": 60.0},
}


class _Numbers(StrictModel):
    """``strict``: a number in quotes or a true/false where a number belongs is a fault."""

    model_config = ConfigDict(strict=True)


class _RoundNumbers(_Numbers):
    @model_validator(mode="after")
    def _check_order(self) -> _RoundNumbers:
        numbers = self.model_dump()
        threshold, release = numbers["threshold"], numbers["release_threshold"]
        if release > threshold:
            raise ValueError(
                f"release_threshold ({release}) must not be above threshold ({threshold})"
            )
        grace_s, forfeit_s = numbers["grace_s"], numbers["forfeit_s"]
        if grace_s >= forfeit_s:
            raise ValueError(f"grace_s ({grace_s}) must be shorter than forfeit_s ({forfeit_s})")
        return self


def _checked(rules: type, bounds: Mapping[str, Mapping[str, Any]], base: type[M]) -> type[M]:
    """Return the model that checks the numbers of a dataclass, named and defaulted as there."""
    types = get_type_hints(rules)
    numbers: dict[str, Any] = {
        each.name: (
            types[each.name],
            Field(... if each.default is MISSING else each.default, **bounds[each.name]),
        )
        for each in fields(rules)
        if each.name in bounds
    }
    return create_model(rules.__name__, __base__=base, **numbers)


_ROUND = _checked(RoundRules, _ROUND_BOUNDS, _RoundNumbers)
_CHECK = _checked(CheckRules, _CHECK_BOUNDS, _Numbers)


class CameraSettings(StrictModel):
    """How the camera is opened and when it counts as lost."""

    model_config = ConfigDict(strict=True)

    width_px: int = Field(ge=160, le=3840)
    height_px: int = Field(ge=120, le=2160)
    rate_hz: float = Field(ge=1.0, le=120.0)
    first_picture_s: float = Field(ge=1.0, le=120.0)
    lost_s: float = Field(ge=0.2, le=30.0)
    retry_first_s: float = Field(gt=0.0, le=60.0)
    retry_longest_s: float = Field(gt=0.0, le=600.0)


class PlayerTrackSettings(StrictModel):
    """How the player's face is kept apart from others from frame to frame."""

    model_config = ConfigDict(strict=True)

    smallest_face: float = Field(ge=0.0, lt=1.0)
    detect_hz: float = Field(gt=0.0, le=60.0)
    forget_s: float = Field(gt=0.0, le=60.0)
    box_smoothing_s: float = Field(ge=0.0, le=2.0)


class ScoreSettings(StrictModel):
    """Where results go.

    Attributes:
        url: of the database; "" for the environment's, or else the user's own SQLite file.
        booth: the name that results of this machine carry; "" for the machine's own name.
    """

    model_config = ConfigDict(strict=True)

    url: str = ""
    booth: str = Field(default="", max_length=60)

    @property
    def booth_name(self) -> str:
        """The name that holds."""
        return self.booth or platform.node() or "booth"


class RecordSettings(StrictModel):
    """Whether faces of wrong calls may be kept, and where; without a folder they are not."""

    folder: Path | None = None

    @field_validator("folder")
    @classmethod
    def _check_folder(cls, folder: Path | None) -> Path | None:
        if folder is None:
            return None
        with suppress(RuntimeError):  # "~" of a user who is not known
            folder = folder.expanduser()
        if not folder.is_absolute():
            raise ValueError(f'expected a whole path or one that begins with "~", found "{folder}"')
        return folder


class GameSettings(StrictModel):
    """``configs/game.toml``, read by :func:`load_game_settings`.

    Attributes:
        modes: every mode by name, in the order of the file.
        check: the limits of the camera check.
        rounds: the rules of each mode and level (1..3).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    camera: CameraSettings
    track: PlayerTrackSettings
    record: RecordSettings
    check: CheckRules
    scores: ScoreSettings
    modes: Mapping[str, Mode]
    rounds: Mapping[tuple[str, int], RoundRules]


class ModeSettings(StrictModel):
    """``[modes.NAME]`` without its levels; meanings as in ``game.modes.Mode``.

    ``clock`` that is not given: on, unless the mode warns.
    """

    model_config = ConfigDict(strict=True)

    emotions: dict[str, Annotated[float, Field(gt=0.0, le=1.0)]] = Field(min_length=1)
    words: dict[str, dict[str, str]]
    warning: bool = False
    clock: bool | None = None
    palette: PaletteName = "warm"
    face: FaceName = "laughing"
    motif: MotifName = "grins"
    music: MusicName = "happy"
    truth: list[str] = []

    @field_validator("emotions")
    @classmethod
    def _check_emotions(cls, emotions: dict[str, float]) -> dict[str, float]:
        # A round begins with a neutral face: it cannot be what loses.
        known = [name for name in EMOTIONS if name != "neutral"]
        if unknown := [name for name in emotions if name not in known]:
            raise ValueError(
                f"unknown emotion {', '.join(unknown)}; expected some of {', '.join(known)}"
            )
        return emotions

    @field_validator("words")
    @classmethod
    def _check_words(cls, words: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        faults = [f"unknown language {language}" for language in words if language not in LANGUAGES]
        for language in LANGUAGES:
            own = words.get(language, {})
            missing = [word for word in WORDS if not own.get(word, "").strip()]
            if missing:
                faults.append(f"{language} lacks {', '.join(missing)}")
            if unknown := [word for word in own if word not in (*WORDS, *OPTIONAL_WORDS)]:
                faults.append(f"{language} has unknown {', '.join(unknown)}")
        if faults:
            raise ValueError("; ".join(faults))
        return words


_LEVELS = tuple(str(level) for level in LEVELS)
#: What modes were called at the top of the file before they were data.
_FIRST_MODES = ("happy", "surprise")


def game_file(given: Path | None = None) -> Path:
    """Return the file that holds: the given one, the user's own, or the shipped one."""
    if given is not None:
        return given
    own = platformdirs.user_config_path("emotion-game") / "game.toml"
    return own if own.is_file() else paths.CONFIGS / "game.toml"


def load_game_settings(path: Path) -> GameSettings:
    """Read ``game.toml``.

    ``[round]`` holds what all rounds share, ``[modes.NAME]`` a mode and ``[modes.NAME.LEVEL]`` its
    own numbers. A file from before modes were data has ``[happy.LEVEL]`` and ``[surprise.LEVEL]``
    instead: it plays the shipped modes with these numbers.

    Raises:
        SettingsError: one error that names every fault of the file.
    """
    raw = read_toml(path)
    known = {"camera", "track", "record", "check", "scores", "round", "modes"}
    faults: list[str] = []
    if "modes" not in raw:
        raw = _with_shipped_modes(path, raw, faults)
    faults += [f"{key}: unknown key" for key in raw if key not in known]
    camera = _collect(raw.get("camera", {}), CameraSettings, ("camera",), faults)
    track = _collect(raw.get("track", {}), PlayerTrackSettings, ("track",), faults)
    record = _collect(raw.get("record", {}), RecordSettings, ("record",), faults)
    check = _collect(raw.get("check", {}), _CHECK, ("check",), faults)
    scores = _collect(raw.get("scores", {}), ScoreSettings, ("scores",), faults)
    common = _table(raw.get("round", {}), "round", faults)
    modes: dict[str, Mode] = {}
    tables: dict[tuple[str, str], dict[str, Any]] = {}
    for name, content in _table(raw["modes"], "modes", faults).items():
        own = _table(content, f"modes.{name}", faults)
        if not is_mode_name(name):
            faults.append(
                f"modes.{name}: expected a name of up to 20 of a-z, 0-9 and -, a letter first,"
                " that is no device of Windows"
            )
        for level in _LEVELS:
            if level in own:
                tables[name, level] = _table(own[level], f"modes.{name}.{level}", faults)
            else:
                faults.append(f"modes.{name}.{level}: missing")
        faults += [
            f"modes.{name}.{key}: unknown level, expected 1, 2 or 3"
            for key in own
            if key.isdigit() and key not in _LEVELS
        ]
        settings = {key: value for key, value in own.items() if not key.isdigit()}
        if (mode := _collect(settings, ModeSettings, ("modes", name), faults)) is not None:
            modes[name] = _as_mode(name, mode)
    count = len(raw["modes"]) if isinstance(raw["modes"], dict) else 1
    if not 1 <= count <= MOST_MODES:
        faults.append(f"modes: expected 1 to {MOST_MODES} modes, found {count}")
    faults += _clashes(_table(raw["modes"], "modes", []))
    rounds: dict[tuple[str, int], RoundRules] = {}
    levelled = {key for own in tables.values() for key in own}
    for (name, level), own in tables.items():
        try:
            numbers = _ROUND.model_validate({**common, **own}).model_dump()
        except ValidationError as error:
            for fault in error.errors():
                # A fault of the shared table is one fault, not six.
                shared = _is_shared(fault, own, levelled - common.keys())
                prefix = ("round",) if shared else ("modes", name, level)
                faults.append(_describe(fault, prefix))
            continue
        if name not in modes:
            continue  # told above
        weights, threshold = modes[name].weights, numbers["threshold"]
        rounds[name, int(level)] = RoundRules(weights=weights, **numbers)
        if (most := most_score(weights)) <= threshold:
            faults.append(
                f"modes.{name}.{level}: threshold ({threshold}) is never reached:"
                f" the score goes up to the largest weight of the emotions, {most}"
            )
    if faults or not (camera and track and record and check and scores):
        raise _settings_error(path, faults)
    return GameSettings(
        camera=camera,
        track=track,
        record=record,
        check=CheckRules(**check.model_dump()),
        scores=scores,
        modes=modes,
        rounds=rounds,
    )


def _with_shipped_modes(path: Path, raw: dict[str, Any], faults: list[str]) -> dict[str, Any]:
    """Return a file from before modes were data as one of today."""
    modes = read_toml(paths.CONFIGS / "game.toml")["modes"]
    for name in _FIRST_MODES:
        modes[name].update(_table(raw.get(name, {}), name, faults))
    log.warning(
        "%s is of an earlier version: its [MODE.LEVEL] is read as [modes.MODE.LEVEL].", path
    )
    return {key: value for key, value in raw.items() if key not in _FIRST_MODES} | {"modes": modes}


def _as_mode(name: str, settings: ModeSettings) -> Mode:
    return Mode(
        name=name,
        weights=tuple(settings.emotions.items()),
        words=settings.words,
        warns=settings.warning,
        shows_clock=not settings.warning if settings.clock is None else settings.clock,
        palette=settings.palette,
        face=settings.face,
        motif=settings.motif,
        music=settings.music,
        truth=tuple(settings.truth),
    )


def _clashes(tables: Mapping[str, Any]) -> list[str]:
    """Say which modes are called alike on the screen; ``tables`` may have other faults."""
    faults = []
    for language in LANGUAGES:
        named: dict[str, str] = {}
        for name, table in tables.items():
            shown: Any = table
            for key in ("words", language, "name"):
                shown = shown.get(key) if isinstance(shown, dict) else None
            if not isinstance(shown, str):
                continue  # told as missing
            if (other := named.setdefault(shown.strip().casefold(), name)) != name:
                faults.append(f"modes.{name}.words.{language}.name: called as the mode {other} is")
    return faults


def _is_shared(fault: ErrorDetails, own: Mapping[str, Any], only_levelled: Set[str]) -> bool:
    """Return whether a fault of one level's numbers lies in ``[round]``, not in the level's own.

    Args:
        fault: what is wrong with the level's numbers.
        own: the level's own table.
        only_levelled: keys that some levels give and ``[round]`` does not.
    """
    if fault["loc"]:
        return fault["loc"][0] not in {*own, *only_levelled}
    # A rule across fields names them; it is the level's own fault where the level gave one.
    return not any(key in fault["msg"] for key in own)


def _collect(
    content: object, model: type[M], prefix: tuple[str, ...], faults: list[str]
) -> M | None:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults += [_describe(fault, prefix) for fault in error.errors()]
        return None


def _table(content: object, name: str, faults: list[str]) -> dict[str, Any]:
    if isinstance(content, dict):
        return content
    faults.append(f"{name}: expected a table, found {content!r}")
    return {}
