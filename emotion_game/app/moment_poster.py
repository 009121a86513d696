"""How a saved moment looks: player and clip in the game's frame, with its words and its mascot."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.game.modes import Modes
from emotion_game.game.types import MatchResult, Outcome, RoundResult
from emotion_game.screens.result import headline
from emotion_game.screens.words import player_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Language, Translator
from emotion_game.ui.layout import columns, contain, is_tall, rows
from emotion_game.ui.modes import ModeStyles
from emotion_game.ui.painter import Painter
from emotion_game.ui.text import Weight

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class About:
    """What a saved moment says.

    Attributes:
        result: of the round.
        language: of the words.
        modes: the game's.
        crowned: the round won the crown.
        names: of a match's players; "" for who gave none.
    """

    result: RoundResult | MatchResult
    language: Language
    modes: Modes
    crowned: bool = False
    names: tuple[str, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether somebody gave way; otherwise it was only close."""
        if isinstance(self.result, MatchResult):
            return True
        return self.result.outcome is Outcome.LOST

    @property
    def seconds(self) -> float:
        """How long a face was kept straight."""
        result = self.result
        if isinstance(result, MatchResult):
            return max((out for out in result.out_s if out is not None), default=0.0)
        return result.earlier_s + result.decided_s


class Poster:
    """One format of a saved moment.

    Args:
        about: what it says.
        size_px: width and height, even.
        player_px: width and height of the player's pictures.
        clip_px: of the clip's; None where it showed nothing.
    """

    def __init__(
        self,
        about: About,
        size_px: tuple[int, int],
        player_px: tuple[int, int],
        clip_px: tuple[int, int] | None,
    ) -> None:
        pygame.font.init()
        styles = ModeStyles(about.modes)
        self._painter = Painter(styles, clock=lambda: 0.0)
        self._surface = pygame.Surface(size_px)
        self._mode = about.result.mode
        tr = Translator(about.language, styles)
        self._painter.begin(self._surface, self._mode, tr, reduced_motion=True)
        self._painter.ground()
        margin = self._painter.px(3.4)
        whole = self._surface.get_rect().inflate(-2 * margin, -2 * margin)
        if is_tall(size_px):
            head, player, clip, words = rows(whole, (1.0, 4.3, 3.5, 1.7), margin)
        else:
            head, player, low = rows(whole, (0.85, 4.6, 2.1), margin)
            clip, words = columns(low, (1, 1.25), margin)
        self.player = contain(player, *player_px)
        self.clip = None if clip_px is None else contain(clip, *clip_px)
        self._draw_head(head, about, tr)
        self._draw_words(words if self.clip else words.union(clip), about, tr)
        for place in (self.player, self.clip):
            if place is not None:
                edge = self._painter.px(1.0)
                self._painter.panel(place.inflate(4 * edge, 4 * edge), self._painter.palette.shade)
                self._painter.panel(place.inflate(2 * edge, 2 * edge), (255, 255, 255))
        self._base = _as_bgr(self._surface)
        word = tr.mode(self._mode, "caught" if about.lost else "nearly")
        self._stamps = {
            grown: self._stamp(word, grown, lost=about.lost) for grown in (1.0, 1.3, 1.7, 2.2)
        }

    def picture(self, player: Picture, clip: Picture | None, stamped_s: float | None) -> Picture:
        """Return one picture of the film, (height, width, 3) uint8 BGR.

        Args:
            player: of the player, mirrored, any size.
            clip: of the clip, any size; None: black.
            stamped_s: how long the stamp has been falling; None: it is not there.
        """
        page = self._base.copy()
        _put(page, self.player, player)
        if self.clip is not None:
            if clip is None:
                page[_part(self.clip)] = 0
            else:
                _put(page, self.clip, clip)
        if stamped_s is not None:
            sizes = (2.2, 1.7, 1.3, 1.0)
            grown = sizes[min(len(sizes) - 1, int(stamped_s * 30))]
            area, colour, cover = self._stamps[grown]
            under = page[_part(area)]
            under[:] = (colour + under * (1.0 - cover)).astype(np.uint8)
        return page

    def _draw_head(self, area: Rect, about: About, tr: Translator) -> None:
        """Draw the game's mark and name, and which mode was played."""
        painter = self._painter
        logo = Rect(area.left, area.top, area.height, area.height)
        painter.mascot(logo, self._mode, 0.0, crown=1.0 if about.crowned else None)
        left = logo.right + painter.px(2)
        name, mode = rows(Rect(left, area.top, area.right - left, area.height), (1.6, 1), 0)
        painter.text(
            tr("Straight Face"), name, theme.TITLE, painter.palette.accent, align="left",
            shadow=painter.poster_shadow,
        )  # fmt: skip
        painter.text(tr.mode(self._mode, "name"), mode, theme.LARGE, align="left")

    def _draw_words(self, area: Rect, about: About, tr: Translator) -> None:
        """Write how it ended and how long the face was kept."""
        painter, result = self._painter, about.result
        upper, lower = rows(area, (1.7, 1), 0)
        if about.crowned:
            said = tr("The crown is yours!")
        elif isinstance(result, RoundResult):
            said = headline(result, tr)
        elif result.winner is None:
            said = tr("A draw!")
        else:
            said = tr("{name} wins!", name=player_name(about.names, result.winner, tr))
        ink = painter.palette.danger if about.lost else painter.palette.safe
        painter.text(said, upper, theme.POSTER, ink, shadow=painter.poster_shadow, lines=2)
        kept = tr("A straight face for {seconds} s", seconds=f"{about.seconds:.1f}")
        painter.text(kept, lower, theme.HEAD, weight=Weight.BOLD, lines=2)

    def _stamp(
        self, word: str, grown: float, *, lost: bool
    ) -> tuple[Rect, NDArray[np.float32], NDArray[np.float32]]:
        """Return where a stamp stands, its premultiplied colours, and how much it covers."""
        painter, size = self._painter, self._surface.get_size()
        pictures = []
        for ground in (0, 255):
            painter.surface = pygame.Surface(size)
            painter.surface.fill((ground,) * 3)
            area = Rect(0, 0, min(size[0], painter.px(92)), painter.px(20))
            area.midbottom = (self.player.centerx, self.player.bottom + painter.px(3))
            turn_deg, large = (8.0, theme.POSTER * 1.3) if lost else (0.0, theme.TITLE)
            if not lost:
                area.midbottom = (self.player.centerx, self.player.top + painter.px(14))
            painter.stamp(word, area, large, turn_deg=turn_deg, grown=grown, glad=not lost)
            pictures.append(_as_bgr(painter.surface).astype(np.float32))
        painter.surface = self._surface
        black, white = pictures
        cover = 1.0 - (white - black).mean(axis=2, keepdims=True) / 255.0
        ys, xs = np.nonzero(cover[..., 0] > 0.004)
        area = Rect(xs.min(), ys.min(), xs.max() - xs.min() + 1, ys.max() - ys.min() + 1)
        return area, black[_part(area)], cover[_part(area)]


def _as_bgr(surface: pygame.Surface) -> Picture:
    width, height = surface.get_size()
    rgb = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
    return np.ascontiguousarray(rgb.reshape(height, width, 3)[..., ::-1])


def _part(area: Rect) -> tuple[slice, slice]:
    return slice(area.top, area.bottom), slice(area.left, area.right)


def _put(page: Picture, area: Rect, picture: Picture) -> None:
    smooth = cv2.INTER_CUBIC if picture.shape[1] < area.width else cv2.INTER_AREA
    page[_part(area)] = cv2.resize(picture, area.size, interpolation=smooth)
