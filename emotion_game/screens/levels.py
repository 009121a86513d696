"""How hard shall it be?"""

from __future__ import annotations

from pygame import Rect

from emotion_game.game.types import LEVELS, MARATHON_LEVEL
from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.icons import Icon
from emotion_game.screens.layout import (
    Button,
    Layout,
    Look,
    columns,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.text import Weight
from emotion_game.screens.view import ChooseLevel, Intent, LevelView, View
from emotion_game.screens.widgets import draw_poster
from emotion_game.screens.words import level_name


def lay_out(screen: LevelView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the way back, the headline, three levels, and marathon and duel below.

    A level without a clip stands there but is no button.
    """
    unit = theme.unit_px(size_px)
    gap = round(theme.GAP * unit)
    if is_tall(size_px):
        head, levels, extra, back = rows(page(size_px), (2.4, 6.2, 2.4, 0.9), 2 * gap)
        places = rows(levels, (1, 1, 1), gap)
        extras = rows(extra, (1, 1), gap)
        back = back.inflate(-back.width // 2, 0)
    else:
        head, levels, extra = rows(page(size_px), (1.7, 4.4, 1.9), 2 * gap)
        places = columns(levels, (1, 1, 1), 2 * gap)
        back, *extras = columns(extra, (1, 2, 2), 2 * gap)
    regions = {"head": head, "toast": toast_strip(size_px)}
    buttons = []
    for level, place in zip(LEVELS, places, strict=True):
        if not screen.clip_counts.get((screen.mode, level), 0):
            regions[f"empty.{level}"] = place
            continue
        buttons.append(
            Button(
                f"level.{level}",
                place,
                level_name(level, tr),
                ChooseLevel(level),
                Look.LEVEL,
                note=_note(screen, level, tr),
                level=level,
            )
        )
    duel = Button(
        "duel",
        extras[1],
        tr("Duel: two players"),
        Intent.TOGGLE_DUEL,
        Look.CARD,
        Icon.DUEL,
        note=tr("The last straight face wins"),
        selected=screen.duel,
    )
    if screen.duel:
        regions["marathon"] = extras[0]
    else:
        best = screen.bests.get(MARATHON_LEVEL)
        note = tr.mode(screen.mode, "marathon") if best is None else _best(best, tr)
        marathon = Button(
            "marathon", extras[0], tr("Marathon"), Intent.MARATHON, Look.CARD, Icon.ENDLESS, note
        )
        buttons.append(marathon)
    buttons += [duel, Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK)]
    wanted = f"level.{screen.level}"
    first = wanted if any(button.name == wanted for button in buttons) else buttons[0].name
    return Layout(regions, tuple(buttons), first)


def _note(screen: LevelView, level: int, tr: Translator) -> str:
    if (best := screen.bests.get(level)) is not None:
        return _best(best, tr)
    count = screen.clip_counts[screen.mode, level]
    return tr.plural("{count} clip", "{count} clips", count)


def _best(points: int, tr: Translator) -> str:
    return tr("Best: {points}", points=f"{points:,}")


def draw(
    painter: Painter, screen: LevelView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the mode's name and what cannot be chosen."""
    painter.ground()
    tr = painter.tr
    head = layout.regions["head"]
    face = Rect(head.left, head.top, head.height, head.height)
    painter.mascot(face, screen.mode, 0.35)
    left = face.right + painter.px(2.5)
    name, rule = rows(Rect(left, head.top, head.right - left, head.height), (1.6, 1), 0)
    draw_poster(painter, tr.mode(screen.mode, "name"), name, theme.POSTER)
    line = tr("The last straight face wins") if screen.duel else tr.mode(screen.mode, "rule")
    painter.text(line, rule, theme.LARGE, align="left")
    for region, place in layout.regions.items():
        if region.startswith("empty."):
            words = level_name(int(region.removeprefix("empty.")), tr)
            _draw_closed(painter, place, words, tr("No clips yet"))
    if "marathon" in layout.regions:
        _draw_closed(painter, layout.regions["marathon"], tr("Marathon"), tr("One player only"))


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
