"""``configs/kiosk.toml`` to validated, frozen settings."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator

from emotion_game import paths
from emotion_game.errors import SettingsError
from emotion_game.game.modes import Modes
from emotion_game.kiosk.pin import PIN_HASH, TOKEN_HASH
from emotion_game.settings import (
    GameSettings,
    StrictModel,
    game_file,
    load_game_settings,
    load_settings,
)

FILE_NAME = "kiosk.toml"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Language = Literal["ko", "en"]


class _Strict(StrictModel):
    """A number in quotes or a true/false where a number belongs is a fault."""

    model_config = ConfigDict(strict=True)


class OfferSettings(_Strict):
    """What the booth offers its players.

    Attributes:
        config: another ``game.toml``; a relative path starts at the folder of ``kiosk.toml``.
        camera: as ``--camera`` takes it.
        modes: names out of ``game.toml``; none given: all of them. See :func:`offered_modes`.
        languages: the first one is what the attract screens begin with.
        rounds_per_player: after this many rounds the next visitor is asked forward.
        volume_cap: the loudest the clips may play, 0..1.
        idle_s: without a touch, or a face where one is wanted, for this long: back to attract.
    """

    # A path cannot be checked strictly: TOML knows only text.
    config: Annotated[Path | None, Field(strict=False)] = None
    camera: Line = "0"
    player: Literal["auto", "vlc", "pyav"] = "auto"
    modes: Annotated[tuple[str, ...] | None, Field(strict=False, min_length=1)] = None
    levels: Annotated[
        tuple[Annotated[int, Field(ge=1, le=3)], ...], Field(strict=False, min_length=1)
    ] = (1, 2, 3)
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1)] = ("ko", "en")
    rounds_per_player: int = Field(default=3, ge=1, le=100)
    volume_cap: float = Field(default=0.8, ge=0.0, le=1.0)
    idle_s: float = Field(default=45.0, ge=10.0, le=600.0)

    @field_validator("modes", "levels", "languages")
    @classmethod
    def _check_distinct(cls, given: tuple[object, ...] | None) -> tuple[object, ...] | None:
        if given is not None and len(set(given)) != len(given):
            raise ValueError(f"expected each once, found {[str(each) for each in given]}")
        return given


class ScreenSettings(_Strict):
    """Where the game shows.

    Attributes:
        display: number of the display, from 0.
        leaderboard_display: a second display for the leaderboard; none: no second window.
        rotation_deg: clockwise, for a screen that hangs upright or upside down.
        cursor_s: without a movement for this long, the cursor is hidden.
    """

    fullscreen: bool = True
    display: int = Field(default=0, ge=0, le=15)
    leaderboard_display: int | None = Field(default=None, ge=0, le=15)
    rotation_deg: Literal[0, 90, 180, 270] = 0
    cursor_s: float = Field(default=2.0, ge=0.5, le=60.0)

    @model_validator(mode="after")
    def _check_displays(self) -> Self:
        if self.leaderboard_display == self.display:
            raise ValueError(
                f"leaderboard_display must be another display than display ({self.display})"
            )
        return self


class HoursSettings(_Strict):
    """When the booth is open, by the clock on the wall; closing after midnight is allowed."""

    opens: time | None = None
    closes: time | None = None

    @model_validator(mode="after")
    def _check_pair(self) -> Self:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("opens and closes: give both or neither")
        if self.opens is not None and self.opens == self.closes:
            raise ValueError("opens and closes must differ")
        return self

    def is_open(self, clock: time) -> bool:
        """Say whether visitors may play at this time of the day."""
        if self.opens is None or self.closes is None:
            return True
        if self.opens < self.closes:
            return self.opens <= clock < self.closes
        return clock >= self.opens or clock < self.closes


class ConsentText(_Strict):
    """What every player reads, and agrees to, before the camera is used.

    Attributes:
        version: raise it when the meaning changes; it is logged with every consent.
        run_by: who runs the booth, as visitors know them.
        contact: how they are reached.
        ko: the text in Korean; one paragraph a line.
        en: the text in English.
    """

    version: Annotated[Line, Field(min_length=1, max_length=40)]
    run_by: Annotated[Line, Field(min_length=1)]
    contact: Line = ""
    ko: Text
    en: Text

    def text(self, language: Language) -> str:
        """Return the text in one language."""
        return self.ko if language == "ko" else self.en

    def mark(self) -> str:
        """Return the version with a digest, so that an edited text cannot pass for the old one."""
        content = "\n".join((self.run_by, self.contact, self.ko, self.en))
        return f"{self.version}+{hashlib.sha256(content.encode()).hexdigest()[:8]}"


class RestartSettings(_Strict):
    """When the supervisor takes the game for dead, and how it brings it back.

    Attributes:
        start_s: the game must give its first sign of life within this.
        hang_s: without a sign of life for this long it is killed.
        first_wait_s: before the first restart; doubles with each failure ...
        longest_wait_s: ... up to this.
        failures: this many failures ...
        within_s: ... within this time put the booth out of service.
        retry_first_s: then it is tried again after this; doubles ...
        retry_longest_s: ... up to this.
    """

    start_s: float = Field(default=30.0, ge=5.0, le=300.0)
    hang_s: float = Field(default=3.0, ge=1.0, le=60.0)
    first_wait_s: float = Field(default=0.1, ge=0.0, le=5.0)
    longest_wait_s: float = Field(default=4.0, ge=0.0, le=60.0)
    failures: int = Field(default=5, ge=1, le=100)
    within_s: float = Field(default=600.0, ge=1.0, le=86_400.0)
    retry_first_s: float = Field(default=60.0, ge=1.0, le=3600.0)
    retry_longest_s: float = Field(default=600.0, ge=1.0, le=86_400.0)

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        for first, longest in (
            ("first_wait_s", "longest_wait_s"),
            ("retry_first_s", "retry_longest_s"),
        ):
            if getattr(self, first) > getattr(self, longest):
                raise ValueError(f"{first} must not be longer than {longest}")
        return self


class LogSettings(_Strict):
    """What is kept of the day.

    Attributes:
        json_lines: one JSON object a line instead of plain text.
        max_mb: size at which a log file is put aside.
        kept: how many old log files, and how many crash reports, are kept.
    """

    json_lines: bool = False
    max_mb: float = Field(default=5.0, ge=0.1, le=1000.0)
    kept: int = Field(default=5, ge=1, le=100)


class OperatorSettings(_Strict):
    """The operator's PIN; `emotion-game kiosk pin` writes it.

    Attributes:
        pin_hash: without it neither operator's menu nor page can be opened.
    """

    pin_hash: Annotated[str, Field(pattern=f"^({PIN_HASH})?$")] = ""


class PageSettings(_Strict):
    """The operator's page in a browser.

    Attributes:
        host: an address of this machine; the loopback is reached from this machine alone.
        token_hash: lets Prometheus in; `emotion-game kiosk token` writes it.
    """

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8808, ge=1, le=65_535)
    token_hash: Annotated[str, Field(pattern=f"^({TOKEN_HASH})?$")] = ""

    @field_validator("host")
    @classmethod
    def _check_host(cls, host: str) -> str:
        try:
            return str(ipaddress.ip_address(host))
        except ValueError:
            raise ValueError(f'expected an address such as 127.0.0.1, found "{host}"') from None


class KioskSettings(StrictModel):
    """``kiosk.toml``; see :func:`load_kiosk_settings`."""

    game: OfferSettings = OfferSettings()
    screen: ScreenSettings = ScreenSettings()
    hours: HoursSettings = HoursSettings()
    notice: ConsentText
    restart: RestartSettings = RestartSettings()
    log: LogSettings = LogSettings()
    operator: OperatorSettings = OperatorSettings()
    page: PageSettings = PageSettings()

    @model_validator(mode="after")
    def _check_page(self) -> Self:
        if self.page.enabled and not self.operator.pin_hash:
            raise ValueError("page.enabled needs a PIN: run `emotion-game kiosk pin`")
        return self


def own_file() -> Path:
    """Return where this user's own ``kiosk.toml`` lies; it may not exist yet."""
    return platformdirs.user_config_path("emotion-game") / FILE_NAME


