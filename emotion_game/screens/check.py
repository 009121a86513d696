"""The camera check: live picture and one plain advice."""

from __future__ import annotations

from emotion_game.game.check import CheckAdvice
from emotion_game.screens import plain
from emotion_game.screens.i18n import Translator, mark
from emotion_game.screens.layout import Layout
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import CheckView, Intent, View

CHECK_ADVICE: dict[CheckAdvice, str] = {
    CheckAdvice.WAITING: mark("The camera is starting…"),
    CheckAdvice.SLOW: mark("Too few pictures: close other programs or add light"),
    CheckAdvice.NO_FACE: mark("Show your face to the camera"),
    CheckAdvice.NEED_TWO: mark("Two players, please: side by side"),
    CheckAdvice.SEVERAL: mark("Several faces: one player at a time"),
    CheckAdvice.TOO_DARK: mark("Too dark: more light on your face"),
    CheckAdvice.TOO_BRIGHT: mark("Too bright: less light on your face"),
    CheckAdvice.TOO_FAR: mark("Come closer"),
    CheckAdvice.TOO_NEAR: mark("A step back, please"),
    CheckAdvice.OFF_CENTRE: mark("Move to the middle"),
    CheckAdvice.TURN: mark("Turn to the screen"),
    CheckAdvice.GOOD: mark("All good!"),
}


def lay_out(screen: CheckView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line, picture and buttons."""
    return plain.lay_out(
        size_px,
        [
            ("go", tr("Go on"), Intent.GO_ON),
            ("camera", tr("Next camera"), Intent.NEXT_CAMERA),
            ("back", tr("Back"), Intent.BACK),
        ],
    )


def draw(
    painter: Painter, screen: CheckView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the camera and the advice; the window draws the buttons."""
    plain.draw(painter, layout, painter.tr("Camera check"), painter.tr(CHECK_ADVICE[screen.advice]))
    pictures.camera.show(painter, layout.regions["picture"], view.camera)
