"""The end of a round before its result: the face that gave way over the frozen clip, or the joy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.game.types import RelativeBox
from emotion_game.screens.playing import ClipScreen
from emotion_game.screens.words import level_name
from emotion_game.ui import theme
from emotion_game.ui.confetti import draw_confetti
from emotion_game.ui.i18n import Translator
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import Layout, columns, is_tall, rows, toast_strip
from emotion_game.ui.live import CameraStatus, CameraView, frame_picture
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View

#: The clip stands still, untouched, before the face begins to grow; when it is as large as it gets;
#: when the stamp has landed on it; when the mascot speaks. Seconds.
_GROWS_S, _GROWN_S, _STAMPED_S, _SPEAKS_S = 0.12, 0.5, 0.62, 0.85
#: How long the stamp falls, the blow is felt, the flash is seen.
_FALLS_S, _SHAKES_S, _FLASH_S = 0.14, 0.22, 0.16
#: A face and what is around it, in heights of the face.
_AROUND = 1.75
_TURN_DEG = 8.0
#: The crown lands on the mascot's head.
_CROWNED_S = 0.7


@dataclass(frozen=True, slots=True)
class CaughtView(Screen):
    """A player has given way; the result is decided and saved. Any press shows it.

    Attributes:
        playing: the screen at that instant; it stands still.
        picture: the player's picture at that instant, (height, width, 3) uint8 BGR, unmirrored.
        faces: who gave way, from left to right of the mirrored screen, in shares of ``picture``.
        seconds: clip time of the decision.
    """

    at_once: ClassVar[bool] = True
    any_press: ClassVar[Intent | None] = Intent.GO_ON

    playing: ClipScreen
    picture: NDArray[np.uint8]
    faces: tuple[RelativeBox, ...]
    seconds: float

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the faces in the middle, the mascot and its word below."""
        unit = theme.unit_px(size_px)
        margin = round(theme.MARGIN * unit)
        whole = Rect((0, 0), size_px).inflate(-2 * margin, -2 * margin)
        count = max(1, len(self.faces))
        if is_tall(size_px):
            middle, low = rows(whole, (4.2, 1), margin)
            places = rows(middle, [1] * count, margin)
            mascot, word = columns(low, (1, 2.2), margin)
        else:
            aside, middle = columns(whole, (1, 2.6), margin)
            middle = middle.inflate(0, -whole.height // 16)
            places = columns(middle, [1] * count, margin)
            word, mascot = rows(aside.inflate(0, -whole.height // 4), (1, 2), margin)
        regions = {f"face.{number}": place for number, place in enumerate(places)}
        regions |= {"middle": middle, "mascot": mascot, "word": word}
        return Layout(regions | {"toast": toast_strip(size_px)}, ())

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Let the face grow, the stamp fall and the mascot speak; all at once where calm."""
        t_s = painter.since_s if painter.moves else float("inf")
        surface, palette = painter.surface, painter.palette
        frozen = replace(view, camera=_still(view.camera, self.picture))
        before = self.playing.lay_out(view, surface.get_size(), painter.tr)
        self.playing.draw(painter, frozen, before, pictures)
        grown = theme.ease_out((t_s - _GROWS_S) / (_GROWN_S - _GROWS_S))
        if grown > 0:
            painter.veil(surface.get_rect(), palette.shade, round(8 * grown) / 8 * 0.72)
            self._draw_faces(painter, layout, before.regions["camera"], grown, pictures)
        if t_s < _FLASH_S:
            painter.veil(surface.get_rect(), (255, 255, 255), round(6 * (1 - t_s / _FLASH_S)) / 10)
        falls = (t_s - _STAMPED_S + _FALLS_S) / _FALLS_S
        if falls > 0:
            size = 1.0 + 1.3 * (1.0 - min(falls, 1.0))
            middle = layout.regions["middle"]
            place = Rect(0, 0, min(middle.width, painter.px(112)), painter.px(25))
            place.midbottom = (middle.centerx, middle.bottom + painter.px(2))
            words = painter.tr.mode(self.mode, "caught")
            painter.stamp(words, place, theme.POSTER * 1.55, turn_deg=_TURN_DEG, grown=size)
        if t_s >= _SPEAKS_S:
            self._draw_word(painter, layout)
        painter.shake(1.6 * (1.0 - (t_s - _STAMPED_S) / _SHAKES_S) if t_s > _STAMPED_S else 0.0)

    def _draw_faces(
        self, painter: Painter, layout: Layout, begin: Rect, grown: float, pictures: Pictures
    ) -> None:
        """Draw each face on its way from the small camera picture to its place."""
        for number, face in enumerate(self.faces):
            area = layout.regions[f"face.{number}"]
            # Of several each is shown alone.
            widest = 1.6 if len(self.faces) == 1 else 0.9
            part = cut_face(self.picture, face, min(widest, area.width / area.height))
            height, width = part.shape[:2]
            wide = min(area.width, round(area.height * width / height))
            end = Rect(0, 0, wide, round(wide * height / width))
            end.center = area.center
            place = _between(begin, end, grown)
            edge = painter.px(1.1)
            painter.panel(place.inflate(4 * edge, 4 * edge), painter.palette.shade)
            painter.panel(place.inflate(2 * edge, 2 * edge), (255, 255, 255))
            pictures.faces[number].show(painter, place, part, "BGR", frame=0, mirrored=True)
            frame_picture(painter, place, painter.palette.shade)

    def _draw_word(self, painter: Painter, layout: Layout) -> None:
        palette, area = painter.palette, layout.regions["word"]
        painter.mascot(layout.regions["mascot"], self.mode, 1.0)
        painter.bubble(area, palette.panel, below=area.bottom < layout.regions["mascot"].centery)
        upper, lower = rows(
            area.inflate(-painter.px(4), -painter.px(2.4)), (1.5, 1), painter.px(0.4)
        )
        painter.text(painter.tr.mode(self.mode, "lost"), upper, theme.HEAD, palette.text)
        seconds = painter.tr("{seconds} s", seconds=f"{self.seconds:.1f}")
        painter.text(seconds, lower, theme.LARGE, palette.danger)


@dataclass(frozen=True, slots=True)
class TriumphView(Screen):
    """A player kept the straight face; the result is saved. Any press shows it.

    Attributes:
        level: of the clip.
        seconds: that the player held out.
        crowned: this round won the crown.
        clip_title: of the clip.
    """

    at_once: ClassVar[bool] = True
    any_press: ClassVar[Intent | None] = Intent.GO_ON

    level: int
    seconds: float
    crowned: bool
    clip_title: str = ""

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the mascot above the words, or beside them."""
        margin = round(theme.MARGIN * theme.unit_px(size_px))
        whole = Rect((0, 0), size_px).inflate(-4 * margin, -4 * margin)
        cut = rows if is_tall(size_px) else columns
        mascot, words = cut(whole, (1.25, 1) if is_tall(size_px) else (1, 1.25), 2 * margin)
        return Layout({"mascot": mascot, "words": words, "toast": toast_strip(size_px)}, ())

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Let the mascot jump, the crown fall on it, and the paper fly."""
        painter.ground()
        t_s = painter.since_s if painter.moves else float("inf")
        tr, palette = painter.tr, painter.palette
        area = layout.regions["mascot"]
        painter.rays(area.center)
        if painter.moves:
            draw_confetti(painter, pieces=140)
        side = round(min(area.width, area.height * 0.82))
        face = Rect(0, 0, side, side)
        face.midbottom = (area.centerx, area.centery + round(side * 0.62))
        crown = theme.ease_out(t_s / _CROWNED_S) if self.crowned else None
        painter.mascot(face, self.mode, 0.0, cheers=True, crown=crown)
        upper, middle, lower = rows(
            layout.regions["words"].inflate(0, -layout.regions["words"].height // 4),
            (2.4, 1, 0.8),
            painter.px(1),
        )
        words = tr("The crown is yours!") if self.crowned else tr("You made it!")
        pop = 0.7 + 0.3 * theme.ease_out(t_s / theme.POP_S)
        painter.text(
            words, upper, theme.POSTER * 1.3 * pop, palette.safe, shadow=painter.poster_shadow,
            lines=2,
        )  # fmt: skip
        kept = tr("A straight face for {seconds} s", seconds=f"{self.seconds:.0f}")
        painter.text(kept, middle, theme.TITLE * 0.8, lines=2)
        about = f"{tr.mode(self.mode, 'name')} · {level_name(self.level, tr)}"
        if self.clip_title:
            about = f"{about} · {self.clip_title}"
        painter.text(about, lower, theme.BODY, palette.muted, weight=Weight.MEDIUM, lines=2)


def cut_face(
    picture: NDArray[np.uint8], face: RelativeBox, shape: float, around: float = _AROUND
) -> NDArray[np.uint8]:
    """Return a face and what is around it, (height, width, 3), as a view of the picture.

    Args:
        picture: (height, width, 3).
        face: its box in shares of the picture.
        shape: wished width to height; as near to it as the picture allows, at most 1.6.
        around: heights of the face that are shown.
    """
    height, width = picture.shape[:2]
    x, y, wide, tall = face[0] * width, face[1] * height, face[2] * width, face[3] * height
    shape = min(max(shape, 0.62), 1.6)
    part_height = min(float(height), max(around * tall, around * wide / shape, 32.0))
    part_width = min(float(width), part_height * shape)
    part_height = min(part_height, part_width / shape) if part_width < 0.5 * width else part_height
    left = round(min(max(x + wide / 2 - part_width / 2, 0), width - part_width))
    top = round(min(max(y + tall / 2 - part_height / 2, 0), height - part_height))
    return picture[top : top + round(part_height), left : left + round(part_width)]


def _between(one: Rect, other: Rect, share: float) -> Rect:
    """Return the box ``share`` of the way from one to the other, in the other's shape."""
    width = max(2, round(one.width + (other.width - one.width) * share))
    box = Rect(0, 0, width, max(2, round(width * other.height / other.width)))
    box.center = (
        round(one.centerx + (other.centerx - one.centerx) * share),
        round(one.centery + (other.centery - one.centery) * share),
    )
    return box


def _still(camera: CameraView, picture: NDArray[np.uint8]) -> CameraView:
    """Return the camera as it was, without marks; whatever has become of it since."""
    return CameraView(camera.name, CameraStatus.WORKING, picture)
