"""Before the camera is read: what it measures, what is kept, who runs it; one tap agrees."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import OWN_NAMES, Language, Translator
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
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster


@dataclass(frozen=True, slots=True)
class ConsentView(Screen):
    """What is measured and who does it; ``AGREE`` or ``BACK``, nothing else goes on.

    Attributes:
        run_by: who runs the booth.
        contact: how they are reached; may be "".
        paragraphs: the text in the view's language.
    """

    run_by: str
    contact: str
    paragraphs: tuple[str, ...]

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place headline, text and the answers; none has the focus: nobody agrees by accident."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        other: Language = "en" if view.language == "ko" else "ko"
        shares = (1.3, 7, 0.8, 2.6) if is_tall(size_px) else (1.1, 5.6, 0.7, 1.3)
        head, card, run_by, bar = rows(page(size_px), shares, gap)
        if is_tall(size_px):
            upper, lower = rows(bar, (1, 1), gap)
            yes = upper
            no, language = columns(lower, (1, 1), gap)
        else:
            no, language, yes = columns(bar, (1.1, 1, 1.7), gap)
        buttons = (
            Button("back", no, tr("No, thanks"), Intent.BACK, icon=Icon.BACK),
            Button(
                "language", language, OWN_NAMES[other], Intent.TOGGLE_LANGUAGE, icon=Icon.LANGUAGE
            ),
            Button(
                "agree", yes, tr("I agree, let's play"), Intent.AGREE, ButtonStyle.MAIN, Icon.CHECK
            ),
        )
        regions = {"head": head, "card": card, "run_by": run_by, "toast": toast_strip(size_px)}
        return Layout(regions, buttons)

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the text as large as it fits, each paragraph beside a dot."""
        painter.ground()
        tr, palette, regions = painter.tr, painter.palette, layout.regions
        draw_poster(painter, tr("The camera reads your face"), regions["head"])
        card = regions["card"]
        painter.card(card)
        inner = card.inflate(-painter.px(6), -painter.px(5))
        for paragraph, place in zip(
            self.paragraphs,
            rows(inner, [1] * max(1, len(self.paragraphs)), painter.px(1)),
            strict=False,
        ):
            side = min(painter.px(3.4), place.height)
            dot = Rect(place.left, place.centery - side // 2, side, side)
            painter.icon(Icon.CHECK, dot, palette.safe)
            words = Rect(dot.right + painter.px(2), place.top, 0, place.height)
            words.width = place.right - words.left
            size = theme.BODY * 1.08
            painter.text(paragraph, words, size, weight=Weight.MEDIUM, align="left", lines=3)
        who = tr("Run by {name}", name=self.run_by)
        if self.contact:
            who += f" · {self.contact}"
        painter.text(who, regions["run_by"], theme.BODY, palette.text, align="left", lines=2)
