"""A match: two to four players before one camera, the last straight face wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pygame import Rect

from emotion_game.game.types import Reason
from emotion_game.screens.moment import MomentView, draw_moment, save_spec
from emotion_game.screens.playing import ClipScreen, draw_call, draw_clip, feeling_of, limit_label
from emotion_game.screens.ready import ADVICE, FEELINGS, SIGNS, Advice
from emotion_game.screens.words import REASONS, player_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    grid,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.live import player_badge
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import clock, draw_meter, draw_poster, draw_progress

#: Share of a wide window's height that the clip takes: two need less room below it than more do.
_CLIP_SHARE = {2: 0.62, 3: 0.57, 4: 0.57}
#: Least width beside the clip for what can be pressed, units.
_TOOLS = 9.0
#: A name needs so much beside the face, units; where there is less it stands above both.
_ROOM_FOR_NAME = 40.0


@dataclass(frozen=True, slots=True)
class MatchSide:
    """One player of a match.

    Attributes:
        name: what the player typed; "" for none.
        advice: while the baseline is taken.
        progress: of the baseline, 0..1.
        score: smoothed score 0..1; None without a face.
        hold_share: how full the hold is, 0..1; the player is out at 1.
        out_s: clip time at which the player was out; None while in.
        away: the face is gone.
        wins: matches won in this series.
    """

    name: str = ""
    advice: Advice = Advice.HOLD_STILL
    progress: float = 0.0
    score: float | None = None
    hold_share: float = 0.0
    out_s: float | None = None
    away: bool = False
    wins: int = 0


@dataclass(frozen=True, slots=True)
class MatchReadyView(Screen):
    """All baselines are being taken; ``sides``: from left to right of the mirrored screen."""

    level: int
    sides: tuple[MatchSide, ...]

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """See :class:`Screen`."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        count = len(self.sides)
        if is_tall(size_px):
            head, line, camera, sides, back = rows(page(size_px), (1, 0.8, 5, 4.4, 0.9), 2 * gap)
            back = back.inflate(-back.width // 2, 0)
            places = grid(sides, count, 2, gap)
        else:
            upper, lower = rows(page(size_px), (4.5, 3), 2 * gap)
            words, camera = columns(upper, (1, 1.5), 2 * gap)
            head, line, back = rows(words, (1.5, 1.5, 1.2), gap)
            back.width = round(back.width * 0.62)
            places = columns(lower, [1] * count, gap)
        regions = {"head": head, "line": line, "camera": camera}
        regions |= {f"side.{number}": place for number, place in enumerate(places)}
        regions["toast"] = toast_strip(size_px)
        return Layout(regions, (Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK),))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """See :class:`Screen`."""
        painter.ground()
        tr, regions = painter.tr, layout.regions
        draw_poster(painter, tr("Get ready"), regions["head"])
        line = tr("Straight faces, please. The clip starts as soon as all are measured.")
        painter.text(line, regions["line"], theme.LARGE, align="left", lines=3)
        pictures.camera.show(painter, regions["camera"], view.camera)
        for number in range(len(self.sides)):
            self._draw_side(painter, regions[f"side.{number}"], number, view, pictures)

    def _draw_side(
        self, painter: Painter, area: Rect, number: int, view: View, pictures: Pictures
    ) -> None:
        palette, tr, side = painter.palette, painter.tr, self.sides[number]
        advice = Advice.NO_FACE if side.away else side.advice
        good = advice is Advice.HOLD_STILL
        painter.card(area, frame=None if good else palette.danger)
        ring, name, label = _cut(painter, area)
        _draw_face(
            painter, ring, self.mode, number, view, pictures,
            share=side.progress, colour=palette.accent, feeling=FEELINGS[advice],
        )  # fmt: skip
        painter.text(_name(self.sides, number, tr), name, theme.HEAD, align="left")
        done = side.progress >= 1.0
        said = tr("Ready!") if done else tr(ADVICE[advice])
        icon = Icon.CHECK if done else SIGNS[advice]
        ink = palette.safe if good or done else palette.danger
        side_px = min(painter.px(4.4), label.height)
        sign = Rect(label.left, label.centery - side_px // 2, side_px, side_px)
        painter.icon(icon, sign, ink)
        left = sign.right + painter.px(1)
        label = Rect(left, label.top, label.right - left, label.height)
        painter.text(said, label, theme.BODY, ink, align="left", lines=3)


@dataclass(frozen=True, slots=True)
class MatchPlayingView(ClipScreen):
    """A clip plays for several.

    Attributes:
        sides: from left to right of the mirrored screen.
        paused: the clip waits for a face.
        forfeit_in_s: seconds until who is away is out; None while all are seen.
        sudden: which clip of the match this is, from 1; beyond 1 it is sudden death.
        can_pause: ``PAUSE`` would be obeyed now.
        shows_clock: the players see how much of the clip is left.
    """

    sides: tuple[MatchSide, ...]
    paused: bool = False
    forfeit_in_s: float | None = None
    sudden: int = 1
    can_pause: bool = False
    shows_clock: bool = True

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """See :class:`Screen`."""
        unit = theme.unit_px(size_px)
        width, height = size_px
        pad = round(theme.GAP * unit)
        count = len(self.sides)
        if is_tall(size_px):
            clip = Rect(pad, pad, width - 2 * pad, round((width - 2 * pad) * 9 / 16))
            below = Rect(
                pad, clip.bottom + 2 * pad, width - 2 * pad, height - clip.bottom - 3 * pad
            )
            shares = (0.6, 2.6, 5.2, 0.9) if count > 2 else (0.6, 3.2, 4.6, 0.9)
            line, camera, sides, tools = rows(below, shares, pad)
            places = grid(sides, count, 2, pad)
            tools = tools.inflate(-tools.width // 3, 0)
        else:
            beside = round(_TOOLS * unit) + 2 * pad
            clip_height = min(round(height * _CLIP_SHARE[count]), (width - 2 * beside) * 9 // 16)
            clip = Rect(0, pad, round(clip_height * 16 / 9), clip_height)
            clip.centerx = width // 2
            margin = clip.left - 2 * pad
            tools = Rect(pad, pad, margin, round(9 * unit))
            camera = Rect(clip.right + pad, pad, width - clip.right - 2 * pad, 0)
            camera.height = round(camera.width * 0.75)
            below = Rect(pad, clip.bottom + pad, width - 2 * pad, height - clip.bottom - 2 * pad)
            line, sides = rows(below, (0.8, 4.8), pad)
            places = columns(sides, [1] * count, (2 if count < 4 else 1) * pad)
        toast = Rect(0, 0, clip.width - 4 * pad, round(theme.TOAST * unit))
        toast.midbottom = (clip.centerx, clip.bottom - pad)
        regions = {"clip": clip, "camera": camera, "line": line, "toast": toast}
        regions |= {f"side.{number}": place for number, place in enumerate(places)}
        if self.can_pause:
            cut = columns if tools.width > 2.2 * tools.height else rows
            if cut is rows:
                tools.height = 2 * tools.height + pad
            pause, stop = cut(tools, (1, 1), pad)
            return Layout(
                regions,
                (
                    Button("pause", pause, "", Intent.PAUSE, icon=Icon.PAUSE),
                    Button("back", stop, "", Intent.STOP, icon=Icon.STOP),
                ),
            )
        return Layout(regions, (Button("back", tools, "", Intent.STOP, icon=Icon.STOP),))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """See :class:`Screen`."""
        palette, tr, regions = painter.palette, painter.tr, layout.regions
        painter.around(regions["clip"], palette.ground)
        painter.around(regions["clip"], palette.outline, painter.px(theme.OUTLINE))
        draw_clip(painter, regions["clip"], self, pictures.clip)
        pictures.camera.show(painter, regions["camera"], view.camera)
        name, bar, times = columns(regions["line"], (2, 2.6, 1), painter.px(2))
        words = tr("The last straight face wins")
        if self.sudden > 1:
            words = tr("Sudden death · clip {number}", number=self.sudden)
        painter.text(words, name, theme.BODY, align="left")
        if self.shows_clock:
            painter.text(
                f"{clock(self.clip_t_s)} / {clock(self.duration_s)}",
                times,
                theme.BODY,
                palette.muted,
                weight=Weight.MEDIUM,
                align="right",
            )
            share = self.clip_t_s / self.duration_s if self.duration_s > 0 else 0.0
            thin = bar.inflate(0, -max(0, bar.height - painter.px(2)))
            draw_progress(painter, thin, share)
        for number in range(len(self.sides)):
            self._draw_side(painter, regions[f"side.{number}"], number, view, pictures)
        if self.paused or self.forfeit_in_s is not None:
            draw_call(painter, regions["clip"], self.forfeit_in_s, paused=self.paused)

    def _draw_side(
        self, painter: Painter, area: Rect, number: int, view: View, pictures: Pictures
    ) -> None:
        """Draw one player: the ring with the face, the name, the meter; or that it is over."""
        palette, tr, side = painter.palette, painter.tr, self.sides[number]
        out = side.out_s is not None
        painter.card(area, frame=palette.danger if side.hold_share > 0 and not out else None)
        ring, title, meter = _cut(painter, area)
        score = None if side.away else side.score
        feeling = 1.0 if out else feeling_of(score, self.threshold, side.hold_share)
        _draw_face(
            painter, ring, self.mode, number, view, pictures,
            share=1.0 if out else side.hold_share, colour=palette.danger, feeling=feeling,
        )  # fmt: skip
        name = _name(self.sides, number, tr)
        if out:
            painter.text(name, title, theme.HEAD, palette.muted, align="left")
            _draw_out(painter, meter, side)
            return
        ink = palette.danger if side.away else None
        said = tr("Where are you?") if side.away else name
        painter.text(said, title, theme.HEAD, ink, align="left")
        bar = meter.inflate(-painter.px(1), -painter.px(2))
        bar.height = min(bar.height, painter.px(9))
        bar.centery = meter.centery
        draw_meter(painter, bar, score, self.threshold)
        if bar.width > painter.px(34):
            limit_label(painter, bar, self.threshold)


@dataclass(frozen=True, slots=True)
class MatchResultView(Screen):
    """Who won the match.

    Buttons: ``AGAIN``, ``SAVE_MOMENT`` (as in ``ResultView``), ``BACK``.

    Attributes:
        winner: number of the winner, from 0 at the left of the mirrored screen; None for a draw
            or a void match.
        void: a fault ended the match; ``reason`` says which.
        reason: a ``Reason`` value.
        sides: from left to right of the mirrored screen.
        wins_needed: so many wins win the series.
        champion: who has won the series; None while it goes on.
    """

    level: int
    winner: int | None
    void: bool
    reason: str
    sides: tuple[MatchSide, ...]
    clip_title: str = ""
    moment: MomentView | None = None
    moment_file: str = ""
    can_save: bool = True
    wins_needed: int = 2
    champion: int | None = None

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """See :class:`Screen`."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        tall, count = is_tall(size_px), len(self.sides)
        shares = (1.4, 8, 0.9) if tall else (1.7, 4.9, 1.25)
        head, body, bar = rows(page(size_px), shares, 2 * gap)
        regions = {"head": head}
        if self.moment is not None:
            cut = rows if tall else columns
            body, regions["moment"] = cut(body, (1.25, 1) if tall else (1.3, 1), 2 * gap)
        elif tall:
            body.height = min(body.height, body.width)
        places = grid(body, count, count if count < 4 and not tall else 2, gap)
        regions |= {f"side.{number}": place for number, place in enumerate(places)}
        regions["toast"] = toast_strip(size_px)
        again = tr("Play again")
        if not self.void:
            again = tr("Next match") if self.champion is None else tr("New series")
        specs = [("again", again, Intent.AGAIN, Icon.AGAIN)]
        if self.can_save and self.moment is not None:
            specs.append(save_spec(tr, saved=bool(self.moment_file)))
        specs.append(("back", tr("Title"), Intent.BACK, Icon.BACK))
        buttons = tuple(
            Button(
                name, place, label, intent, ButtonStyle.PLAIN if number else ButtonStyle.MAIN, icon
            )
            for number, ((name, label, intent, icon), place) in enumerate(
                zip(specs, columns(bar, [1] * len(specs), gap), strict=True)
            )
        )
        return Layout(regions, buttons, "again")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """See :class:`Screen`."""
        painter.ground()
        tr, regions = painter.tr, layout.regions
        line, below = rows(regions["head"], (1.7, 1), 0)
        painter.text(
            self._verdict(tr), line, theme.POSTER, painter.palette.accent,
            align="left", lines=2, shadow=painter.poster_shadow,
        )  # fmt: skip
        if self.void:
            why = tr(REASONS[Reason(self.reason)], seconds="")
        else:
            standing = " : ".join(str(side.wins) for side in self.sides)
            rule = tr("First to {count} wins", count=self.wins_needed)
            why = f"{rule} · {standing}"
        painter.text(why, below, theme.LARGE, align="left", lines=2)
        for number in range(len(self.sides)):
            self._draw_side(painter, regions[f"side.{number}"], number, view, pictures)
        if self.moment is not None:
            draw_moment(painter, regions["moment"], self.moment, pictures)

    def _draw_side(
        self, painter: Painter, area: Rect, number: int, view: View, pictures: Pictures
    ) -> None:
        palette, tr, side = painter.palette, painter.tr, self.sides[number]
        won = self.winner == number
        painter.card(area, frame=palette.accent if won else None)
        inner = area.inflate(-painter.px(4), -painter.px(3))
        if inner.width > 1.3 * inner.height:
            face, name, rest = _cut(painter, area)
            stars, words = rows(rest, (1, 1.2), painter.px(0.8))
        else:
            name, face, stars, words = rows(inner, (1, 3.2, 0.8, 1.1), painter.px(0.8))
        painter.text(_name(self.sides, number, tr), name, theme.HEAD)
        lost = side.out_s is not None
        feeling = None if self.void else 1.0 if lost and not won else 0.0
        _draw_face(
            painter, face, self.mode, number, view, pictures,
            share=float(won), colour=palette.accent, feeling=feeling,
        )  # fmt: skip
        if won:
            side_px = min(painter.px(9), face.height // 3)
            badge = Rect(0, 0, side_px, side_px)
            badge.center = (face.centerx + min(face.size) * 3 // 8, face.centery)
            badge.bottom = face.centery - min(face.size) // 8
            painter.badge(Icon.CROWN, badge, palette.accent, palette.on_accent)
        self._draw_wins(painter, stars, side.wins)
        if won:
            painter.panel(words, palette.accent)
            said = tr("Straight face!")
            inner = words.inflate(-painter.px(1.4), 0)
            painter.text(said, inner, theme.LARGE, palette.on_accent, lines=2)
        elif lost:
            seconds = f"{side.out_s:.1f}"
            painter.text(tr("Out at {seconds} s", seconds=seconds), words, theme.LARGE, lines=2)
        elif not self.void:
            painter.text(tr("Never out"), words, theme.LARGE, lines=2)

    def _draw_wins(self, painter: Painter, area: Rect, wins: int) -> None:
        """Draw the matches won as stars, out of those that win the series."""
        step = min(area.height, area.width // self.wins_needed, painter.px(7))
        left = area.centerx - step * self.wins_needed // 2
        for index in range(self.wins_needed):
            place = Rect(left + index * step, area.centery - step // 2, step, step)
            kind = Icon.STAR if index < wins else Icon.STAR_EMPTY
            painter.icon(kind, place.inflate(-step // 8, -step // 8), painter.palette.accent)

    def _verdict(self, tr: Translator) -> str:
        if self.void:
            return tr("This one doesn't count")
        if self.champion is not None:
            return tr("{name} wins the series!", name=_name(self.sides, self.champion, tr))
        if self.winner is None:
            return tr("A draw!")
        return tr("{name} wins!", name=_name(self.sides, self.winner, tr))


# The parts


def _name(sides: Sequence[MatchSide], number: int, tr: Translator) -> str:
    return player_name([side.name for side in sides], number, tr)


def _cut(painter: Painter, area: Rect) -> tuple[Rect, Rect, Rect]:
    """Cut a player's card: the face in its ring, the name, and what is said of the player."""
    inner = area.inflate(-painter.px(3), -painter.px(2.6))
    ring_px = min(inner.height, round(inner.width * 0.46))
    gap = painter.px(1.6)
    if inner.width - ring_px - gap > painter.px(_ROOM_FOR_NAME):
        ring = Rect(inner.left, inner.top, ring_px, inner.height)
        left = ring.right + gap
        name, rest = rows(
            Rect(left, inner.top, inner.right - left, inner.height), (1, 1.4), painter.px(0.6)
        )
        return ring, name, rest
    # In a narrow card the name stands above both.
    name, below = rows(inner, (1, 2.6), painter.px(0.6))
    if below.width > 1.2 * below.height:
        ring_px = min(below.height, round(below.width * 0.46))
        ring = Rect(below.left, below.top, ring_px, below.height)
        left = ring.right + gap
        return ring, name, Rect(left, below.top, below.right - left, below.height)
    ring, rest = rows(below, (1.7, 1), painter.px(1))
    return ring, name, rest


def _draw_face(
    painter: Painter,
    area: Rect,
    mode: str,
    number: int,
    view: View,
    pictures: Pictures,
    *,
    share: float,
    colour: theme.Colour,
    feeling: float | None,
) -> None:
    """Draw a player's face, or else the mascot's, in its ring, and the player's number at it."""
    extent = min(area.size)
    ring = Rect(0, 0, extent, extent)
    ring.center = area.center
    painter.ring(ring, share, 0.12, colour, painter.palette.ground)
    inside = ring.inflate(-round(extent * 0.28), -round(extent * 0.28))
    if not pictures.faces[number].show(painter, inside, view.camera, number):
        painter.mascot(inside, mode, feeling)
    side = max(painter.px(4), min(painter.px(6.4), extent // 3))
    badge = Rect(ring.left, ring.top, side, side)
    player_badge(painter, badge, number)


def _draw_out(painter: Painter, area: Rect, side: MatchSide) -> None:
    """Say since when a player is out."""
    palette = painter.palette
    painter.panel(area, palette.danger)
    inner = area.inflate(-painter.px(2), -painter.px(1))
    words = painter.tr("Out at {seconds} s", seconds=f"{side.out_s:.1f}")
    if inner.width > 3 * inner.height:
        sign, inner = columns(inner, (1, 3.5), painter.px(1))
        painter.icon(Icon.FLAG, sign, palette.on_danger)
    painter.text(words, inner, theme.LARGE, palette.on_danger, lines=2)