def kiosk_file(given: Path | None = None) -> Path:
    """Return the file that holds: the given one, the user's own, or the shipped one."""
    if given is not None:
        return given
    return own_file() if own_file().is_file() else paths.CONFIGS / FILE_NAME


def load_kiosk_settings(path: Path) -> KioskSettings:
    """Read ``kiosk.toml``.

    Raises:
        SettingsError: one error that names every fault of the file.
    """
    settings = load_settings(path, KioskSettings)
    config = settings.game.config
    if config is None or config.is_absolute():
        return settings
    game = settings.game.model_copy(update={"config": path.absolute().parent / config})
    return settings.model_copy(update={"game": game})


def game_settings_of(settings: KioskSettings) -> GameSettings:
    """Return the settings of the game that this booth plays.

    Raises:
        SettingsError: when its ``game.toml`` has faults.
    """
    return load_game_settings(game_file(settings.game.config))


def offered_modes(settings: KioskSettings, modes: Modes) -> tuple[str, ...]:
    """Return the names of the modes that the booth offers.

    Raises:
        SettingsError: when ``kiosk.toml`` names one that ``game.toml`` does not have.
    """
    wanted = settings.game.modes or tuple(modes)
    if unknown := [name for name in wanted if name not in modes]:
        raise SettingsError(
            f"kiosk.toml: game.modes: no mode {', '.join(unknown)} in game.toml;"
            f" there are {', '.join(modes)}.",
            hint="Correct the list, or the config that it plays.",
        )
    return wanted
