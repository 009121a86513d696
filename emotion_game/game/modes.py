"""What a mode is: everything that is said of it in one place, which all others ask.

A mode is data: ``[modes.NAME]`` in ``game.toml``. Its name stands in folders of clips, results and
records; nothing else knows which modes there are. How to make one: ``docs/modes.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from emotion_game.game.types import EMOTIONS

#: Emotions that count, each with its weight: (("surprise", 1.0), ("fear", 0.5)).
Weights = tuple[tuple[str, float], ...]

#: What the toolkit of the screens and the sound board offer a mode by name.
PaletteName = Literal["warm", "cold", "fresh"]
FaceName = Literal["laughing", "gasping"]
MotifName = Literal["grins", "bolts", "drops"]
MusicName = Literal["happy", "surprise", "menu"]

#: The languages that the game speaks.
LANGUAGES = ("ko", "en")
#: What is said of a mode in each language.
Word = Literal["name", "rule", "marathon", "lost", "meter", "alarm"]
WORDS: tuple[Word, ...] = get_args(Word)


@dataclass(frozen=True, slots=True)
class Mode:
    """One thing that players must not show.

    Attributes:
        name: in folders, results and on the command line; lower case.
        weights: the emotions that count; see :func:`score`.
        warns: whether a warning of flashes and sudden sounds comes before it.
        shows_clock: whether players see how much of the clip is left; before a fright that would
            give it away.
        palette: its colours.
        face: how the mascot loses its straight face.
        motif: what its ground is strewn with.
        music: what plays on its pages.
        words: by language and kind of word: ``name`` ("Don't laugh"), ``rule`` ("Laugh and you
            lose!"), ``marathon`` ("Clip after clip, until you laugh"), ``lost`` ("You laughed!"),
            ``meter`` ("Laugh meter"), ``alarm`` ("Stop laughing!").
        truth: labels of recordings that must lose, for measuring (``evaluate_players.py``).
    """

    name: str
    weights: Weights
    words: Mapping[str, Mapping[str, str]] = field(hash=False)
    warns: bool = False
    shows_clock: bool = True
    palette: PaletteName = "warm"
    face: FaceName = "laughing"
    motif: MotifName = "grins"
    music: MusicName = "happy"
    truth: tuple[str, ...] = ()


#: The title has room for so many posters, and the leaderboard for so many tabs.
MOST_MODES = 6
#: A folder of clips, a word on the command line, at most 20 letters of a database.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
#: What Windows does not take as a folder.
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")


def is_mode_name(name: str) -> bool:
    """Return whether a mode may be called so."""
    return _NAME.fullmatch(name) is not None and _RESERVED.fullmatch(name) is None


def most_score(weights: Weights) -> float:
    """Return the most that :func:`score` can be: the probabilities of a face sum to 1."""
    return max(weight for _, weight in weights)


#: Every mode by name, in the order in which they are offered.
Modes = Mapping[str, Mode]


def score(emotions: Sequence[float] | None, weights: Weights) -> float | None:
    """Return how much of a mode's emotions a face shows, 0..1; None without a face.

    Args:
        emotions: 8 probabilities in the order of ``EMOTIONS``.
        weights: how much each of them counts.
    """
    if emotions is None:
        return None
    if len(weights) == 1 and weights[0][1] == 1.0:
        return emotions[EMOTIONS.index(weights[0][0])]
    return min(1.0, sum(emotions[EMOTIONS.index(name)] * weight for name, weight in weights))
