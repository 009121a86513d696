"""The menu: mode, level, camera, start."""

from __future__ import annotations

from pygame import Rect

from emotion_game.game.types import LEVELS, Mode
from emotion_game.screens import theme
from emotion_game.screens.i18n import OWN_NAMES, Language, Translator
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
from emotion_game.screens.text import Weight, shorten_middle
from emotion_game.screens.view import ChooseLevel, ChooseMode, Intent, MenuView, View
from emotion_game.screens.widgets import LONGEST_NAME
from emotion_game.screens.words import LEVEL_NAMES, MODE_NAMES, MODE_RULES


def lay_out(screen: MenuView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place title, cards, levels, camera and buttons."""
    unit = theme.unit_px(size_px)
    gap = round(theme.GAP * unit)
    whole = page(size_px)
    if is_tall(size_px):
        title, tools, modes, levels, start, camera, switch = rows(
            whole, (2.2, 1.1, 4.4, 1.9, 1.7, 6, 1.1), gap
        )
        cards = rows(modes, (1, 1), gap)
        switch = switch.inflate(-switch.width // 3, 0)
    else:
        head, body = rows(whole, (1.35, 7), 2 * gap)
        title, tools = columns(head, (1, 1), gap)
        tools.height = min(tools.height, round(8.5 * unit))
        left, right = columns(body, (1.75, 1), 2 * gap)
        modes, levels, start = rows(left, (3.2, 2, 1.5), gap)
        cards = columns(modes, (1, 1), gap)
        camera, switch = rows(right, (5.2, 1), gap)
    language, fullscreen, leave = columns(tools, (1, 1.15, 1), gap)
    other: Language = "en" if view.language == "ko" else "ko"
    buttons = [
        Button(
            f"mode.{mode}",
            card,
            tr(MODE_NAMES[mode]),
            ChooseMode(mode),
            Look.MODE,
            note=tr(MODE_RULES[mode]),
            selected=mode is screen.mode,
            mode=mode,
        )
        for mode, card in zip(Mode, cards, strict=True)
    ]
    for level, place in zip(LEVELS, columns(levels, (1, 1, 1), gap), strict=True):
        count = screen.clip_counts.get((screen.mode, level), 0)
        note = tr.plural("{count} clip", "{count} clips", count) if count else tr("No clips yet")
        buttons.append(
            Button(
                f"level.{level}",
                place,
                f"{level} {tr(LEVEL_NAMES[level])}",
                ChooseLevel(level),
                Look.LEVEL,
                note=note,
                selected=level == screen.level,
                level=level,
            )
        )
    buttons += [
        Button("start", start, tr("Start"), Intent.START, Look.MAIN, Icon.PLAY),
        Button("camera", switch, tr("Next camera"), Intent.NEXT_CAMERA, icon=Icon.CAMERA),
        Button("language", language, OWN_NAMES[other], Intent.TOGGLE_LANGUAGE, icon=Icon.LANGUAGE),
        Button(
            "fullscreen",
            fullscreen,
            tr("Full screen"),
            Intent.TOGGLE_FULLSCREEN,
            icon=Icon.FULLSCREEN,
        ),
        Button("quit", leave, tr("Quit"), Intent.QUIT, icon=Icon.QUIT),
    ]
    return Layout(
        {"title": title, "camera": camera, "toast": toast_strip(size_px)}, tuple(buttons), "start"
    )


def draw(
    painter: Painter, screen: MenuView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the title and the camera; the window draws the buttons."""
    painter.ground()
    title = layout.regions["title"]
    logo = Rect(title.left, title.top, title.height, title.height)
    painter.mascot(logo, screen.mode, 0.0)
    left = logo.right + painter.px(2)
    words = Rect(left, title.top, title.right - left, title.height)
    name, line = rows(words, (1.7, 1), 0)
    painter.text(painter.tr("Straight Face"), name, theme.TITLE, align="left")
    painter.text(
        painter.tr("The camera is watching you."),
        line,
        theme.BODY,
        painter.palette.muted,
        weight=Weight.MEDIUM,
        align="left",
    )
    box = layout.regions["camera"]
    painter.panel(box, painter.palette.panel)
    inner = box.inflate(-painter.px(2.4), -painter.px(2.4))
    picture, caption = rows(inner, (6, 1), painter.px(1))
    pictures.camera.show(painter, picture, view.camera)
    painter.text(
        painter.tr("Camera {name}", name=shorten_middle(view.camera.name, LONGEST_NAME)),
        caption,
        theme.SMALL,
        painter.palette.muted,
        weight=Weight.MEDIUM,
    )
