"""The parts that screens are made of: buttons, meter, curve, moving pictures, notices."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.screens import theme
from emotion_game.screens.i18n import mark
from emotion_game.screens.layout import Button, Look, columns, contain
from emotion_game.screens.painter import Painter
from emotion_game.screens.sprites import Icon
from emotion_game.screens.text import Weight, shorten_middle
from emotion_game.screens.view import CameraStatus, CameraView, Notice, NoticeKind

Order = Literal["BGR", "BGRA", "RGB"]

NOTICES: dict[NoticeKind, tuple[Icon, str]] = {
    NoticeKind.NO_CAMERA_DEMO: (Icon.CAMERA, mark("No camera: a demo player stands in")),
    NoticeKind.CAMERA_FAILED: (Icon.CAMERA, mark("Camera {detail} does not work")),
    NoticeKind.NO_VLC: (Icon.FILM, mark("No VLC: using the built-in player")),
    NoticeKind.NO_SOUND: (Icon.SOUND_OFF, mark("No sound device: playing silently")),
    NoticeKind.CLIP_SKIPPED: (Icon.FILM, mark("Skipped a broken clip: {detail}")),
    NoticeKind.NO_CLIPS: (Icon.FILM, mark("No clips for {detail} yet")),
    NoticeKind.FACES_KEPT: (Icon.CHECK, mark("Pictures kept: {detail}")),
    NoticeKind.FACES_NOT_KEPT: (Icon.WARNING, mark("No pictures kept, cannot write to {detail}")),
    NoticeKind.PICTURE_NOT_FILED: (Icon.WARNING, mark("Left where it is: {detail}")),
}

#: Letters of a name (camera, clip) that are shown among other words.
LONGEST_NAME = 30

#: Notices shown side by side; of more, the newest.
NOTICES_AT_ONCE = 2


class Picture:
    """A moving picture, scaled once per new frame into memory that is reused."""

    def __init__(self) -> None:
        self._source: object = None
        self._shape: tuple[object, ...] = ()
        self._pixels: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)
        self._surface = pygame.Surface((1, 1))

    def show(
        self,
        painter: Painter,
        area: Rect,
        pixels: NDArray[np.uint8],
        order: Order,
        *,
        frame: object,
        mirrored: bool = False,
    ) -> None:
        """Stretch ``pixels``, (height, width, 3|4) uint8, over ``area``.

        Work is done only when ``frame``, compared by ``==``, or the area's size changes.
        """
        shape = (area.size, order, mirrored)
        if shape != self._shape or pixels.shape[2] != self._pixels.shape[2]:
            self._shape, self._source = shape, None
            self._pixels = np.empty((area.height, area.width, pixels.shape[2]), np.uint8)
            self._surface = pygame.image.frombuffer(self._pixels.data, area.size, order)
            self._surface.set_alpha(None)  # a player's fourth channel is filler, not opacity
        if frame != self._source:
            self._source = frame
            # OpenCV scales smoothly in a third of the time that pygame takes.
            cv2.resize(pixels, area.size, dst=self._pixels, interpolation=cv2.INTER_LINEAR)
            if mirrored:
                cv2.flip(self._pixels, 1, dst=self._pixels)
        painter.surface.blit(self._surface, area)

    def forget(self) -> None:
        """Take the next frame for a new one, whatever its name."""
        self._source = None


class CameraPicture:
    """The player's camera: mirrored, with the face box, or words on why there is no picture."""

    def __init__(self) -> None:
        self._picture = Picture()
        self._pixels: NDArray[np.uint8] | None = None
        self._frame = 0

    def show(self, painter: Painter, area: Rect, camera: CameraView) -> Rect:
        """Draw the camera inside ``area`` and return the box that the picture takes."""
        palette = painter.palette
        if camera.status is not CameraStatus.WORKING or camera.picture is None:
            place = contain(area, 4, 3)
            painter.panel(place, palette.panel)
            self._explain(painter, place, camera.status)
            return place
        height, width = camera.picture.shape[:2]
        place = contain(area, width, height)
        if camera.picture is not self._pixels:
            # Camera pictures carry no number; holding the array keeps its identity its own.
            self._pixels = camera.picture
            self._frame += 1
        self._picture.show(painter, place, camera.picture, "BGR", frame=self._frame, mirrored=True)
        stroke = painter.px(0.4)
        pygame.draw.rect(painter.surface, palette.raised, place, stroke)
        if camera.box is not None:
            x, y, share_w, share_h = camera.box
            box = Rect(
                place.left + round((1 - x - share_w) * place.width),
                place.top + round(y * place.height),
                round(share_w * place.width),
                round(share_h * place.height),
            )
            face_corners(painter, box.clip(place))
        if camera.recording:
            recording_sign(painter, place)
        return place

    @staticmethod
    def _explain(painter: Painter, place: Rect, status: CameraStatus) -> None:
        lost = status is CameraStatus.LOST
        tr = painter.tr
        words = tr("No picture from the camera") if lost else tr("The camera is starting…")
        ink = painter.palette.danger if lost else painter.palette.muted
        sign = Rect(0, 0, place.width // 4, place.height // 4)
        sign.midbottom = (place.centerx, place.top + place.height // 2)
        painter.icon(Icon.WARNING if lost else Icon.CAMERA, sign, ink)
        below = Rect(place.left, place.centery, place.width, place.height // 2)
        painter.text(words, below.inflate(-painter.px(3), -painter.px(2)), theme.BODY, lines=3)


def face_corners(painter: Painter, box: Rect) -> None:
    """Mark a face by the four corners of its box."""
    arm = max(2, min(box.size) // 4)
    stroke = painter.px(0.6)
    for x, dx in ((box.left, 1), (box.right - 1, -1)):
        for y, dy in ((box.top, 1), (box.bottom - 1, -1)):
            points = [(x, y + dy * arm), (x, y), (x + dx * arm, y)]
            pygame.draw.lines(painter.surface, painter.palette.accent, False, points, stroke)


def recording_sign(painter: Painter, picture: Rect) -> None:
    """Say in the picture's corner that faces are being remembered."""
    message = painter.tr("REC")
    radius, pad = painter.px(1.1), painter.px(1.2)
    words = Rect(0, 0, painter.width_of(message, theme.SMALL), painter.px(4.2))
    sign = Rect(0, 0, words.width + 2 * radius + 3 * pad, words.height)
    sign.topleft = (picture.left + pad, picture.top + pad)
    words.midright = (sign.right - pad, sign.centery)
    painter.panel(sign, painter.palette.ground, sign.height // 2)
    centre = (sign.left + pad + radius, sign.centery)
    pygame.draw.aacircle(painter.surface, painter.palette.danger, centre, radius)
    painter.text(message, words, theme.SMALL)


def draw_button(painter: Painter, button: Button, *, focused: bool, hovered: bool) -> None:
    """Draw a button; the focus is a double frame, a selected choice has a check mark."""
    palette = painter.palette
    fill = palette.hover if hovered else palette.raised
    ink = palette.text
    if button.look is Look.MAIN:
        fill, ink = palette.accent, palette.on_accent
    area = button.rect
    if focused:
        reach = painter.px(theme.STROKE)
        painter.panel(area.inflate(4 * reach, 4 * reach), palette.text, painter.px(2.9))
        painter.panel(area.inflate(2 * reach, 2 * reach), palette.ground, painter.px(2.5))
    if button.selected:
        painter.framed(area, fill, palette.accent, painter.px(0.7))
    else:
        painter.panel(area, fill)
    if hovered and button.look is Look.MAIN:
        painter.framed(area, fill, palette.on_accent, painter.px(0.4))
    match button.look:
        case Look.MODE:
            _mode_card(painter, button)
        case Look.LEVEL:
            _level_choice(painter, button)
        case Look.MAIN | Look.PLAIN | Look.SMALL:
            _icon_and_label(painter, button, ink)
    if button.selected:
        side = painter.px(5.2)
        badge = Rect(0, 0, side, side)
        badge.topright = (area.right - painter.px(0.7), area.top + painter.px(0.7))
        painter.panel(badge, palette.accent, side // 2)
        painter.icon(Icon.CHECK, badge.inflate(-side * 0.45, -side * 0.45), palette.on_accent)


def _icon_and_label(painter: Painter, button: Button, ink: theme.Colour) -> None:
    size = {Look.MAIN: theme.LARGE, Look.SMALL: theme.SMALL}.get(button.look, theme.BODY)
    inner = button.rect.inflate(-painter.px(2.6), -painter.px(1.2))
    if button.icon is None:
        painter.text(button.label, inner, size, ink, lines=2)
        return
    side = min(painter.px(size * 1.05), inner.height)
    gap = painter.px(1.4)
    words = min(painter.width_of(button.label, size), inner.width - side - gap)
    start = inner.centerx - (side + gap + words) // 2
    sign = Rect(start, inner.centery - side // 2, side, side)
    painter.icon(button.icon, sign, ink)
    label = Rect(sign.right + gap, inner.top, words, inner.height)
    painter.text(button.label, label, size, ink, lines=2, align="left")


def _mode_card(painter: Painter, button: Button) -> None:
    assert button.mode is not None
    inner = button.rect.inflate(-painter.px(4), -painter.px(3))
    face = Rect(inner.left, inner.top, min(round(inner.width * 0.38), inner.height), inner.height)
    painter.mascot(face, button.mode, 1.0)
    left = face.right + painter.px(2)
    words = Rect(left, inner.top, inner.right - left, inner.height)
    upper = Rect(words.left, words.top, words.width, round(words.height * 0.56))
    lower = Rect(words.left, upper.bottom, words.width, words.bottom - upper.bottom)
    painter.text(button.label, upper, theme.HEAD, lines=2, align="left")
    painter.text(
        button.note,
        lower,
        theme.BODY,
        painter.palette.muted,
        weight=Weight.MEDIUM,
        lines=2,
        align="left",
        top=True,
    )


def _level_choice(painter: Painter, button: Button) -> None:
    palette = painter.palette
    inner = button.rect.inflate(-painter.px(3), -painter.px(1.6))
    third = inner.height // 3
    stars = Rect(inner.left, inner.top, inner.width, third)
    side = min(third, painter.px(3.6))
    start = stars.centerx - round(side * 1.65)
    for index in range(3):
        kind = Icon.STAR if index < button.level else Icon.STAR_EMPTY
        place = Rect(start + round(index * side * 1.15), stars.centery - side // 2, side, side)
        painter.icon(kind, place, palette.accent)
    name = Rect(inner.left, stars.bottom, inner.width, round(third * 1.15))
    painter.text(button.label, name, theme.BODY)
    note = Rect(inner.left, name.bottom, inner.width, inner.bottom - name.bottom)
    painter.text(button.note, note, theme.SMALL, palette.muted, weight=Weight.MEDIUM)


def draw_meter(painter: Painter, area: Rect, score: float | None, threshold: float) -> None:
    """Draw the score (0..1) as a bar with the limit as a line across it.

    Beyond the limit the ground is striped, so that the forbidden part shows without colours.
    """
    palette, surface = painter.palette, painter.surface
    limit_x = area.left + round(area.width * min(max(threshold, 0.0), 1.0))
    painter.panel(area, palette.panel, area.height // 3)
    beyond = Rect(limit_x, area.top, area.right - limit_x, area.height)
    pattern = painter.keep(
        ("stripes", beyond.size, palette),
        lambda: stripes(beyond.size, palette.danger, 70, painter.px(2.4)),
    )
    surface.blit(pattern, beyond)
    if score is not None and score > 0:
        over = score >= threshold
        inset = painter.px(0.7)
        bar = area.inflate(-2 * inset, -2 * inset)
        bar.width = max(bar.height // 2, round(bar.width * min(score, 1.0)))
        painter.panel(bar, palette.danger if over else palette.safe, bar.height // 3)
    line = Rect(0, 0, painter.px(0.8), area.height + painter.px(2.4))
    line.center = (limit_x, area.centery)
    painter.panel(line, palette.text, line.width // 2)


def stripes(
    size: tuple[int, int], colour: theme.Colour, alpha: int, step_px: int
) -> pygame.Surface:
    """Return diagonal stripes, one every ``step_px``, on a transparent ground."""
    picture = pygame.Surface(size, pygame.SRCALPHA)
    for start in range(-size[1], size[0], step_px):
        points = [
            (start, size[1]),
            (start + step_px // 2, size[1]),
            (start + step_px // 2 + size[1], 0),
            (start + size[1], 0),
        ]
        pygame.draw.polygon(picture, (*colour, alpha), points)
    return picture


def draw_notices(painter: Painter, area: Rect, notices: tuple[Notice, ...]) -> None:
    """Draw the newest notices side by side in the strip ``area``."""
    shown = notices[-NOTICES_AT_ONCE:]
    if not shown:
        return
    palette = painter.palette
    for notice, place in zip(shown, columns(area, [1] * len(shown), painter.px(2)), strict=True):
        kind, words = NOTICES[notice.kind]
        message = painter.tr(words, detail=shorten_middle(notice.detail, LONGEST_NAME))
        pad = painter.px(1.6)
        side = min(painter.px(theme.BODY), place.height - 2)
        needed = painter.width_of(message, theme.SMALL, Weight.MEDIUM) + side + 4 * pad
        place = Rect(place.left, place.top, min(place.width, needed), place.height)
        painter.framed(place, palette.ground, palette.accent, painter.px(0.4))
        sign = Rect(place.left + pad, place.centery - side // 2, side, side)
        painter.icon(kind, sign, palette.accent)
        left = sign.right + pad
        label = Rect(left, place.top, place.right - pad - left, place.height)
        painter.text(
            message, label, theme.SMALL, palette.text, weight=Weight.MEDIUM, lines=2, align="left"
        )


def clock(seconds: float) -> str:
    """Return ``seconds`` as minutes and seconds, "1:05"."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
