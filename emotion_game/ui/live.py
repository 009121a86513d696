"""Moving pictures: the clip, the instant replay, the player's camera."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.game.types import RelativeBox
from emotion_game.ui import theme
from emotion_game.ui.icons import Icon
from emotion_game.ui.layout import contain
from emotion_game.ui.painter import Painter

Order = Literal["BGR", "BGRA", "RGB"]


class CameraStatus(Enum):
    """State of the camera as a player understands it."""

    STARTING = auto()
    WORKING = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class CameraView:
    """The player's camera.

    Attributes:
        name: what the menu shows, e.g. "0" or "demo".
        picture: newest frame, (height, width, 3) uint8 BGR; shown mirrored.
        boxes: the players' faces in shares of the unmirrored picture, from left to right of the
            (mirrored) screen; None for who is away. Several are marked by their numbers.
        recording: the faces of this round are remembered, with consent.
        demo: a film plays the player; every screen says so.
    """

    name: str
    status: CameraStatus
    picture: NDArray[np.uint8] | None = None
    boxes: tuple[RelativeBox | None, ...] = ()
    recording: bool = False
    demo: bool = False


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
        if camera.status is not CameraStatus.WORKING or camera.picture is None:
            place = contain(area, 4, 3)
            painter.card(place, shadow=0)
            self._explain(painter, place, camera.status)
            return place
        height, width = camera.picture.shape[:2]
        place = contain(area, width, height)
        if camera.picture is not self._pixels:
            # Camera pictures carry no number; holding the array keeps its identity its own.
            self._pixels = camera.picture
            self._frame += 1
        self._picture.show(painter, place, camera.picture, "BGR", frame=self._frame, mirrored=True)
        for number, box in enumerate(camera.boxes):
            if box is not None:
                marked = number if len(camera.boxes) > 1 else None
                face_corners(painter, _mirrored(box, place), marked, place)
        frame_picture(painter, place)
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


def _mirrored(box: RelativeBox, place: Rect) -> Rect:
    """Return where a face's box stands on the mirrored picture at ``place``, cut to it."""
    x, y, width, height = box
    return Rect(
        place.left + round((1 - x - width) * place.width),
        place.top + round(y * place.height),
        round(width * place.width),
        round(height * place.height),
    ).clip(place)


def frame_picture(painter: Painter, place: Rect, colour: theme.Colour | None = None) -> None:
    """Frame a picture inside its edge."""
    ink = painter.palette.outline if colour is None else colour
    pygame.draw.rect(painter.surface, ink, place, painter.px(theme.OUTLINE))


def face_corners(
    painter: Painter, box: Rect, player: int | None = None, place: Rect | None = None
) -> None:
    """Mark a face by the four corners of its box; one of several players by number and colour.

    ``place`` is the picture, which the number does not leave.
    """
    if min(box.size) < 4:
        return
    palette = painter.palette
    arm = max(2, min(box.size) // 4)
    stroke = painter.px(0.6)
    colour = palette.glass if player is None else theme.PLAYERS[player][0]
    edge = palette.outline if player is None else theme.PLAYERS[player][1]
    for ink, thick in ((edge, stroke + painter.px(0.5)), (colour, stroke)):
        for x, dx in ((box.left, 1), (box.right - 1, -1)):
            for y, dy in ((box.top, 1), (box.bottom - 1, -1)):
                points = [(x, y + dy * arm), (x, y), (x + dx * arm, y)]
                pygame.draw.lines(painter.surface, ink, False, points, thick)
    if player is not None:
        side = painter.px(5.4)
        badge = Rect(0, 0, side, side)
        badge.midbottom = (box.centerx, box.top + side // 2)
        player_badge(painter, badge.clamp(place or badge), player)


def player_badge(painter: Painter, area: Rect, player: int) -> None:
    """Draw a player's number, from 1, on a disc of the player's colour."""
    side = min(area.size)
    disc = Rect(0, 0, side, side)
    disc.center = area.center
    fill, ink = theme.PLAYERS[player]
    painter.framed(disc, fill, ink, painter.px(theme.OUTLINE * 0.8), side // 2)
    words = disc.inflate(-side // 5, -side // 5)
    painter.text(f"{player + 1}", words, 0.72 * side / painter.unit, ink)


class FacePicture:
    """One player's face, cut live out of the camera's picture, round."""

    def __init__(self) -> None:
        self._pixels: NDArray[np.uint8] = np.empty((0, 0, 4), np.uint8)
        self._surface = pygame.Surface((1, 1))
        self._source: NDArray[np.uint8] | None = None
        self._box: RelativeBox | None = None

    def show(self, painter: Painter, area: Rect, camera: CameraView, player: int) -> bool:
        """Draw the face in the middle of ``area``; return False where there is none to draw."""
        box = camera.boxes[player] if player < len(camera.boxes) else None
        if camera.status is not CameraStatus.WORKING or camera.picture is None or box is None:
            self.forget()
            return False
        side = min(area.size)
        if side != self._pixels.shape[0]:
            self.forget()
            self._pixels = np.zeros((side, side, 4), np.uint8)
            centre = (side - 1) / 2
            y, x = np.ogrid[:side, :side]
            inside = side / 2 - np.hypot(x - centre, y - centre)
            self._pixels[..., 3] = np.round(255 * np.clip(inside + 0.5, 0.0, 1.0))
            self._surface = pygame.image.frombuffer(self._pixels.data, (side, side), "BGRA")
        if camera.picture is not self._source or box != self._box:
            self._source, self._box = camera.picture, box
            face = cv2.resize(_around(camera.picture, box), (side, side))
            self._pixels[..., :3] = face[:, ::-1]
        painter.surface.blit(self._surface, self._surface.get_rect(center=area.center))
        return True

    def forget(self) -> None:
        """Take the next picture for a new one."""
        self._source = self._box = None


def _around(picture: NDArray[np.uint8], box: RelativeBox) -> NDArray[np.uint8]:
    """Return the square around a face, moved and cut where the picture ends."""
    height_px, width_px = picture.shape[:2]
    x, y, width, height = (
        box[0] * width_px,
        box[1] * height_px,
        box[2] * width_px,
        box[3] * height_px,
    )
    side = max(1, min(round(1.35 * max(width, height)), height_px, width_px))
    left = min(max(0, round(x + width / 2 - side / 2)), width_px - side)
    top = min(max(0, round(y + height / 2 - side / 2)), height_px - side)
    return picture[top : top + side, left : left + side]


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
