"""The camera check: live picture and one plain advice."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.game.check import CheckAdvice
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
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_advice, draw_poster

CHECK_ADVICE: dict[CheckAdvice, tuple[Icon, str]] = {
    CheckAdvice.WAITING: (Icon.CAMERA, mark("The camera is starting…")),
    CheckAdvice.SLOW: (Icon.CLOCK, mark("Too few pictures: close other programs or add light")),
    CheckAdvice.NO_FACE: (Icon.NO_FACE, mark("Show your face to the camera")),
    CheckAdvice.NEED_MORE: (Icon.DUEL, mark("Side by side, please: all faces in the picture")),
    CheckAdvice.SEVERAL: (Icon.ONE_PLAYER, mark("Several faces: one player at a time")),
    CheckAdvice.TOO_DARK: (Icon.LIGHT, mark("Too dark: more light on your face")),
    CheckAdvice.TOO_BRIGHT: (Icon.LIGHT, mark("Too bright: less light on your face")),
    CheckAdvice.TOO_FAR: (Icon.NEARER, mark("Come closer")),
    CheckAdvice.TOO_NEAR: (Icon.FARTHER, mark("A step back, please")),
    CheckAdvice.OFF_CENTRE: (Icon.CENTRE, mark("Move to the middle")),
    CheckAdvice.TURN: (Icon.TURN, mark("Turn to the screen")),
    CheckAdvice.GOOD: (Icon.CHECK, mark("All good!")),
}


@dataclass(frozen=True, slots=True)
class CheckView(Screen):
    """The camera check: live picture and one plain advice; goes on by itself when all is good.

    ``GO_ON`` skips it (the button is offered from the start), ``NEXT_CAMERA`` takes another
    camera, ``BACK`` goes back to the levels.

    Attributes:
        progress: how much of the good time has passed, 0..1; 0 unless ``advice`` is GOOD.
        players: how many play.
        present: how many faces are in the picture.
        can_change: another camera may be taken; not at a booth.
    """

    level: int
    advice: CheckAdvice
    progress: float
    players: int = 1
    present: int = 0
    can_change: bool = True

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the large camera picture, the advice beside or below it, and the buttons."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        if is_tall(size_px):
            head, camera, advice, hint, bar = rows(page(size_px), (1, 6.4, 2.6, 1, 1.9), gap)
            go, lower = rows(bar, (1, 1), gap)
            other, back = columns(lower, (1, 1), gap)
            ring = Rect(0, 0, 0, 0)
        else:
            camera, side = columns(page(size_px), (1.55, 1), 2 * gap)
            head, ring, advice, hint, go, lower = rows(side, (1.2, 3.1, 3.1, 1.1, 1.35, 1.2), gap)
            back, other = columns(lower, (1, 1), gap)
        regions = {"head": head, "camera": camera, "advice": advice, "hint": hint}
        if ring.height:
            regions["ring"] = ring
        regions["toast"] = toast_strip(size_px)
        buttons = [Button("go", go, tr("Go on"), Intent.GO_ON, ButtonStyle.MAIN, Icon.NEXT)]
        if self.can_change:
            buttons.append(
                Button("camera", other, tr("Next camera"), Intent.NEXT_CAMERA, icon=Icon.CAMERA)
            )
        else:
            back = lower
        buttons.append(Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK))
        return Layout(regions, tuple(buttons), "go")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the camera and the advice; the ring shows how soon it goes on by itself."""
        painter.ground()
        regions, palette, tr = layout.regions, painter.palette, painter.tr
        draw_poster(painter, tr("Camera check"), regions["head"])
        good = self.advice is CheckAdvice.GOOD
        pictures.camera.show(painter, regions["camera"], view.camera)
        if (ring := regions.get("ring")) is not None:
            side = min(ring.size)
            painter.ring(ring, self.progress, 0.09, palette.safe)
            face = Rect(0, 0, round(side * 0.68), round(side * 0.68))
            face.center = ring.center
            gone = self.advice in (CheckAdvice.NO_FACE, CheckAdvice.WAITING)
            painter.mascot(face, self.mode, None if gone else 0.0 if good else 0.3)
        icon, words = self._advice(tr)
        draw_advice(painter, regions["advice"], icon, words, good=good, share=self.progress)
        if view.hint:
            line = tr("Glasses are fine. Light from the front is best.")
            painter.text(line, regions["hint"], theme.BODY, weight=Weight.MEDIUM, lines=2)

    def _advice(self, tr: Translator) -> tuple[Icon, str]:
        """Return the sign and the words; of several players, how many there are and should be."""
        icon, words = CHECK_ADVICE[self.advice]
        missing, over = self.players - self.present, self.present - self.players
        if self.advice is CheckAdvice.NEED_MORE and missing > 0:
            line = tr.plural("{count} face is missing.", "{count} faces are missing.", missing)
            return icon, f"{line} {tr('Sit side by side')}"
        if self.advice is CheckAdvice.SEVERAL and self.players > 1 and over > 0:
            return Icon.DUEL, tr(
                "{faces} faces for {players} places: who only watches steps back",
                faces=self.present,
                players=self.players,
            )
        return icon, tr(words)
