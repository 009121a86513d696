"""Get ready: the player's neutral face is measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from pygame import Rect

from emotion_game.screens import record_question
from emotion_game.screens.record_question import Consent
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator, mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import Button, Layout, columns, is_tall, page, rows, toast_strip
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_advice, draw_poster


class Advice(Enum):
    """What the get-ready screen tells the player."""

    HOLD_STILL = auto()
    NO_FACE = auto()
    SHOWING = auto()  # what the mode forbids shows already
    MOVING = auto()  # the head moves too much for a baseline


ADVICE: dict[Advice, str] = {
    Advice.HOLD_STILL: mark("Hold still. Straight face!"),
    Advice.NO_FACE: mark("Show your face to the camera"),
    Advice.SHOWING: mark("Not yet! Relax your face"),
    Advice.MOVING: mark("Keep your head still"),
}
FEELINGS: dict[Advice, float | None] = {
    Advice.HOLD_STILL: 0.0,
    Advice.NO_FACE: None,
    Advice.SHOWING: 0.75,
    Advice.MOVING: 0.4,
}
SIGNS: dict[Advice, Icon] = {
    Advice.HOLD_STILL: Icon.CHECK,
    Advice.NO_FACE: Icon.NO_FACE,
    Advice.SHOWING: Icon.WARNING,
    Advice.MOVING: Icon.MOTION,
}


@dataclass(frozen=True, slots=True)
class ReadyView(Screen):
    """The neutral baseline is being taken; ``progress`` 0..1.

    ``consent`` is None where no faces are kept, so that nobody has to be asked.
    """

    level: int
    advice: Advice
    progress: float
    consent: Consent | None = None

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the large camera picture, the advice with its ring, and the way back."""
        unit = theme.unit_px(size_px)
        gap = round(theme.GAP * unit)
        question = record_question.lay_out(self.consent, page(size_px), size_px, tr)
        whole = question.rest
        if is_tall(size_px):
            title, camera, ring, advice, back = rows(whole, (1.2, 7.5, 4, 2, 1), gap)
            back = back.inflate(-back.width // 2, 0)
        else:
            camera, side = columns(whole, (1.5, 1), 2 * gap)
            title, ring, advice, back = rows(side, (1.1, 4, 2.4, 1.1), gap)
        regions = {"title": title, "camera": camera, "ring": ring, "advice": advice}
        regions |= question.regions
        regions["toast"] = toast_strip(size_px)
        button = Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK)
        return Layout(regions, (button, *question.buttons))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the camera and what the player should do; the ring shows how much is measured."""
        painter.ground()
        regions, palette, tr = layout.regions, painter.palette, painter.tr
        draw_poster(painter, tr("Get ready"), regions["title"])
        pictures.camera.show(painter, regions["camera"], view.camera)
        ring = regions["ring"]
        side = min(ring.size)
        painter.ring(ring, self.progress, 0.09, palette.accent)
        face = Rect(0, 0, round(side * 0.68), round(side * 0.68))
        face.center = ring.center
        painter.mascot(face, self.mode, FEELINGS[self.advice])
        calm = self.advice is Advice.HOLD_STILL
        words = tr(ADVICE[self.advice])
        if view.hint and calm:
            words = tr("Look neutral: this is your face to keep")
        draw_advice(painter, regions["advice"], SIGNS[self.advice], words, good=calm)
        record_question.draw(painter, layout)
