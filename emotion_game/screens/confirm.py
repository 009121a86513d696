"""Is that meant? Before a round, or the game, is left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator, mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster


class Question(Enum):
    """What is asked."""

    QUIT = auto()
    ROUND = auto()
    MARATHON = auto()  # one with clips that count


#: The question, and what "yes" means.
_WORDS: dict[Question, tuple[str, str]] = {
    Question.QUIT: (mark("Quit the game?"), mark("See you next time!")),
    Question.ROUND: (mark("Stop this round?"), mark("It will not count.")),
    Question.MARATHON: (mark("Stop the marathon?"), mark("The clips so far count.")),
}


@dataclass(frozen=True, slots=True)
class ConfirmView(Screen):
    """A question; ``BACK`` stays, ``AGREE`` (or ``QUIT``) does it. To stay has the focus."""

    at_once: ClassVar[bool] = True
    gone_at_once: ClassVar[bool] = True

    question: Question

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the mascot, the question and the two answers."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        quits = self.question is Question.QUIT
        if is_tall(size_px):
            face, words, bar = rows(page(size_px), (5, 2.6, 2), 2 * gap)
            stay, leave = rows(bar, (1, 1), gap)
        else:
            body, bar = rows(page(size_px), (5, 1.3), 2 * gap)
            face, words = columns(body, (1, 1.6), 2 * gap)
            leave, stay = columns(bar, (1, 2), 2 * gap)
        stays = tr("Keep playing")
        yes = Button("yes", leave, tr("Stop"), Intent.AGREE, icon=Icon.STOP)
        if quits:
            yes = Button("yes", leave, tr("Quit"), Intent.QUIT, icon=Icon.QUIT)
        buttons = (Button("no", stay, stays, Intent.BACK, ButtonStyle.MAIN, Icon.PLAY), yes)
        regions = {"face": face, "words": words, "toast": toast_strip(size_px)}
        return Layout(regions, buttons, "no")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the mascot and the question."""
        painter.ground()
        tr, words = painter.tr, layout.regions["words"]
        painter.mascot(layout.regions["face"], self.mode, 0.3)
        area = Rect(words.left, 0, words.width, min(words.height, painter.px(34)))
        area.centery = words.centery
        upper, lower = rows(area, (2, 1), painter.px(1))
        question, means = _WORDS[self.question]
        draw_poster(painter, tr(question), upper, theme.POSTER, align="center")
        painter.text(tr(means), lower, theme.HEAD, lines=2)
