"""Which settings hold on this machine: those of its booth, or those of a player at home."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from emotion_game.kiosk.settings import (
    KioskSettings,
    kiosk_file,
    load_kiosk_settings,
    own_file,
)
from emotion_game.settings import GameSettings, game_file, load_game_settings


@dataclass(frozen=True, slots=True)
class Resolved:
    """The files that hold.

    Attributes:
        game_path: the ``game.toml``.
        kiosk_path: the ``kiosk.toml``; None: this machine is no booth.
        kiosk: what that says; None: it is no booth.
    """

    game_path: Path
    kiosk_path: Path | None = None
    kiosk: KioskSettings | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, the booth's first."""
        return (self.game_path,) if self.kiosk_path is None else (self.kiosk_path, self.game_path)

    @property
    def camera(self) -> str:
        """The camera, as ``--camera`` names it."""
        return "0" if self.kiosk is None else self.kiosk.game.camera

    def game(self) -> GameSettings:
        """Read the ``game.toml``.

        Raises:
            SettingsError: when it has faults.
        """
        return load_game_settings(self.game_path)

    def database_url(self) -> str | None:
        """Return the score board that ``game.toml`` names; None: it names none.

        Raises:
            SettingsError: when it has faults.
        """
        return self.game().scores.url or None


def is_booth(config: Path | None, booth: bool | None) -> bool:
    """Say whether a booth's settings are wanted.

    Args:
        config: a file that was named.
        booth: what was asked for; None: nothing. Then a ``kiosk.toml`` of the user's own makes
            this machine a booth, unless another ``game.toml`` was named.
    """
    return booth if booth is not None else config is None and own_file().is_file()


def resolve(config: Path | None = None, booth: bool | None = None) -> Resolved:
    """Return the files that hold.

    Args:
        config: a ``game.toml``; of a booth, a ``kiosk.toml``.
        booth: see :func:`is_booth`.

    Raises:
        SettingsError: when ``kiosk.toml`` has faults.
    """
    if not is_booth(config, booth):
        return Resolved(game_file(config))
    path = kiosk_file(config)
    kiosk = load_kiosk_settings(path)
    return Resolved(game_file(kiosk.game.config), path, kiosk)
