"""The result: how the round ended, why, and the curve that shows it."""

from __future__ import annotations

import pygame
from pygame import Rect

from emotion_game.game.types import Mode, Outcome, Reason, RoundResult
from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator, mark
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
from emotion_game.screens.menu import LEVEL_NAMES, MODE_NAMES
from emotion_game.screens.painter import Painter
from emotion_game.screens.plot import CurvePlot
from emotion_game.screens.sprites import Icon
from emotion_game.screens.text import Weight
from emotion_game.screens.view import Intent, ResultView

HEADLINES: dict[Outcome, str] = {
    Outcome.WON: mark("You made it!"),
    Outcome.FORFEIT: mark("Out of sight, you lose!"),
    Outcome.VOID: mark("This one doesn't count"),
}
LOST_HEADLINES: dict[Mode, str] = {
    Mode.HAPPY: mark("You laughed!"),
    Mode.SURPRISE: mark("You flinched!"),
}
REASONS: dict[Reason, str] = {
    Reason.CLIP_ENDED: mark("A straight face to the very end."),
    Reason.HELD: mark("Caught at {seconds} seconds."),
    Reason.FACE_GONE: mark("Your face was out of sight for too long."),
    Reason.NOT_READY: mark("The camera never saw a straight face to start from."),
    Reason.CAMERA_FAULT: mark("The camera stopped working."),
    Reason.STARVED: mark("The computer was too busy to watch you fairly."),
    Reason.CLIP_FAULT: mark("The clip broke off."),
    Reason.NO_CLIP: mark("There was no clip to play."),
}
_SIGNS: dict[Outcome, Icon] = {
    Outcome.WON: Icon.CHECK,
    Outcome.LOST: Icon.FLAG,
    Outcome.FORFEIT: Icon.NO_FACE,
    Outcome.VOID: Icon.WARNING,
}
_FEELINGS: dict[Outcome, float | None] = {
    Outcome.WON: 0.0,
    Outcome.LOST: 1.0,
    Outcome.FORFEIT: None,
    Outcome.VOID: None,
}


def headline(result: RoundResult, tr: Translator) -> str:
    """Return how the round ended, in two or three words."""
    if result.outcome is Outcome.LOST:
        return tr(LOST_HEADLINES[result.mode])
    return tr(HEADLINES[result.outcome])


def explanation(result: RoundResult, tr: Translator) -> str:
    """Return why the round ended, in one plain sentence."""
    # A hold that the clip's end cuts off is lost too: what matters then is when.
    reason = Reason.HELD if result.outcome is Outcome.LOST else result.reason
    return tr(REASONS[reason], seconds=f"{result.decided_s:.1f}")


def lay_out(screen: ResultView, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, curve and buttons; the likeliest button is first in focus."""
    unit = theme.unit_px(size_px)
    gap = round(theme.GAP * unit)
    shares = (3, 4.8, 0.8) if is_tall(size_px) else (3.1, 4.2, 1.3)
    head, plot, bar = rows(page(size_px), shares, 2 * gap)
    specs = [
        ("again", tr("Play again"), Intent.AGAIN, Icon.AGAIN),
        ("menu", tr("Menu"), Intent.BACK, Icon.BACK),
    ]
    if screen.next_level is not None:
        label = tr("Next: level {level}", level=screen.next_level)
        specs.insert(0, ("next", label, Intent.NEXT_LEVEL, Icon.NEXT))
    first = "menu" if screen.result.reason is Reason.NO_CLIP else specs[0][0]
    buttons = tuple(
        Button(name, place, label, intent, Look.MAIN if name == first else Look.PLAIN, sign)
        for (name, label, intent, sign), place in zip(
            specs, columns(bar, [1] * len(specs), 2 * gap), strict=True
        )
    )
    if is_tall(size_px):
        face, words = rows(head, (1.2, 1.4), gap)
    else:
        face, words = columns(head, (1, 3.4), 2 * gap)
    if screen.faces:
        # For the operator: in the corner, away from what players press.
        corner = Rect(0, 0, round(30 * unit), round(8.5 * unit))
        corner.topright = head.topright
        (face if is_tall(size_px) else words).width -= corner.width + gap
        label = tr.plural(
            "Wrong call: keep {count} picture (F8)",
            "Wrong call: keep {count} pictures (F8)",
            screen.faces,
        )
        wrong = Button(
            "wrong", corner, label, Intent.WRONG_CALL, Look.SMALL, Icon.FLAG, keys=(pygame.K_F8,)
        )
        buttons = (*buttons, wrong)
    regions = {"face": face, "words": words, "plot": plot, "toast": toast_strip(size_px)}
    return Layout(regions, buttons, first)


def draw(painter: Painter, screen: ResultView, layout: Layout, plot: CurvePlot) -> None:
    """Draw the verdict and the curve."""
    painter.ground()
    regions, palette, result = layout.regions, painter.palette, screen.result
    painter.mascot(regions["face"], result.mode, _FEELINGS[result.outcome])
    upper, middle, lower = rows(regions["words"], (2.1, 1.2, 1.3), painter.px(0.6))
    ink = {Outcome.WON: palette.safe, Outcome.VOID: palette.text}.get(
        result.outcome, palette.danger
    )
    side = min(upper.height, painter.px(9))
    sign = Rect(upper.left, upper.centery - side // 2, side, side)
    painter.icon(_SIGNS[result.outcome], sign, ink)
    left = sign.right + painter.px(2.4)
    title = Rect(left, upper.top, upper.right - left, upper.height)
    painter.text(headline(result, painter.tr), title, theme.TITLE * 1.25, ink, align="left")
    painter.text(explanation(result, painter.tr), middle, theme.LARGE, lines=2, align="left")
    level = LEVEL_NAMES[result.level]
    about = f"{painter.tr(MODE_NAMES[result.mode])} · {result.level} {painter.tr(level)}"
    if screen.clip_title:
        about = f"{about} · {screen.clip_title}"
    painter.text(
        about, lower, theme.BODY, palette.muted, weight=Weight.MEDIUM, lines=2, align="left"
    )
    plot.show(painter, regions["plot"], result)
