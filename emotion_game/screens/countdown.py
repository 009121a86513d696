"""The countdown to the clip."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pygame import Rect

from emotion_game.screens import record_question
from emotion_game.screens.record_question import Consent
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import Button, Layout, is_tall, page, rows, toast_strip
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_advice

#: A number lands larger than it stays, and settles in this time.
_LANDS_S = 0.25


@dataclass(frozen=True, slots=True)
class CountdownView(Screen):
    """``seconds_left`` counts down to the clip; 0 while the clip is opening.

    ``consent`` as in ``ReadyView``: until the clip plays, the player may still answer.
    ``stage``: which clip of a marathon comes, from 1; 0 outside a marathon.
    ``restless``: a player still shows the emotion, and the count waits.
    ``begun``: there is something to lose, such as the rest of a clip: who leaves is asked.
    """

    level: int
    seconds_left: float
    consent: Consent | None = None
    stage: int = 0
    restless: bool = False
    begun: bool = False

    def escape(self) -> Intent:
        """See :class:`Screen`."""
        return Intent.STOP if self.begun else Intent.BACK

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the number in the middle, the rule below, the camera and the way back aside."""
        unit = theme.unit_px(size_px)
        question = record_question.lay_out(self.consent, page(size_px), size_px, tr)
        whole = question.rest
        number, rule = rows(whole, (4.2, 1), round(theme.GAP * unit))
        small = round((30 if is_tall(size_px) else 28) * unit)
        camera = Rect(whole.right - small, whole.top, small, round(small * 0.75))
        back = Rect(whole.left, whole.top, round(28 * unit), round(9.5 * unit))
        if is_tall(size_px):
            number = number.inflate(0, -2 * camera.height - 2)
        else:
            number = number.inflate(-2 * small - 2, 0)
        button = Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK)
        if self.begun:
            button = Button("back", back, tr("Stop"), Intent.STOP, icon=Icon.STOP)
        toast = toast_strip(size_px)
        regions = {"number": number, "rule": rule, "camera": camera, "toast": toast}
        return Layout(regions | question.regions, (button, *question.buttons))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the number in a ring that empties every second; the mascot while the clip opens."""
        painter.ground()
        regions, palette, tr = layout.regions, painter.palette, painter.tr
        number = regions["number"]
        rest = self.seconds_left
        if self.stage:
            strip, number = rows(number, (1, 5.5), painter.px(1))
            painter.text(tr("Clip {number}", number=self.stage), strip, theme.TITLE, palette.accent)
        if rest > 0:
            share = rest - math.floor(rest) or 1.0
            painter.ring(number, share, 0.075, palette.accent)
            landing = 1.0 if painter.still else theme.ease_out((1 - share) / _LANDS_S)
            em = min(theme.GIANT, 0.7 * min(number.size) / painter.unit)
            grown = 1.35 - 0.35 * landing
            painter.digits(str(math.ceil(rest)), number, em, palette.text, grown)
        else:
            face, words = rows(number, (3, 1), 0)
            painter.mascot(face, self.mode, 0.25)
            painter.text(tr("Here it comes…"), words, theme.TITLE)
        if self.restless:
            draw_advice(
                painter, regions["rule"], Icon.WARNING, tr("Not yet! Relax your face"), good=False
            )
        else:
            self._draw_rule(painter, regions["rule"])
        pictures.camera.show(painter, regions["camera"], view.camera)
        record_question.draw(painter, layout)

    def _draw_rule(self, painter: Painter, area: Rect) -> None:
        palette, tr = painter.palette, painter.tr
        painter.text(
            tr.mode(self.mode, "rule"),
            area,
            theme.POSTER,
            palette.accent,
            lines=2,
            shadow=painter.poster_shadow,
        )
