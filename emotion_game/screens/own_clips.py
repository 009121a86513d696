"""Own clips: what is there, how more come in, and what became of those that were dropped."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.game.types import LEVELS
from emotion_game.screens.words import level_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent
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
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import LONGEST_NAME, Weight, shorten_middle
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import clock, draw_poster, draw_progress

#: So many clips are listed.
_LISTED = 5


@dataclass(frozen=True, slots=True)
class OwnClip:
    """One line of the list."""

    title: str
    mode: str
    level: int
    duration_s: float


@dataclass(frozen=True, slots=True)
class ClipNews:
    """What became of a film: it is a clip now, or ``fault`` says why not."""

    name: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class OwnClipsView(Screen):
    """The player's own clips. ``ChooseMode`` and ``ChooseLevel`` say where to; ``GO_ON`` adds.

    ``BACK`` forgets what was dropped, or else leaves.

    Attributes:
        level: where the films go to, as ``mode`` is.
        modes: every mode that is offered.
        clips: those that are there, of all modes.
        dropped: names of the films and folders that wait for ``GO_ON``.
        now: the film that is being made into a clip, and how much of it is done, 0..1.
        waiting: how many come after it.
        news: what became of the newest ones, the newest first.
    """

    level: int
    modes: tuple[str, ...]
    clips: tuple[OwnClip, ...] = ()
    dropped: tuple[str, ...] = ()
    now: tuple[str, float] | None = None
    waiting: int = 0
    news: tuple[ClipNews, ...] = ()

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the headline, the place to drop films, where they go to, and the list."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        count = len(self.modes)
        in_a_row = count if count < 4 else 3
        lines = -(-count // in_a_row)
        if is_tall(size_px):
            head, drop, modes, levels, listed, bar = rows(
                page(size_px), (1, 3, 0.9 * lines, 0.9, 4, 0.9), gap
            )
        else:
            left, listed = columns(page(size_px), (1.5, 1), 2 * gap)
            head, drop, modes, levels, bar = rows(left, (1.1, 3.4, 1.1 * lines, 1.1, 1.2), gap)
        buttons = [
            Button(
                f"mode.{mode}", place, tr.mode(mode, "name"), ChooseMode(mode), ButtonStyle.TAB,
                selected=mode == self.mode,
            )
            for mode, place in zip(
                self.modes, grid(modes, count, in_a_row, gap // 2), strict=True
            )
        ]  # fmt: skip
        buttons += [
            Button(
                f"level.{level}", place, level_name(level, tr), ChooseLevel(level),
                ButtonStyle.TAB, selected=level == self.level,
            )
            for level, place in zip(LEVELS, columns(levels, (1, 1, 1), gap // 2), strict=True)
        ]  # fmt: skip
        first = "back"
        if self.dropped:
            bar, add = columns(bar, (1, 1.6), gap)
            label = tr.plural("Add {count} film", "Add {count} films", len(self.dropped))
            first = "add"
            buttons.append(Button("add", add, label, Intent.GO_ON, ButtonStyle.MAIN, Icon.PLUS))
            # Another button: the focus of the page without films does not stay on it.
            buttons.append(Button("cancel", bar, tr("Cancel"), Intent.BACK, icon=Icon.ERASE))
        else:
            buttons.append(Button("back", bar, tr("Back"), Intent.BACK, icon=Icon.BACK))
        regions = {"head": head, "drop": drop, "list": listed, "toast": toast_strip(size_px)}
        return Layout(regions, tuple(buttons), first)

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw how films come in, and what is there."""
        painter.ground()
        draw_poster(painter, painter.tr("My clips"), layout.regions["head"])
        self._draw_drop(painter, layout.regions["drop"])
        self._draw_list(painter, layout.regions["list"])

    def _draw_drop(self, painter: Painter, area: Rect) -> None:
        """Draw the place for films: what to do, what waits, or what goes on."""
        palette, tr = painter.palette, painter.tr
        painter.card(area, frame=palette.accent if self.dropped else None)
        inner = area.inflate(-painter.px(5), -painter.px(4)).move(0, -painter.px(0.5))
        upper, lower = rows(inner, (1.5, 1), painter.px(1))
        side = min(upper.height, painter.px(11))
        sign = Rect(upper.left, upper.centery - side // 2, side, side)
        painter.icon(Icon.FILM, sign, palette.accent)
        words = Rect(sign.right + painter.px(2), upper.top, 0, upper.height)
        words.width = upper.right - words.left
        if self.dropped:
            names = ", ".join(shorten_middle(name, LONGEST_NAME) for name in self.dropped[:2])
            more = "…" if len(self.dropped) > 2 else ""
            painter.text(tr("To which game?"), words, theme.HEAD, lines=2, align="left")
            painter.text(
                names + more, lower, theme.BODY, palette.muted, weight=Weight.MEDIUM, lines=2,
                align="left",
            )  # fmt: skip
            return
        if self.now is not None:
            name, share = self.now
            line = tr("Getting {name} ready…", name=shorten_middle(name, LONGEST_NAME))
            painter.text(line, words, theme.LARGE, lines=2, align="left")
            bar, rest = rows(lower, (1, 1.2), painter.px(0.8))
            draw_progress(painter, bar.inflate(0, -max(0, bar.height - painter.px(3))), share)
            if self.waiting:
                left = tr.plural("{count} more film", "{count} more films", self.waiting)
                painter.text(left, rest, theme.BODY, palette.muted, align="left")
            return
        painter.text(tr("Drop a film or a folder here"), words, theme.HEAD, lines=2, align="left")
        about = tr("3 to 120 seconds, with sound. The game keeps a copy; your file stays as it is.")
        painter.text(
            about, lower, theme.BODY, palette.muted, weight=Weight.MEDIUM, lines=3, align="left"
        )

    def _draw_list(self, painter: Painter, area: Rect) -> None:
        """Draw the newest news and the clips that are there."""
        palette, tr = painter.palette, painter.tr
        painter.card(area)
        inner = area.inflate(-painter.px(4.4), -painter.px(3.6)).move(0, -painter.px(0.5))
        if not self.clips and not self.news:
            face, line = rows(inner, (2.2, 1), painter.px(1))
            painter.mascot(face, self.mode, None)
            painter.text(tr("No clips of yours yet"), line, theme.LARGE, lines=2)
            return
        places = rows(inner, [1] * (_LISTED + 3), painter.px(0.8))
        count = tr.plural("{count} clip of yours", "{count} clips of yours", len(self.clips))
        painter.text(count, places[0], theme.LARGE, align="left")
        lines: list[tuple[str, str, theme.Colour]] = []
        for each in self.news[:2]:
            if each.fault:
                lines.append((tr("Not added: {why}", why=each.fault), "", palette.danger))
            else:
                lines.append((tr("Added: {name}", name=each.name), "", palette.safe))
        for clip in self.clips[: _LISTED + 2 - len(lines)]:
            about = f"{tr.mode(clip.mode, 'name')} {clip.level} · {clock(clip.duration_s)}"
            lines.append((clip.title, about, palette.text))
        for (words, about, ink), place in zip(lines, places[1:], strict=False):
            if not about:
                painter.text(words, place, theme.BODY, ink, lines=2, align="left")
                continue
            title, note = columns(place, (1.2, 1), painter.px(1))
            words = shorten_middle(words, LONGEST_NAME)
            painter.text(words, title, theme.BODY, ink, lines=2, align="left")
            painter.text(
                about, note, theme.SMALL, palette.muted, weight=Weight.MEDIUM, align="right"
            )
