"""From what was asked for to objects: options, settings, rules, analyser."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from emotion_game.clips.choose import PlayerChoice
from emotion_game.errors import GameError, UnknownModeError
from emotion_game.settings import GameSettings, game_file, load_game_settings
from emotion_game.timing import Timings
from emotion_game.ui.i18n import Language
from emotion_game.vision.installed import load_active, load_active_detector
from emotion_game.vision.pipeline import Analyser
from emotion_game.vision.tracking import PlayerTrack


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """What ``emotion-game play`` was asked for; None = not given.

    ``players``: how many stand before one camera, 1 to 4; the last straight face wins.
    ``rounds``: end after so many results; None plays until the player quits.
    ``seconds``: end after so many seconds, whatever happens.
    ``repeat``: when a round is over, start the same one again.
    ``record``: ask each player whether faces of wrong calls may be kept; a ``record_folder``,
    here or in the configuration, asks for it too.
    ``scores``: whether results go to the score board; None: unless offscreen, and unless the
    demo player plays.
    """

    mode: str | None = None
    level: int | None = None
    players: int = 1
    clip: Path | None = None
    camera: str | None = None
    player: PlayerChoice = "auto"
    config: Path | None = None
    language: Language | None = None
    seed: int | None = None
    fullscreen: bool = False
    offscreen: bool = False
    screenshots: Path | None = None
    record: bool = False
    record_folder: Path | None = None
    results_file: Path | None = None
    events_file: Path | None = None
    rounds: int | None = None
    seconds: float | None = None
    repeat: bool = False
    scores: bool | None = None


def game_settings(config: Path | None) -> GameSettings:
    """Load the given ``game.toml``, or else the user's own, or else the shipped one."""
    return load_game_settings(game_file(config))


def known_mode(modes: Collection[str], name: str | None) -> str | None:
    """Return the name of a mode, None where none was asked for.

    Args:
        modes: the names there are.
        name: what was asked for.

    Raises:
        UnknownModeError: when there is no such mode.
    """
    if name is None or name in modes:
        return name
    raise UnknownModeError(
        f"--mode: there is no mode {name!r}; there are {', '.join(modes)}.",
        hint="Choose one of them, or add it to game.toml (docs/modes.md).",
    )


def make_analyser(
    settings: GameSettings, timings: Timings | None = None, *, pictures: bool = False
) -> Analyser:
    """Load the detector and the classifier that play.

    Args:
        settings: ``track`` tells how small a player's face may be.
        timings: gets the stages.
        pictures: they are still pictures, not taken at a booth: faces of any size are looked
            for, small ones by a closer look.

    Raises:
        ModelError: when either is missing or altered.
    """
    classifier = load_active()
    detector = load_active_detector(
        smallest_face=0.0 if pictures else settings.track.smallest_face, closer_look=pictures
    )
    return Analyser(detector, classifier, PlayerTrack(settings.track), timings)


def make_folder(folder: Path) -> None:
    """Make a folder for screenshots unless it is there.

    Raises:
        GameError: when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GameError(
            f"Cannot make the folder {folder}: {error.strerror or error}.",
            hint="Choose another one.",
        ) from error
