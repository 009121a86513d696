"""A duel: two players before one camera."""

from __future__ import annotations

from pygame import Rect

from emotion_game.screens import plain, theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.layout import Layout, columns, contain, rows
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.ready import ADVICE
from emotion_game.screens.view import (
    DuelPlayingView,
    DuelReadyView,
    DuelResultView,
    DuelSide,
    Intent,
    View,
)
from emotion_game.screens.widgets import draw_meter

DuelView = DuelReadyView | DuelPlayingView | DuelResultView


def lay_out(screen: DuelView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, picture and buttons."""
    specs: list[plain.Spec] = [("back", tr("Back"), Intent.BACK)]
    if isinstance(screen, DuelResultView):
        specs.insert(0, ("again", tr("Play again"), Intent.AGAIN))
        if screen.moment is not None and not screen.moment_file:
            specs.append(("save", tr("Save the moment"), Intent.SAVE_MOMENT))
    return plain.lay_out(size_px, specs)


def draw(
    painter: Painter, screen: DuelView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw both players; the window draws the buttons."""
    tr, picture = painter.tr, layout.regions["picture"]
    match screen:
        case DuelReadyView():
            plain.draw(painter, layout, tr("Get ready"))
            above, below = rows(picture, (3, 1), 0)
            pictures.camera.show(painter, above, view.camera)
            for side, place in zip(
                screen.sides, columns(below, (1, 1), painter.px(2)), strict=True
            ):
                painter.text(tr(ADVICE[side.advice]), place, theme.BODY, lines=2)
        case DuelPlayingView():
            plain.draw(painter, layout, tr("Duel"))
            above, below = rows(picture, (5, 1), painter.px(1))
            if screen.pixels is not None:
                height, width = screen.pixels.shape[:2]
                place = contain(above, width, height)
                pictures.clip.show(
                    painter, place, screen.pixels, screen.order, frame=screen.frame_id
                )
            for side, place in zip(
                screen.sides, columns(below, (1, 1), painter.px(2)), strict=True
            ):
                _draw_side(painter, place, side, screen.threshold)
        case DuelResultView():
            plain.draw(painter, layout, _verdict(screen, tr))


def _draw_side(painter: Painter, area: Rect, side: DuelSide, threshold: float) -> None:
    draw_meter(painter, area, side.score, threshold)
    if side.out_s is not None:
        painter.text(painter.tr("Out!"), area, theme.LARGE, painter.palette.danger)


def _verdict(screen: DuelResultView, tr: Translator) -> str:
    if screen.void:
        return tr("This one doesn't count")
    if screen.winner is None:
        return tr("A draw!")
    return tr("The right player wins!") if screen.winner else tr("The left player wins!")
