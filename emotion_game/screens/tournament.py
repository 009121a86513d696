"""A tournament between its turns: the table, what has just happened, and who is called."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pygame import Rect

from emotion_game.game.tournament import Kind
from emotion_game.game.types import Reason
from emotion_game.screens.words import REASONS, player_name
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
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.live import CameraStatus
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View

#: What a clip is played for.
KINDS: dict[Kind, str] = {
    Kind.CLIP: mark("Clip {number} of {clips}"),
    Kind.SUDDEN_DEATH: mark("Sudden death"),
    Kind.FINAL: mark("The final"),
    Kind.FINAL_SUDDEN_DEATH: mark("The final: sudden death"),
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One player's row.

    Attributes:
        player: from 0, in the order in which they were named.
        clips: points of each clip that everybody plays; None: not played yet.
        total: their sum.
        decider: points of the newest sudden death or final; None where there is none.
        left: the player has left.
    """

    player: int
    clips: tuple[int | None, ...]
    total: int
    decider: int | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class TurnNews:
    """What became of the turn before.

    Attributes:
        player: whose it was.
        points: what it gave; None where it was not played.
        left: the player has left the tournament.
        reason: a ``Reason`` value where a fault ended it, and it is played again; "" otherwise.
    """

    player: int
    points: int | None = None
    left: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TournamentView(Screen):
    """The next player is called.

    Buttons: ``GO_ON`` begins the turn, ``HAS_LEFT`` takes the player out, ``BACK`` asks whether
    to stop; then ``GO_ON`` goes on and ``BACK`` stops.

    Attributes:
        names: of all players; "" for who gave none.
        called: who is called.
        kind: what the clip is played for.
        number: which of the clips that everybody plays this is, from 1.
        table: the best first.
        wait_s: how long the player is still waited for.
        begins_s: a face is there, and the turn begins by itself after so long; None: no face.
        news: what became of the turn before; None before the first.
        asks: whether to stop the tournament.
    """

    names: tuple[str, ...]
    called: int
    kind: Kind
    number: int
    table: tuple[TableRow, ...]
    wait_s: float
    begins_s: float | None = None
    news: TurnNews | None = None
    asks: bool = False

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place who is called beside the camera, the buttons, and the table."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        if is_tall(size_px):
            head, camera, advice, bar, news, table = rows(
                page(size_px), (1.5, 3.6, 1.3, 1.9, 0.9, 6), gap
            )
            go, lower = rows(bar, (1, 1), gap)
        else:
            side, right = columns(page(size_px), (1, 1.05), 2 * gap)
            head, camera, advice, go, lower = rows(side, (1.9, 4, 1.7, 1.35, 1.2), gap)
            news, table = rows(right, (1, 7), gap)
        regions = {
            "head": head, "camera": camera, "advice": advice, "news": news, "table": table,
            "toast": toast_strip(size_px),
        }  # fmt: skip
        if self.asks:
            return Layout(
                regions,
                (
                    Button("go", go, tr("Go on"), Intent.GO_ON, ButtonStyle.MAIN, Icon.NEXT),
                    Button("back", lower, tr("Stop the tournament"), Intent.BACK, icon=Icon.STOP),
                ),
                "go",
            )
        stop, gone = columns(lower, (1, 1.5), gap)
        buttons = (
            Button("go", go, tr("I am here: start!"), Intent.GO_ON, ButtonStyle.MAIN, Icon.PLAY),
            Button("gone", gone, tr("Has left"), Intent.HAS_LEFT, icon=Icon.QUIT),
            Button("back", stop, tr("Stop"), Intent.BACK, icon=Icon.STOP),
        )
        return Layout(regions, buttons, "go")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the call, the camera, what has happened, and the table."""
        painter.ground()
        tr, regions, palette = painter.tr, layout.regions, painter.palette
        name = player_name(self.names, self.called, tr)
        kind, line = rows(regions["head"], (1, 1.9), 0)
        words = tr(KINDS[self.kind], number=self.number, clips=len(self.table[0].clips))
        painter.text(words, kind, theme.LARGE, palette.muted, align="left")
        asked = tr("Stop the tournament?") if self.asks else tr("{name}, it's you!", name=name)
        painter.text(
            asked, line, theme.TITLE, palette.accent,
            align="left", lines=2, shadow=painter.poster_shadow,
        )  # fmt: skip
        pictures.camera.show(painter, regions["camera"], view.camera)
        self._draw_wait(painter, regions["advice"], name, view.camera.status)
        if self.news is not None:
            said = _news(self.news, self.names, tr)
            painter.text(said, regions["news"], theme.LARGE, align="left", lines=2)
        else:
            said = tr("No peeking: who has not played this clip looks away.")
            painter.text(
                said, regions["news"], theme.BODY, weight=Weight.MEDIUM, align="left", lines=2
            )
        draw_results(painter, regions["table"], self.names, self.table, called=self.called)

    def _draw_wait(self, painter: Painter, area: Rect, name: str, camera: CameraStatus) -> None:
        """Say how long the player is waited for, as a ring and in words; or what it waits for."""
        tr, palette = painter.tr, painter.palette
        painter.card(area)
        inner = area.inflate(-painter.px(4), -painter.px(2))
        side = min(inner.height, painter.px(13))
        ring = Rect(inner.left, inner.centery - side // 2, side, side)
        begins = self.begins_s is not None
        seconds = math.ceil(self.begins_s if self.begins_s is not None else self.wait_s)
        ink = palette.safe if begins else palette.danger
        share = (self.begins_s or self.wait_s) % 1.0
        lost = camera is CameraStatus.LOST
        if self.asks or lost:
            painter.icon(Icon.WARNING, ring, palette.danger)
        else:
            painter.ring(ring, share, 0.14, ink)
            painter.text(f"{seconds}", ring, theme.LARGE, ink)
        left = ring.right + painter.px(2)
        label = Rect(left, inner.top, inner.right - left, inner.height)
        if self.asks:
            words = tr("Everything played so far is lost.")
        elif lost:
            words = tr("Your turn waits for the camera.")
        elif begins:
            words = tr("Starts by itself. Only {name} before the camera!", name=name)
        else:
            words = tr("Come to the camera, or your turn is missed.")
        painter.text(words, label, theme.LARGE, align="left", lines=2)


@dataclass(frozen=True, slots=True)
class TournamentOverView(Screen):
    """The tournament is over. Buttons: ``AGAIN``, with the same names, and ``BACK``.

    Attributes:
        names: of all players; "" for who gave none.
        winner: who has won; None where nobody stayed.
        table: the best first.
    """

    names: tuple[str, ...]
    winner: int | None
    table: tuple[TableRow, ...]

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the winner, the table and the two ways on."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        if is_tall(size_px):
            head, face, table, bar = rows(page(size_px), (1.8, 3, 6.4, 1), 2 * gap)
        else:
            body, bar = rows(page(size_px), (6, 1.2), 2 * gap)
            side, table = columns(body, (1, 1.25), 2 * gap)
            head, face = rows(side, (1.6, 3), gap)
        again, back = columns(bar, (1.4, 1), gap)
        regions = {"head": head, "face": face, "table": table, "toast": toast_strip(size_px)}
        buttons = (
            Button("again", again, tr("Once more"), Intent.AGAIN, ButtonStyle.MAIN, Icon.AGAIN),
            Button("back", back, tr("Title"), Intent.BACK, icon=Icon.BACK),
        )
        return Layout(regions, buttons, "again")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the winner with the crown, and the table."""
        painter.ground()
        tr, regions, palette = painter.tr, layout.regions, painter.palette
        if self.winner is not None and not painter.still:
            draw_confetti(painter)
        words = tr("Everybody has left.")
        if self.winner is not None:
            words = tr("{name} wins the tournament!", name=player_name(self.names, self.winner, tr))
        painter.text(
            words, regions["head"], theme.TITLE, palette.accent,
            align="left", lines=3, shadow=painter.poster_shadow,
        )  # fmt: skip
        face = regions["face"]
        painter.mascot(face, self.mode, None if self.winner is None else 0.0)
        if self.winner is not None:
            side = min(face.height // 3, painter.px(16))
            badge = Rect(0, 0, side, side)
            badge.midtop = (face.centerx + min(face.size) // 2, face.top)
            painter.badge(Icon.CROWN, badge.clamp(face), palette.accent, palette.on_accent)
        draw_results(painter, regions["table"], self.names, self.table)


def _news(news: TurnNews, names: tuple[str, ...], tr: Translator) -> str:
    """Return what became of the turn before, in one line."""
    name = player_name(names, news.player, tr)
    if news.reason:
        why = tr(REASONS[Reason(news.reason)], seconds="")
        return tr("Played again: {why}", why=why)
    if news.left:
        return tr("{name} has left the tournament.", name=name)
    if news.points is None:
        return tr("{name} missed the turn.", name=name)
    return tr("{name}: {points} points", name=name, points=f"{news.points:,}")


def draw_results(
    painter: Painter,
    area: Rect,
    names: tuple[str, ...],
    table: tuple[TableRow, ...],
    called: int | None = None,
) -> None:
    """Draw the table in one card: place, name, points clip by clip, their sum, and the final's.

    ``called`` is whose row stands out.
    """
    palette, tr = painter.palette, painter.tr
    painter.card(area)
    inner = area.inflate(-painter.px(3), -painter.px(3.4))
    clips = len(table[0].clips)
    decided = any(row.decider is not None for row in table)
    shares = [0.7, 4.0, *[1.6] * clips, 1.8, *([1.7] if decided else [])]
    # Eight rows fit; fewer keep a row's height, so that three do not stretch.
    lines = rows(inner, [0.8, *[1] * max(6, len(table))], painter.px(0.4))
    heads = ["", "", *(f"{number + 1}" for number in range(clips)), tr("Sum")]
    heads += [tr("Final")] if decided else []
    head = lines[0].inflate(-painter.px(1.6), 0)
    for words, place in zip(heads, columns(head, shares, painter.px(1.4)), strict=True):
        painter.text(words, place, theme.SMALL, palette.muted, align="right")
    for number, (row, line) in enumerate(zip(table, lines[1:], strict=False), start=1):
        ink = palette.muted if row.left else palette.text
        if row.player == called:
            painter.panel(line, palette.accent, line.height // 3)
            ink = palette.on_accent
        cells = columns(line.inflate(-painter.px(1.6), 0), shares, painter.px(1.4))
        painter.text("–" if row.left else f"{number}", cells[0], theme.BODY, ink, align="left")
        painter.text(
            player_name(names, row.player, tr), cells[1], theme.BODY * 1.08, ink, align="left"
        )
        values = [*row.clips, row.total, *([row.decider] if decided else [])]
        for cell, value in zip(cells[2:], values, strict=True):
            said = "·" if value is None else f"{value:,}"
            painter.text(said, cell, theme.BODY, ink, align="right")
