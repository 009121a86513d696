"""Get ready: the player's neutral face is measured."""

from __future__ import annotations

from pygame import Rect

from emotion_game.screens import consent, theme
from emotion_game.screens.i18n import Translator, mark
from emotion_game.screens.layout import Button, Layout, columns, is_tall, page, rows, toast_strip
from emotion_game.screens.live import CameraPicture
from emotion_game.screens.painter import Painter
from emotion_game.screens.sprites import Icon
from emotion_game.screens.view import Advice, Intent, ReadyView, View

ADVICE: dict[Advice, str] = {
    Advice.HOLD_STILL: mark("Hold still. Straight face!"),
    Advice.NO_FACE: mark("Show your face to the camera"),
    Advice.SMILING: mark("No smiling yet! Relax your face"),
}
_FEELINGS: dict[Advice, float | None] = {
    Advice.HOLD_STILL: 0.0,
    Advice.NO_FACE: None,
    Advice.SMILING: 0.75,
}
_SIGNS: dict[Advice, Icon] = {
    Advice.HOLD_STILL: Icon.CHECK,
    Advice.NO_FACE: Icon.NO_FACE,
    Advice.SMILING: Icon.WARNING,
}


def lay_out(screen: ReadyView, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the large camera picture, the advice with its ring, and the way back."""
    unit = theme.unit_px(size_px)
    gap = round(theme.GAP * unit)
    question = consent.lay_out(screen.consent, page(size_px), size_px, tr)
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
    button = Button("back", back, tr("Menu"), Intent.BACK, icon=Icon.BACK)
    return Layout(regions, (button, *question.buttons))


def draw(
    painter: Painter, screen: ReadyView, view: View, layout: Layout, camera: CameraPicture
) -> None:
    """Draw the camera and what the player should do; the ring shows how much is measured."""
    painter.ground()
    regions, palette = layout.regions, painter.palette
    painter.text(painter.tr("Get ready"), regions["title"], theme.TITLE)
    camera.show(painter, regions["camera"], view.camera)
    ring = regions["ring"]
    side = min(ring.size)
    painter.ring(ring, screen.progress, 0.07, palette.accent)
    face = Rect(0, 0, round(side * 0.66), round(side * 0.66))
    face.center = ring.center
    painter.mascot(face, screen.mode, _FEELINGS[screen.advice])
    advice = regions["advice"]
    calm = screen.advice is Advice.HOLD_STILL
    painter.panel(advice, palette.panel if calm else palette.danger)
    ink = palette.text if calm else palette.on_danger
    sign_px = painter.px(6)
    inner = advice.inflate(-painter.px(5), -painter.px(2))
    sign = Rect(inner.left, inner.centery - sign_px // 2, sign_px, sign_px)
    painter.icon(_SIGNS[screen.advice], sign, palette.safe if calm else ink)
    left = sign.right + painter.px(2.4)
    words = Rect(left, inner.top, inner.right - left, inner.height)
    painter.text(painter.tr(ADVICE[screen.advice]), words, theme.LARGE, ink, lines=3, align="left")
    consent.draw(painter, layout)
