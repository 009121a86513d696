"""One HTML page of a measuring on recorded players: figures, slices, what went wrong.

Only scripts use this: Jinja2 comes with the extras.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from numpy.typing import NDArray

from emotion_game.errors import GameError
from emotion_game.files import write_beside
from emotion_game.game.judge import RoundRules, find_losses
from emotion_game.game.types import EMOTIONS, Observation
from emotion_game.tools.recordings import Recordings, Segment
from emotion_game.tools.tallies import Comparison, Moment, Rate, Tally, per_minute, share
from emotion_game.vision.camera import read_video

#: Pictures of one moment, and their size.
_THUMBNAILS, _HIGH_PX = 8, 120
#: How much around the face is shown, in heights of the face.
_AROUND = 0.35
#: Before and after the moment.
_MARGIN_S = 0.4
#: Emotions named under a picture: the strongest, from this share on.
_NAMED_SHARE = 0.1
_CURVE_PX = (960, 90)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The player at one time.

    Attributes:
        t_s: the time.
        jpeg: the picture, base64.
        reading: the strongest emotions; "no face" where none was found.
    """

    t_s: float
    jpeg: str
    reading: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The smoothed score over a moment, in pixels of a drawing.

    Attributes:
        size_px: of the drawing.
        lines: points of each unbroken stretch, for an SVG polyline.
        threshold_px, release_px: heights of the two thresholds.
        parts: (left, width, label) of each segment.
        lost_px: where the hold was full; None where it never was.
    """

    size_px: tuple[int, int]
    lines: list[str]
    threshold_px: float
    release_px: float
    parts: list[tuple[float, float, str]]
    lost_px: float | None


@dataclass(frozen=True, slots=True)
class Strip:
    """One moment with its pictures."""

    moment: Moment
    tags: Mapping[str, str]
    thumbnails: list[Thumbnail]
    curve: Curve


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """One mode and level.

    Attributes:
        mode: name of the mode.
        level: the level.
        rules: its numbers.
        tally: what was counted.
        slices: (tag, what it says, tally).
        comparison: with the other bundle, if there is one.
        strips: moments that went wrong; only where pictures were asked for.
    """

    mode: str
    level: int
    rules: RoundRules
    tally: Tally
    slices: Sequence[tuple[str, str, Tally]]
    comparison: Comparison | None = None
    strips: Sequence[Strip] = ()


def make_strips(
    recordings: Sequence[Recordings], tally: Tally, rules: RoundRules
) -> Iterator[Strip]:
    """Cut the pictures of all that was missed, false or apart.

    Raises:
        CameraError: when a recording cannot be read any more.
    """
    for each in recordings:
        for name in each.truth:
            path = each.folder / name
            moments = [
                moment
                for moment in tally.moments
                if moment.recording == path and moment.outcome != "caught"
            ]
            if not moments:
                continue
            wanted = {moment: _times(each.seen[name], moment) for moment in moments}
            needed = {t_s for times in wanted.values() for t_s in times}
            pictures = {t_s: picture for t_s, picture in read_video(path) if t_s in needed}
            by_time = {seen.t_s: seen for seen in each.seen[name]}
            timeline = find_losses(each.readings(name, rules), rules)[1]
            for moment in moments:
                yield Strip(
                    moment,
                    each.tags.get(name, {}),
                    [
                        _thumbnail(pictures[t_s], by_time[t_s])
                        for t_s in wanted[moment]
                        if t_s in pictures
                    ],
                    _draw(timeline, each.truth[name], moment, rules),
                )


def write_page(
    out: Path,
    title: str,
    command: str,
    levels: Sequence[LevelFigures],
    unread: Sequence[str] = (),
) -> None:
    """Write everything as one self-contained page.

    Args:
        out: the page.
        title: what was measured.
        command: what was run, to run it again.
        levels: see :class:`LevelFigures`.
        unread: lines on where the player had no reading.

    Raises:
        GameError: when it cannot be written.
    """
    environment = Environment(
        loader=PackageLoader("emotion_game.tools"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(percent=_percent, rate=_rate)
    environment.globals.update(share=share, per_minute=per_minute)
    page = environment.get_template("players.html").render(
        title=title, command=command, levels=levels, unread=unread
    )
    try:
        write_beside(out, page.encode())
    except OSError as error:
        raise GameError(
            f"Cannot write the page {out}: {error.strerror or error}.", hint="Choose another file."
        ) from error


def _percent(rate: Rate | None) -> str:
    return "" if rate is None else f"{rate.value:.0%} ({rate.low:.0%} to {rate.high:.0%})"


def _rate(rate: Rate | None) -> str:
    return "" if rate is None else f"{rate.value:.2f} ({rate.low:.2f} to {rate.high:.2f})"


def _times(seen: Sequence[Observation], moment: Moment) -> list[float]:
    """Return times of frames spread evenly over a moment."""
    around = [
        each.t_s
        for each in seen
        if moment.from_s - _MARGIN_S <= each.t_s <= moment.until_s + _MARGIN_S
    ]
    if len(around) <= _THUMBNAILS:
        return around
    return [around[round(at)] for at in np.linspace(0, len(around) - 1, _THUMBNAILS)]


def _thumbnail(picture: NDArray[np.uint8], seen: Observation) -> Thumbnail:
    height, width = picture.shape[:2]
    if seen.box is None or seen.emotions is None:
        cut, reading = picture, "no face"
    else:
        x, y, w, h = seen.box
        left, top = max(0.0, x - _AROUND * w), max(0.0, y - _AROUND * h)
        right, bottom = min(1.0, x + (1 + _AROUND) * w), min(1.0, y + (1 + _AROUND) * h)
        cut = picture[
            int(top * height) : max(int(top * height) + 1, int(bottom * height)),
            int(left * width) : max(int(left * width) + 1, int(right * width)),
        ]
        strongest = sorted(zip(seen.emotions, EMOTIONS, strict=True), reverse=True)[:3]
        reading = ", ".join(
            f"{name} {value:.2f}" for value, name in strongest if value >= _NAMED_SHARE
        )
    wide_px = max(1, round(cut.shape[1] * _HIGH_PX / cut.shape[0]))
    small = cv2.resize(cut, (wide_px, _HIGH_PX), interpolation=cv2.INTER_AREA)
    jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
    return Thumbnail(seen.t_s, base64.b64encode(jpeg.tobytes()).decode(), reading)


def _draw(
    timeline: Sequence[tuple[float, float | None]],
    segments: Sequence[Segment],
    moment: Moment,
    rules: RoundRules,
) -> Curve:
    from_s, until_s = moment.from_s - 2 * _MARGIN_S, moment.until_s + 2 * _MARGIN_S
    wide_px, high_px = _CURVE_PX

    def across(t_s: float) -> float:
        return round(min(1.0, max(0.0, (t_s - from_s) / (until_s - from_s))) * wide_px, 1)

    def down(score: float) -> float:
        return round((1.0 - score) * high_px, 1)

    lines: list[list[str]] = [[]]
    for t_s, score in timeline:
        if not from_s <= t_s <= until_s:
            continue
        if score is None:
            lines.append([])
        else:
            lines[-1].append(f"{across(t_s)},{down(score)}")
    parts = [
        (across(each.from_s), round(across(each.until_s) - across(each.from_s), 1), each.label)
        for each in segments
        if each.until_s > from_s and each.from_s < until_s
    ]
    return Curve(
        _CURVE_PX,
        [" ".join(points) for points in lines if points],
        down(rules.threshold),
        down(rules.release_threshold),
        parts,
        None if moment.lost_s is None else across(moment.lost_s),
    )
