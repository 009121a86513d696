"""A duel: two players before one camera, the last straight face wins."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.game.types import MatchResult, Reason
from emotion_game.screens.moment import MomentView, draw_moment, save_spec
from emotion_game.screens.playing import (
    ClipScreen,
    draw_call,
    draw_clip,
    feeling_of,
    limit_label,
    shake_by,
)
from emotion_game.screens.ready import ADVICE, FEELINGS, SIGNS, Advice
from emotion_game.screens.words import REASONS
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import (
    Button,
    Layout,
    Look,
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
from emotion_game.ui.widgets import clock, draw_advice, draw_meter, draw_poster, draw_progress

#: Share of a wide window's height that the clip takes.
_CLIP_SHARE = 0.64


@dataclass(frozen=True, slots=True)
class DuelSide:
    """One player of a duel.

    Attributes:
        advice: while the baseline is taken.
        progress: of the baseline, 0..1.
        score: smoothed score 0..1; None without a face.
        hold_share: how full the hold is, 0..1; the player is out at 1.
        out_s: clip time at which the player was out; None while in.
        away: the face is gone.
        close_s: how long ago a close call ended; None: a while.
    """

    advice: Advice = Advice.HOLD_STILL
    progress: float = 0.0
    score: float | None = None
    hold_share: float = 0.0
    out_s: float | None = None
    away: bool = False
    close_s: float | None = None


@dataclass(frozen=True, slots=True)
class DuelReadyView(Screen):
    """Both baselines are being taken; ``sides``: left and right of the mirrored screen."""

    level: int
    sides: tuple[DuelSide, DuelSide]

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """See :class:`Screen`."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        if is_tall(size_px):
            head, camera, sides, back = rows(page(size_px), (1, 5, 4.6, 0.9), 2 * gap)
            back = back.inflate(-back.width // 2, 0)
            left, right = columns(sides, (1, 1), 2 * gap)
        else:
            upper, lower = rows(page(size_px), (4.6, 2.5), 2 * gap)
            left, camera, right = columns(upper, (1, 1.9, 1), 2 * gap)
            head, lefts, rights = lower, left, right
            advice_left, middle, advice_right = columns(lower, (1.45, 1, 1.45), 2 * gap)
            head, back = rows(middle, (1.5, 1), gap)
            regions = {
                "head": head, "camera": camera, "face.0": lefts, "face.1": rights,
                "advice.0": advice_left, "advice.1": advice_right, "toast": toast_strip(size_px),
            }  # fmt: skip
            return Layout(regions, (Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK),))
        regions = {"head": head, "camera": camera}
        for number, side in enumerate((left, right)):
            regions[f"face.{number}"], regions[f"advice.{number}"] = rows(side, (1.6, 1), gap)
        regions["toast"] = toast_strip(size_px)
        return Layout(regions, (Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK),))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """See :class:`Screen`."""
        painter.ground()
        tr, regions, palette = painter.tr, layout.regions, painter.palette
        painter.text(tr("Get ready"), regions["head"], theme.TITLE, palette.accent, lines=2)
        pictures.camera.show(painter, regions["camera"], view.camera)
        for number, side in enumerate(self.sides):
            area = regions[f"face.{number}"]
            name, ring = rows(area, (1, 5), painter.px(1))
            painter.text(player_name(number, tr), name, theme.HEAD)
            extent = min(ring.size)
            painter.ring(ring, side.progress, 0.1, palette.accent)
            face = Rect(0, 0, round(extent * 0.66), round(extent * 0.66))
            face.center = ring.center
            painter.mascot(face, self.mode, None if side.away else FEELINGS[side.advice])
            advice = Advice.NO_FACE if side.away else side.advice
            draw_advice(
                painter,
                regions[f"advice.{number}"],
                SIGNS[advice],
                tr(ADVICE[advice]),
                good=advice is Advice.HOLD_STILL,
            )


