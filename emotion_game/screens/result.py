"""The result: how the round ended, why, the curve that shows it, the points, the replay."""

from __future__ import annotations

from dataclasses import dataclass, field

import pygame
from pygame import Rect

from emotion_game.game.types import MARATHON_LEVEL, Outcome, Reason, RoundResult
from emotion_game.screens.moment import MomentView, draw_moment, save_spec
from emotion_game.screens.words import REASONS, level_name
from emotion_game.ui import theme
from emotion_game.ui.confetti import draw_confetti
from emotion_game.ui.i18n import Translator, mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    is_tall,
    label_shares,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import clock

HEADLINES: dict[Outcome, str] = {
    Outcome.WON: mark("You made it!"),
    Outcome.FORFEIT: mark("Out of sight, you lose!"),
    Outcome.VOID: mark("This one doesn't count"),
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
#: The points count up in this time.
_COUNTS_S = 1.2


def broke_off(result: RoundResult) -> bool:
    """Return whether this is a marathon that ended otherwise than by a laugh.

    Only the clips before count; the one that broke off is no part of the result.
    """
    return result.stage > 0 and result.outcome is Outcome.WON


def headline(result: RoundResult, tr: Translator) -> str:
    """Return how the round ended, in two or three words."""
    if broke_off(result):
        return tr.plural("{count} clip held", "{count} clips held", result.stage)
    if result.outcome is Outcome.LOST:
        return tr.mode(result.mode, "lost")
    return tr(HEADLINES[result.outcome])


def explanation(result: RoundResult, tr: Translator) -> str:
    """Return why the round ended, in one plain sentence."""
    # A hold that the clip's end cuts off is lost too: what matters then is when.
    reason = Reason.HELD if result.outcome is Outcome.LOST else result.reason
    return tr(REASONS[reason], seconds=f"{result.decided_s:.1f}")


@dataclass(frozen=True, slots=True)
class ResultView(Screen):
    """A finished round.

    The curve is in ``result.curve`` with ``result.threshold``; a loss lies between
    ``result.began_s`` and ``result.decided_s``. Buttons: ``NEXT_LEVEL`` (if ``next_level``),
    ``AGAIN``, ``ENTER_NAME`` (if ``can_name``), ``SAVE_MOMENT`` (if ``can_save``
    and ``moment``; saving twice does nothing), ``SCORES``, ``BACK`` (title).

    Attributes:
        clip_title: the clip's name in the view's language; "" when no clip had started.
        next_level: the level after this one; None at the top or unless won.
        faces: how many pictures would be kept if the operator marked the call as wrong; 0:
            it cannot be marked.
        points: of the round (marathon: of all its clips); None where there are none.
        composure: 0..1; None where there are no points.
        best: the most points on the board for this mode and level before this round; None when
            there were none or the board has not answered.
        record: more points than ``best``.
        rank: place on the leaderboard, from 1; None when unknown.
        can_name: the result may be given a nickname.
        nickname: the nickname that it was given.
        wins: wins in a row towards the crown, 0..``wins_needed``.
        crowned: this round won the crown.
        stage: clips that were reached in a marathon, from 1; 0 outside a marathon.
        moment: the instant replay; None where nothing was kept.
        moment_file: where it was saved; "" until then.
        can_save: the replay may be saved; not at a booth.
    """

    mode: str = field(init=False)
    result: RoundResult
    clip_title: str
    next_level: int | None
    faces: int = 0
    points: int | None = None
    composure: float | None = None
    best: int | None = None
    record: bool = False
    rank: int | None = None
    can_name: bool = False
    nickname: str = ""
    wins: int = 0
    wins_needed: int = 3
    crowned: bool = False
    stage: int = 0
    moment: MomentView | None = None
    moment_file: str = ""
    can_save: bool = True

    def __post_init__(self) -> None:
        """The colours are those of the round's mode."""
        object.__setattr__(self, "mode", self.result.mode)

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place headline, points, curve, replay and buttons; the likeliest button has the focus."""
        unit = theme.unit_px(size_px)
        gap = round(theme.GAP * unit)
        tall = is_tall(size_px)
        specs = _specs(self, tr)
        bar_rows = 1 if len(specs) <= 2 or not tall else -(-len(specs) // 2)
        bar_px = round((10 if tall else 10.5) * unit) * bar_rows + gap * (bar_rows - 1)
        whole = page(size_px)
        bar = Rect(whole.left, whole.bottom - bar_px, whole.width, bar_px)
        body = Rect(whole.left, whole.top, whole.width, whole.height - bar_px - 2 * gap)
        regions: dict[str, Rect] = {}
        scored = self.points is not None
        if tall:
            shares = [2.6, *([1.5] if scored else []), 2.4, *([2.6] if self.moment else [])]
            head, *rest = rows(body, shares, 2 * gap)
            regions["face"], regions["words"] = columns(head, (1, 1.9), gap)
            if scored:
                regions["points"] = rest.pop(0)
            regions["plot"] = rest.pop(0)
            if self.moment:
                regions["moment"] = rest.pop(0)
        else:
            head, lower = rows(body, (1, 1.3), gap)
            shares = [0.85, 2.3, *([1.4] if scored else [])]
            regions["face"], regions["words"], *rest = columns(head, shares, 2 * gap)
            if scored:
                regions["points"] = rest[0]
            regions["plot"] = lower
            if self.moment:
                regions["plot"], regions["moment"] = columns(lower, (1.15, 1), 2 * gap)
        buttons = _buttons(self, specs, bar, gap, tall=tall)
        if self.faces:
            # For the operator: in the corner, away from what players press.
            corner = Rect(0, 0, round(30 * unit), round(8.5 * unit))
            words = regions["words"]
            corner.topright = words.topright
            if tall:
                regions["words"] = Rect(
                    words.left, corner.bottom + gap, words.width, words.height - corner.height - gap
                )
            else:
                words.width -= corner.width + gap
            label = tr.plural(
                "Wrong call: keep {count} picture (F8)",
                "Wrong call: keep {count} pictures (F8)",
                self.faces,
            )
            wrong = Button(
                "wrong",
                corner,
                label,
                Intent.WRONG_CALL,
                ButtonStyle.SMALL,
                Icon.FLAG,
                keys=(pygame.K_F8,),
            )
            buttons = (*buttons, wrong)
        regions["toast"] = toast_strip(size_px)
        return Layout(regions, buttons, _first(self))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the verdict, the points, the curve and the replay."""
        painter.ground()
        regions, result = layout.regions, self.result
        won = result.outcome is Outcome.WON and not broke_off(result)
        if won and not painter.still:
            draw_confetti(painter)
        painter.mascot(regions["face"], result.mode, _FEELINGS[result.outcome])
        _draw_words(painter, regions["words"], self)
        if self.points is not None:
            _draw_points(painter, regions["points"], self, self.points)
        if broke_off(result):
            _draw_held(painter, regions["plot"], result)
        else:
            pictures.plot.show(painter, regions["plot"], result)
        if self.moment is not None:
            draw_moment(painter, regions["moment"], self.moment, pictures)


_Spec = tuple[str, str, Intent, Icon]


def _first(screen: ResultView) -> str:
    if screen.result.reason is Reason.NO_CLIP:
        return "menu"
    return "again" if screen.next_level is None else "next"


def _specs(screen: ResultView, tr: Translator) -> list[_Spec]:
    """Return name, label, intent and icon of each button, the likeliest first."""
    specs: list[_Spec] = []
    if screen.next_level is not None:
        label = tr("Next: level {level}", level=screen.next_level)
        specs.append(("next", label, Intent.NEXT_LEVEL, Icon.NEXT))
    specs.append(("again", tr("Play again"), Intent.AGAIN, Icon.AGAIN))
    if screen.can_name:
        specs.append(("name", tr("Enter a name"), Intent.ENTER_NAME, Icon.PENCIL))
    if screen.can_save and screen.moment is not None:
        specs.append(save_spec(tr, saved=bool(screen.moment_file)))
    if screen.points is not None:
        specs.append(("scores", tr("Scores"), Intent.SCORES, Icon.TROPHY))
    specs.append(("menu", tr("Title"), Intent.BACK, Icon.BACK))
    return specs


def _buttons(
    screen: ResultView, specs: list[_Spec], bar: Rect, gap_px: int, *, tall: bool
) -> tuple[Button, ...]:
    first = _first(screen)
    if tall and len(specs) > 2:
        pairs = [specs[start : start + 2] for start in range(0, len(specs), 2)]
        strips = rows(bar, [1] * len(pairs), gap_px)
        places = [
            place
            for pair, strip in zip(pairs, strips, strict=True)
            for place in columns(strip, [1] * len(pair), gap_px)
        ]
    else:
        shares = label_shares([label for _, label, *_ in specs])
        widths = [
            share * (1.2 if name == first else 1.0)
            for share, (name, *_) in zip(shares, specs, strict=True)
        ]
        places = columns(bar, widths, gap_px)
    return tuple(
        Button(
            name,
            place,
            label,
            intent,
            ButtonStyle.MAIN if name == first else ButtonStyle.PLAIN,
            icon,
        )
        for (name, label, intent, icon), place in zip(specs, places, strict=True)
    )


def _draw_words(painter: Painter, area: Rect, screen: ResultView) -> None:
    """Draw how it ended, why, and which round it was."""
    palette, tr, result = painter.palette, painter.tr, screen.result
    upper, middle, lower = rows(area, (2.1, 1.25, 1.25), painter.px(0.6))
    inks = {Outcome.WON: palette.safe, Outcome.VOID: palette.text}
    ink = inks.get(result.outcome, palette.danger)
    side = min(upper.height, painter.px(10), area.width // 6)
    sign = Rect(upper.left, upper.centery - side // 2, side, side)
    left = sign.right + painter.px(2)
    title = Rect(left, upper.top, upper.right - left, upper.height)
    icon, words, size = _SIGNS[result.outcome], headline(result, tr), theme.POSTER
    if result.outcome is Outcome.VOID:
        size = theme.TITLE
    elif screen.crowned:
        icon, words, size = Icon.CROWN, tr("The crown is yours!"), theme.TITLE
    painter.icon(icon, sign, ink)
    shadow = painter.poster_shadow
    painter.text(words, title, size, ink, align="left", shadow=shadow, lines=2)
    painter.text(explanation(result, tr), middle, theme.LARGE, lines=2, align="left")
    about = f"{tr.mode(result.mode, 'name')} · {level_name(result.level, tr)}"
    if broke_off(result):
        about = f"{tr.mode(result.mode, 'name')} · {level_name(MARATHON_LEVEL, tr)}"
    elif screen.stage:
        about = tr("Marathon · clip {number}", number=screen.stage)
    if screen.clip_title:
        about = f"{about} · {screen.clip_title}"
    painter.text(
        about, lower, theme.BODY, palette.muted, weight=Weight.MEDIUM, lines=2, align="left"
    )


def _draw_held(painter: Painter, area: Rect, result: RoundResult) -> None:
    """Draw how long a marathon was held, in the place of the curve that it has not."""
    painter.card(area)
    upper, lower = rows(area.inflate(-painter.px(6), -painter.px(6)), (1.6, 1), painter.px(1))
    painter.text(clock(result.earlier_s), upper, theme.POSTER, painter.palette.accent)
    painter.text(painter.tr("with a straight face"), lower, theme.LARGE, lines=2)


def _draw_points(painter: Painter, area: Rect, screen: ResultView, points: int) -> None:
    """Draw the points, counting up, and what they are worth beside those before."""
    palette, tr = painter.palette, painter.tr
    painter.card(area)
    inner = area.inflate(-painter.px(4.4), -painter.px(4)).move(0, -painter.px(0.5))
    if inner.width > 2.4 * inner.height:
        number, right = columns(inner, (1, 1), painter.px(3))
        facts, crown = rows(right, (2, 1), painter.px(0.6))
    else:
        number, facts, crown = rows(inner, (1.5, 1.9, 1), painter.px(0.6))
    shown = round(points * theme.ease_out(painter.since_s / _COUNTS_S))
    words = tr("{points} points", points=f"{shown:,}")
    painter.text(words, number, theme.TITLE * 1.15, palette.accent, lines=2)
    lines, standing = [], []
    if screen.record:
        standing.append(tr("New best!"))
    elif screen.best is not None:
        standing.append(tr("Best: {points}", points=f"{screen.best:,}"))
    if screen.rank is not None:
        standing.append(tr("Place {rank}", rank=screen.rank))
    if standing:
        lines.append((Icon.TROPHY, " · ".join(standing)))
    if screen.nickname:
        lines.append((Icon.ONE_PLAYER, screen.nickname))
    elif screen.composure is not None:
        percent = round(screen.composure * 100)
        lines.append((Icon.CHECK, tr("Composure {percent} %", percent=percent)))
    for (icon, words), place in zip(lines, rows(facts, [1] * max(2, len(lines)), 0), strict=False):
        side = min(place.height, painter.px(4.4))
        sign = Rect(place.left, place.centery - side // 2, side, side)
        painter.icon(icon, sign, palette.accent)
        begin = sign.right + painter.px(1)
        label = Rect(begin, place.top, place.right - begin, place.height)
        painter.text(words, label, theme.BODY, align="left")
    _draw_crowns(painter, crown, screen)


def _draw_crowns(painter: Painter, area: Rect, screen: ResultView) -> None:
    """Draw the wins in a row on the way to the crown: full discs, and empty ones to come."""
    if screen.stage or screen.wins_needed < 1:
        return
    palette = painter.palette
    side = min(area.height, painter.px(5.4))
    count = screen.wins_needed
    wins = count if screen.crowned else screen.wins
    step = min(side + painter.px(1), area.width // (count + 1))
    start = area.centerx - step * (count + 1) // 2
    for number in range(count):
        spot = Rect(start + number * step, area.centery - side // 2, side, side)
        full = number < wins
        painter.framed(
            spot,
            palette.accent if full else palette.panel,
            palette.muted if not full else palette.outline,
            painter.px(theme.OUTLINE),
            side // 2,
        )
        if full:
            check = spot.inflate(-side * 0.4, -side * 0.4)
            painter.icon(Icon.CHECK, check, palette.on_accent)
    prize = Rect(start + count * step, area.centery - side // 2, side, side)
    painter.icon(Icon.CROWN, prize, palette.accent if screen.crowned else palette.no_face)
