"""How hard shall it be?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pygame
from pygame import Rect

from emotion_game.game.types import LEVELS, MARATHON_LEVEL
from emotion_game.screens.words import level_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import ChooseLevel, Intent
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
from emotion_game.ui.widgets import draw_poster

#: A real keyboard's digits choose a level, too.
_KEYS = {
    1: (pygame.K_1, pygame.K_KP1),
    2: (pygame.K_2, pygame.K_KP2),
    3: (pygame.K_3, pygame.K_KP3),
}


@dataclass(frozen=True, slots=True)
class LevelView(Screen):
    """How hard? One press on a level (``ChooseLevel``) starts.

    Besides: ``MORE_PLAYERS``, ``MARATHON`` (for one player), ``TOURNAMENT``, ``BACK``.

    Attributes:
        level: the level that was played last; its card has the focus.
        clip_counts: how many clips each pair of mode and level has; a level without one cannot
            be chosen.
        players: how many play at once.
        bests: the most points on the board for each level (``MARATHON_LEVEL`` too); a level
            without a result, or a board that has not answered, is missing.
        tournament: one is offered.
    """

    level: int
    clip_counts: Mapping[tuple[str, int], int]
    players: int = 1
    bests: Mapping[int, int] = field(default_factory=dict)
    tournament: bool = True

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the way back, the headline, three levels, and below them what else there is.

        A level without a clip stands there but is no button.
        """
        unit = theme.unit_px(size_px)
        gap = round(theme.GAP * unit)
        if is_tall(size_px):
            head, levels, extra, back = rows(page(size_px), (2.2, 5.6, 3.4, 0.9), 2 * gap)
            places = rows(levels, (1, 1, 1), gap)
            extras = rows(extra, (1,) * (2 + self.tournament), gap)
            back = back.inflate(-back.width // 2, 0)
        else:
            head, levels, extra = rows(page(size_px), (1.7, 4.4, 1.9), 2 * gap)
            places = columns(levels, (1, 1, 1), 2 * gap)
            back, *extras = columns(extra, (1, *(2,) * (2 + self.tournament)), gap)
        regions = {"head": head, "toast": toast_strip(size_px)}
        buttons = []
        for level, place in zip(LEVELS, places, strict=True):
            if not self.clip_counts.get((self.mode, level), 0):
                regions[f"empty.{level}"] = place
                continue
            buttons.append(
                Button(
                    f"level.{level}",
                    place,
                    level_name(level, tr),
                    ChooseLevel(level),
                    ButtonStyle.LEVEL,
                    note=_note(self, level, tr),
                    level=level,
                    keys=_KEYS[level],
                )
            )
        several = self.players > 1
        note = tr("The last straight face wins") if several else tr("Up to 4 at once")
        buttons.append(
            Button(
                "players",
                extras.pop(0),
                tr.plural("{count} player", "{count} players", self.players),
                Intent.MORE_PLAYERS,
                ButtonStyle.CARD,
                Icon.DUEL if several else Icon.ONE_PLAYER,
                note=note,
                selected=several,
            )
        )
        if several:
            regions["marathon"] = extras.pop(0)
        else:
            best = self.bests.get(MARATHON_LEVEL)
            note = tr.mode(self.mode, "marathon") if best is None else _best(best, tr)
            marathon = Button(
                "marathon",
                extras.pop(0),
                tr("Marathon"),
                Intent.MARATHON,
                ButtonStyle.CARD,
                Icon.ENDLESS,
                note,
            )
            buttons.append(marathon)
        if self.tournament:
            note = tr("3 to 8 players take turns")
            place = extras.pop(0)
            buttons.append(
                Button(
                    "tournament",
                    place,
                    tr("Tournament"),
                    Intent.TOURNAMENT,
                    ButtonStyle.CARD,
                    Icon.TROPHY,
                    note,
                )
            )
        buttons.append(Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK))
        wanted = f"level.{self.level}"
        first = wanted if any(button.name == wanted for button in buttons) else buttons[0].name
        return Layout(regions, tuple(buttons), first)

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the mode's name and what cannot be chosen."""
        painter.ground()
        tr = painter.tr
        head = layout.regions["head"]
        face = Rect(head.left, head.top, head.height, head.height)
        painter.mascot(face, self.mode, 0.35)
        left = face.right + painter.px(2.5)
        name, rule = rows(Rect(left, head.top, head.right - left, head.height), (1.6, 1), 0)
        draw_poster(painter, tr.mode(self.mode, "name"), name, theme.POSTER)
        several = self.players > 1
        line = tr("The last straight face wins") if several else tr.mode(self.mode, "rule")
        painter.text(line, rule, theme.LARGE, align="left")
        for region, place in layout.regions.items():
            if region.startswith("empty."):
                words = level_name(int(region.removeprefix("empty.")), tr)
                _draw_closed(painter, place, words, tr("No clips yet"))
        if "marathon" in layout.regions:
            _draw_closed(painter, layout.regions["marathon"], tr("Marathon"), tr("One player only"))


def _note(screen: LevelView, level: int, tr: Translator) -> str:
    if (best := screen.bests.get(level)) is not None:
        return _best(best, tr)
    count = screen.clip_counts[screen.mode, level]
    return tr.plural("{count} clip", "{count} clips", count)


def _best(points: int, tr: Translator) -> str:
    return tr("Best: {points}", points=f"{points:,}")


def _draw_closed(painter: Painter, area: Rect, words: str, why: str) -> None:
    """Draw what cannot be chosen: flat, locked, and why."""
    palette = painter.palette
    painter.framed(area, palette.ground, palette.muted, painter.px(theme.OUTLINE))
    inner = area.inflate(-painter.px(4), -painter.px(3))
    if inner.height > painter.px(18):
        sign, inner = rows(inner, (1, 1.8), 0)
        painter.icon(Icon.LOCK, sign.inflate(0, -sign.height // 4), palette.muted)
    name, note = rows(inner, (1.2, 1), 0)
    painter.text(words, name, theme.LARGE, palette.muted)
    painter.text(why, note, theme.BODY, palette.muted, weight=Weight.MEDIUM)