@dataclass(frozen=True, slots=True)
class DuelPlayingView(ClipScreen):
    """A clip plays for two.

    Attributes:
        sides: left and right of the mirrored screen.
        paused: the clip waits for a face.
        forfeit_in_s: seconds until who is away is out; None while both are seen.
        sudden: which clip of the duel this is, from 1; beyond 1 it is sudden death.
        can_pause: ``PAUSE`` would be obeyed now.
    """

    sides: tuple[DuelSide, DuelSide]
    paused: bool = False
    forfeit_in_s: float | None = None
    sudden: int = 1
    can_pause: bool = False

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """See :class:`Screen`."""
        unit = theme.unit_px(size_px)
        width, height = size_px
        pad = round(theme.GAP * unit)
        if is_tall(size_px):
            clip = Rect(pad, pad, width - 2 * pad, round((width - 2 * pad) * 9 / 16))
            below = Rect(
                pad, clip.bottom + 2 * pad, width - 2 * pad, height - clip.bottom - 3 * pad
            )
            line, camera, sides, tools = rows(below, (0.6, 3.2, 4.6, 0.9), pad)
            left, right = columns(sides, (1, 1), 2 * pad)
            tools = tools.inflate(-tools.width // 3, 0)
        else:
            clip_height = round(height * _CLIP_SHARE)
            clip = Rect(0, pad, round(clip_height * 16 / 9), clip_height)
            clip.centerx = width // 2
            margin = clip.left - 2 * pad
            tools = Rect(pad, pad, margin, round(9 * unit))
            camera = Rect(clip.right + pad, pad, width - clip.right - 2 * pad, 0)
            camera.height = round(camera.width * 0.75)
            below = Rect(pad, clip.bottom + pad, width - 2 * pad, height - clip.bottom - 2 * pad)
            line, sides = rows(below, (0.9, 4.6), pad)
            left, right = columns(sides, (1, 1), 3 * pad)
        toast = Rect(0, 0, clip.width - 4 * pad, round(theme.TOAST * unit))
        toast.midbottom = (clip.centerx, clip.bottom - pad)
        regions = {
            "clip": clip, "camera": camera, "line": line, "side.0": left, "side.1": right,
            "toast": toast,
        }  # fmt: skip
        if self.can_pause:
            cut = columns if tools.width > 2.2 * tools.height else rows
            if cut is rows:
                tools.height = 2 * tools.height + pad
            pause, stop = cut(tools, (1, 1), pad)
            return Layout(
                regions,
                (
                    Button("pause", pause, "", Intent.PAUSE, icon=Icon.PAUSE),
                    Button("back", stop, "", Intent.BACK, icon=Icon.STOP),
                ),
            )
        return Layout(regions, (Button("back", tools, "", Intent.BACK, icon=Icon.STOP),))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """See :class:`Screen`."""
        palette, tr, regions = painter.palette, painter.tr, layout.regions
        painter.around(regions["clip"], palette.ground)
        painter.around(regions["clip"], palette.outline, painter.px(theme.OUTLINE))
        draw_clip(painter, regions["clip"], self, pictures.clip)
        pictures.camera.show(painter, regions["camera"], view.camera)
        line = regions["line"]
        name, bar, times = columns(line, (1.4, 3, 1), painter.px(2))
        words = (
            tr("Sudden death · clip {number}", number=self.sudden)
            if self.sudden > 1
            else tr("Duel")
        )
        painter.text(words, name, theme.BODY, align="left")
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
        for number, side in enumerate(self.sides):
            _draw_side(painter, regions[f"side.{number}"], self, side, player_name(number, tr))
        if self.paused or self.forfeit_in_s is not None:
            draw_call(painter, regions["clip"], self.forfeit_in_s, paused=self.paused)
        calls_s = [side.close_s for side in self.sides if side.close_s is not None]
        shake_by(painter, min(calls_s, default=None))


@dataclass(frozen=True, slots=True)
class DuelResultView(Screen):
    """Who won the duel.

    Buttons: ``AGAIN``, ``SAVE_MOMENT`` (as in ``ResultView``), ``BACK``.

    Attributes:
        winner: 0 left, 1 right (of the mirrored screen); None for a draw or a void duel.
        void: a fault ended the duel; ``reason`` says which.
        reason: a ``Reason`` value.
    """

    level: int
    winner: int | None
    void: bool
    reason: str
    sides: tuple[DuelSide, DuelSide]
    clip_title: str = ""
    moment: MomentView | None = None
    moment_file: str = ""
    saving: float | None = None
    can_save: bool = True

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """See :class:`Screen`."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        tall = is_tall(size_px)
        shares = (1.4, 8, 0.9) if tall else (1.7, 4.9, 1.25)
        head, body, bar = rows(page(size_px), shares, 2 * gap)
        regions = {"head": head}
        if self.moment is not None:
            cut = rows if tall else columns
            body, regions["moment"] = cut(body, (1.25, 1) if tall else (1.2, 1), 2 * gap)
        regions["side.0"], regions["side.1"] = columns(body, (1, 1), 2 * gap)
        regions["toast"] = toast_strip(size_px)
        specs = [("again", tr("Play again"), Intent.AGAIN, Icon.AGAIN)]
        if self.can_save and self.moment is not None:
            specs.append(save_spec(tr, self.moment_file, self.saving))
        specs.append(("back", tr("Title"), Intent.BACK, Icon.BACK))
        buttons = tuple(
            Button(
                name,
                place,
                label,
                intent,
                Look.PLAIN if number else Look.MAIN,
                icon,
                share=self.saving if name == "save" else None,
            )
            for number, ((name, label, intent, icon), place) in enumerate(
                zip(specs, columns(bar, [1] * len(specs), gap), strict=True)
            )
        )
        return Layout(regions, buttons, "again")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """See :class:`Screen`."""
        painter.ground()
        tr, regions, palette = painter.tr, layout.regions, painter.palette
        line, below = rows(regions["head"], (1.7, 1), 0)
        draw_poster(painter, verdict(self, tr), line, theme.POSTER)
        why = tr(REASONS[Reason(self.reason)], seconds="") if self.void else self.clip_title
        painter.text(
            why, below, theme.BODY, palette.muted, weight=Weight.MEDIUM, align="left", lines=2
        )
        for number, side in enumerate(self.sides):
            area = regions[f"side.{number}"]
            won = self.winner == number
            painter.card(area, frame=palette.accent if won else None)
            name, face, words = rows(
                area.inflate(-painter.px(4), -painter.px(3)), (1, 3.6, 1.1), painter.px(1)
            )
            painter.text(player_name(number, tr), name, theme.HEAD)
            lost = side.out_s is not None
            feeling = None if self.void else 1.0 if lost and not won else 0.0
            painter.mascot(face, self.mode, feeling)
            if won:
                side_px = painter.px(11)
                badge = Rect(0, 0, side_px, side_px)
                badge.topright = (area.right - painter.px(1.6), area.top + painter.px(1.6))
                painter.badge(Icon.CROWN, badge, palette.accent, palette.on_accent)
                painter.panel(words, palette.accent)
                painter.text(tr("Straight face!"), words, theme.LARGE, palette.on_accent)
            elif side.out_s is not None:
                seconds = f"{side.out_s:.1f}"
                painter.text(tr("Out at {seconds} s", seconds=seconds), words, theme.LARGE)
            elif not self.void:
                painter.text(tr("Never out"), words, theme.LARGE)
        if self.moment is not None:
            draw_moment(painter, regions["moment"], self.moment, self.mode, pictures)


def player_name(side: int, tr: Translator) -> str:
    """Return what a player is called: by the place on the mirrored screen, 0 left, 1 right."""
    return tr("Right") if side else tr("Left")


# Both baselines


# The clip


def _draw_side(
    painter: Painter, area: Rect, screen: DuelPlayingView, side: DuelSide, name: str
) -> None:
    """Draw one player: the ring with the mascot, the name, the meter; or that it is over."""
    palette, tr = painter.palette, painter.tr
    painter.card(area)
    inner = area.inflate(-painter.px(3), -painter.px(2.6))
    if inner.width > 1.6 * inner.height:
        ring, words = columns(inner, (1, 2.4), painter.px(2))
    else:
        ring, words = rows(inner, (1.6, 1), painter.px(1.4))
    extent = min(ring.size)
    out = side.out_s is not None
    share = 1.0 if out else side.hold_share
    painter.ring(ring, share, 0.12, palette.danger, palette.ground)
    face = Rect(0, 0, round(extent * 0.66), round(extent * 0.66))
    face.center = ring.center
    score = None if side.away else side.score
    feeling = 1.0 if out else feeling_of(score, screen.threshold, side.hold_share)
    painter.mascot(face, screen.mode, feeling)
    title, meter = rows(words, (1, 1.25), painter.px(1))
    if out:
        painter.text(name, title, theme.HEAD, align="left")
        painter.panel(meter, palette.danger)
        sign, label = columns(
            meter.inflate(-painter.px(3), -painter.px(1)), (1, 3.5), painter.px(1)
        )
        painter.icon(Icon.FLAG, sign, palette.on_danger)
        words_out = tr("Out at {seconds} s", seconds=f"{side.out_s:.1f}")
        painter.text(words_out, label, theme.HEAD, palette.on_danger)
        return
    gone = side.away
    line = f"{name} · {tr('Where are you?')}" if gone else name
    painter.text(line, title, theme.HEAD, palette.danger if gone else None, align="left")
    bar = meter.inflate(-painter.px(2), -painter.px(3)).move(0, -painter.px(0.8))
    draw_meter(painter, bar, score, screen.threshold)
    limit_label(painter, bar)


# Who won


def verdict(screen: DuelResultView | MatchResult, tr: Translator) -> str:
    """Return who won, in some words."""
    if screen.void:
        return tr("This one doesn't count")
    if screen.winner is None:
        return tr("A draw!")
    return tr("The right player wins!") if screen.winner else tr("The left player wins!")
