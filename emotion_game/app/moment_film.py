"""A moment as what one would post: two films, upright and square, with sound, and a still.

Runs as a process of its own, so that no frame of a game waits for it (see ``moment_saver``): takes
a :class:`MomentOrder` on stdin, tells how far it is on stdout, and stops when stdin ends.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import IO

import av
import cv2
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray
from pydantic import TypeAdapter

from emotion_game.app.moment_poster import About, Poster
from emotion_game.app.replay_film import REST_S, Moment, Packed, Picture, Still
from emotion_game.clips.soundboard import SOUNDS, Effect
from emotion_game.decoding import (
    decoded,
    open_film,
    picture_stream,
    pictures,
    reason,
    shown_size_px,
    to_bgr,
)
from emotion_game.errors import GameError
from emotion_game.files import write_beside

log = logging.getLogger(__name__)

#: Upright and square, width and height; what the files' names end with.
FORMATS = {"tall": (1080, 1920), "square": (1080, 1080)}
RATE_HZ = 30
SOUND_HZ = 48_000
#: A lost round stands still at its moment; then the end is shown once more, slowly.
FREEZE_S, SLOW = 0.8, 0.5
SLOW_BEFORE_S = 1.2
#: Pictures of the clip are read again from its file, so high.
_CLIP_PX = 608
_SLOW_GAIN = 0.6

Sound = NDArray[np.float32]


class StoppedError(Exception):
    """Nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class MomentOrder:
    """What is to be saved, and where.

    Attributes:
        moment: complete.
        about: what it says.
        clip: the clip's file, for its sound and sharper pictures; None where there is none.
        folder: made when it is missing.
        stem: what the files' names begin with.
    """

    moment: Moment
    about: About
    clip: Path | None
    folder: Path
    stem: str

    def write(self, pipe: IO[bytes]) -> None:
        """Write it as one line of JSON, and the pictures' bytes behind it.

        Raises:
            OSError: when nobody reads it any more.
        """
        moment = self.moment
        pictures = [each for still in moment.stills for each in (still.player, still.clip)]
        head = {
            "about": _ABOUT.dump_python(self.about, mode="json"),
            "clip": None if self.clip is None else str(self.clip),
            "folder": str(self.folder),
            "stem": self.stem,
            "decisive_s": moment.decisive_s,
            "lost": moment.lost,
            "window": moment.window,
            "stills": [(still.t_s, still.clip_t_s, still.faces) for still in moment.stills],
            "shapes": [None if each is None else each.planes.shape for each in pictures],
        }
        pipe.write(json.dumps(head).encode() + b"\n")
        for each in pictures:
            if each is not None:
                pipe.write(np.ascontiguousarray(each.planes).data)

    @classmethod
    def read(cls, pipe: IO[bytes]) -> MomentOrder:
        """Read what :meth:`write` has written.

        Raises:
            ValueError: when it is not whole.
        """
        head = json.loads(pipe.readline())

        def picture(shape: list[int] | None) -> Packed | None:
            if shape is None:
                return None
            content = pipe.read(shape[0] * shape[1])
            return Packed(np.frombuffer(content, np.uint8).reshape(shape))

        packed = [picture(shape) for shape in head["shapes"]]
        stills = []
        for (t_s, clip_t_s, faces), player, clip in zip(
            head["stills"], packed[::2], packed[1::2], strict=True
        ):
            if player is None:
                raise ValueError("a still without its player")
            boxes = tuple((x, y, width, height) for x, y, width, height in faces)
            stills.append(Still(t_s, clip_t_s, player, clip, boxes))
        x, y, width, height = head["window"]
        return cls(
            Moment(tuple(stills), head["decisive_s"], head["lost"], (x, y, width, height)),
            _ABOUT.validate_python(head["about"], strict=False),
            None if head["clip"] is None else Path(head["clip"]),
            Path(head["folder"]),
            head["stem"],
        )


#: From plain values and back.
_ABOUT = TypeAdapter(About)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the film: where in the moment, and how long the stamp has been there."""

    at_s: float
    stamped_s: float | None


def shots(moment: Moment) -> list[Shot]:
    """Return the film's pictures, ``RATE_HZ`` a second: as it was, then its end again, slowly."""
    span_s = moment.span_s()
    decisive_s = min(span_s, max(0.0, moment.decisive_s - moment.stills[0].t_s))
    taken: list[Shot] = []

    def run(from_s: float, to_s: float, speed: float, stamped_s: float | None) -> None:
        for number in range(round((to_s - from_s) / speed * RATE_HZ)):
            since_s = number / RATE_HZ
            stamp_s = None if stamped_s is None else stamped_s + since_s
            taken.append(Shot(from_s + since_s * speed, stamp_s))

    run(0.0, decisive_s, 1.0, None)
    still_s = FREEZE_S if moment.lost else 0.0
    taken.extend(Shot(decisive_s, number / RATE_HZ) for number in range(round(still_s * RATE_HZ)))
    run(decisive_s, span_s, 1.0, still_s)
    run(max(0.0, decisive_s - SLOW_BEFORE_S), decisive_s, SLOW, None)
    run(decisive_s, span_s, SLOW, 0.0)
    taken.extend(Shot(span_s, 1.0) for _ in range(round(REST_S * RATE_HZ)))
    return taken


def sound_of(moment: Moment, clip: Sound, hit: Sound) -> Sound:
    """Return the film's sound, (samples, 2) at ``SOUND_HZ``.

    Args:
        moment: what is shown.
        clip: the clip's sound from the moment's first picture on.
        hit: of a lost round, at its moment.
    """
    span_s = moment.span_s()
    decisive_s = min(span_s, max(0.0, moment.decisive_s - moment.stills[0].t_s))
    total = np.zeros((round(len(shots(moment)) / RATE_HZ * SOUND_HZ), 2), np.float32)

    def put(at_s: float, wave: Sound, gain: float = 1.0) -> None:
        start = round(at_s * SOUND_HZ)
        part = wave[: max(0, len(total) - start)]
        total[start : start + len(part)] += gain * part

    # A lost round's clip stood still from its moment on.
    heard = clip[: round((decisive_s if moment.lost else span_s) * SOUND_HZ)]
    put(0.0, _faded(heard))
    slow_s = span_s + (FREEZE_S if moment.lost else 0.0)
    part = heard[round(max(0.0, decisive_s - SLOW_BEFORE_S) * SOUND_HZ) :]
    places = np.arange(0, max(0, len(part) - 1), SLOW)
    if len(places):
        stretched = [np.interp(places, np.arange(len(part)), part[:, side]) for side in (0, 1)]
        put(slow_s, _faded(np.stack(stretched, axis=1).astype(np.float32)), _SLOW_GAIN)
    if moment.lost:
        put(decisive_s, hit)
    return np.clip(total, -1.0, 1.0)


def _faded(wave: Sound, seconds: float = 0.02) -> Sound:
    """Return it without clicks at its ends."""
    count = min(len(wave) // 2, round(seconds * SOUND_HZ))
    ramp = np.ones((len(wave), 1), np.float32)
    if count:
        ramp[:count, 0] = np.linspace(0, 1, count)
        ramp[-count:, 0] = np.linspace(1, 0, count)
    return wave * ramp


# --- The clip, read again -------------------------------------------------------------------------


def read_clip(
    path: Path, from_s: float, seconds: float
) -> tuple[list[tuple[float, Packed]], Sound]:
    """Return a clip's pictures (time after ``from_s``, picture) and its sound.

    Raises:
        av.FFmpegError: when it cannot be read.
    """
    shown: list[tuple[float, Packed]] = []
    with open_film(path) as container:
        stream = picture_stream(container)
        origin_s = (container.start_time or 0) / av.time_base
        container.seek(round((origin_s + from_s) * av.time_base))
        for frame in () if stream is None else pictures(container, stream):
            at_s = (frame.time or 0.0) - origin_s - from_s
            if at_s > seconds:
                break
            if stream is None or at_s < -0.5:
                continue
            width, height = shown_size_px(frame, stream)
            tall = min(height, _CLIP_PX) // 2 * 2
            size = (max(2, round(width * tall / height / 2) * 2), max(2, tall))
            shown.append((at_s, Packed.of(to_bgr(frame, size), tall)))
    return shown, read_sound(path, from_s, seconds)


def read_sound(path: Path, from_s: float, seconds: float) -> Sound:
    """Return so much of a file's sound, (samples, 2) at ``SOUND_HZ``; silence where it has none.

    Raises:
        av.FFmpegError: when it cannot be read.
    """
    heard = np.zeros((round(seconds * SOUND_HZ), 2), np.float32)
    with open_film(path) as container:
        if not container.streams.audio:
            return heard
        origin_s = (container.start_time or 0) / av.time_base
        container.seek(round((origin_s + from_s) * av.time_base))
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=SOUND_HZ)
        start: int | None = None
        for frame in decoded(container, container.streams.audio[0], AudioFrame):
            for piece in resampler.resample(frame):
                samples = piece.to_ndarray().reshape(-1, 2)
                if start is None:
                    start = round(((frame.time or 0.0) - origin_s - from_s) * SOUND_HZ)
                begin, end = max(0, start), min(len(heard), start + len(samples))
                if begin < end:
                    heard[begin:end] = samples[begin - start : end - start]
                start += len(samples)
            if start is not None and start >= len(heard):
                break
    return heard


# --- The films ------------------------------------------------------------------------------------


def make_moment(
    order: MomentOrder, tell: Callable[[float], None], stopped: Callable[[], bool]
) -> list[Path]:
    """Write the films and the still; return their files, the upright film first.

    Args:
        order: what and where.
        tell: gets how far it is, 0..1.
        stopped: says whether nobody wants it any more.

    Raises:
        GameError: when they cannot be written; nothing of them is left.
        StoppedError: when nobody wants them any more; nothing of them is left.
    """
    moment = order.moment
    first = moment.stills[0]
    clip: list[tuple[float, Packed]] = []
    sound = np.zeros((0, 2), np.float32)
    if order.clip is not None:
        try:
            clip, sound = read_clip(order.clip, first.clip_t_s, moment.span_s() + 0.1)
        except (av.FFmpegError, OSError) as error:
            why = reason(error) if isinstance(error, av.FFmpegError) else error
            log.warning("The moment is saved without its clip's sound: %s.", why)
    hit = read_sound(SOUNDS / f"{Effect.CAUGHT}.ogg", 0.0, 2.5)
    heard = sound_of(moment, sound, hit)
    taken = shots(moment)
    pages = sum(width * height for width, height in FORMATS.values())
    done = 0.0
    made: dict[str, bytes] = {}
    for name, (width, height) in FORMATS.items():
        poster = _poster(order, clip, (width, height))
        share = width * height / pages

        def told(
            frames: Iterator[Picture], before: float = done, share: float = share
        ) -> Iterator[Picture]:
            for number, frame in enumerate(frames):
                if stopped():
                    raise StoppedError
                tell(before + share * number / len(taken))
                yield frame

        made[f"{order.stem}-{name}.mp4"] = _film(
            told(_frames(order, poster, clip, taken)), (width, height), heard
        )
        done += share
    tell(1.0)
    poster = _poster(order, clip, FORMATS["tall"])
    still = max(taken, key=lambda shot: (shot.stamped_s is not None, -(shot.stamped_s or 0.0)))
    (page,) = _frames(order, poster, clip, [replace(still, stamped_s=1.0)])
    made[f"{order.stem}.jpg"] = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 92])[
        1
    ].tobytes()
    return _write(order.folder, made)


def _write(folder: Path, made: dict[str, bytes]) -> list[Path]:
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            write_beside(folder / name, content)
            written.append(folder / name)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise GameError(
            f"Cannot save the replay in {folder}: {error.strerror or error}.",
            hint="Free some space there, or make the folder writable.",
        ) from error
    return written


def _poster(
    order: MomentOrder, clip: list[tuple[float, Packed]], size_px: tuple[int, int]
) -> Poster:
    player = order.moment.cut(order.moment.stills[0].player.bgr())
    kept = [still.clip for still in order.moment.stills if still.clip is not None]
    shown = [packed for _, packed in clip] or kept
    clip_px = None
    if shown:
        high, wide = shown[0].planes.shape
        clip_px = (wide, high * 2 // 3)
    return Poster(order.about, size_px, (player.shape[1], player.shape[0]), clip_px)


def _frames(
    order: MomentOrder, poster: Poster, clip: list[tuple[float, Packed]], taken: list[Shot]
) -> Iterator[Picture]:
    moment = order.moment
    last: tuple[int, int, float | None] | None = None
    page: Picture | None = None
    stands_s = moment.decisive_s - moment.stills[0].t_s if moment.lost else None
    for shot in taken:
        number = moment.at(shot.at_s)
        clip_s = shot.at_s if stands_s is None else min(shot.at_s, stands_s)
        place = max(0, sum(at_s <= clip_s for at_s, _ in clip) - 1)
        fall_s = None if shot.stamped_s is None else min(shot.stamped_s, 0.2)
        if page is None or (number, place, fall_s) != last:
            still = moment.stills[number]
            packed = clip[place][1] if clip else still.clip
            player = cv2.flip(moment.cut(still.player.bgr()), 1)
            page = poster.picture(
                np.asarray(player, np.uint8), None if packed is None else packed.bgr(), fall_s
            )
            last = (number, place, fall_s)
        yield page


def _film(frames: Iterator[Picture], size_px: tuple[int, int], sound: Sound) -> bytes:
    """Return an MP4 with H.264 and AAC, which every phone plays."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264", rate=RATE_HZ, options={"crf": "21", "preset": "veryfast"}
        )
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 2
        voice = container.add_stream("aac", rate=SOUND_HZ)
        assert isinstance(voice, AudioStream)
        voice.layout = "stereo"
        for page in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(page, format="bgr24")))
        container.mux(stream.encode())
        for start in range(0, len(sound), 1024):
            samples = np.ascontiguousarray(sound[start : start + 1024].T)
            piece = AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
            piece.sample_rate, piece.pts = SOUND_HZ, start
            piece.time_base = Fraction(1, SOUND_HZ)
            container.mux(voice.encode(piece))
        container.mux(voice.encode())
    return made.getvalue()


# --- The process ----------------------------------------------------------------------------------


def main() -> None:
    """Make what is ordered on stdin.

    On stdout one JSON object a line: ``share``; at the end ``files``, or ``error`` and ``hint``.
    """
    # Whatever libraries print goes elsewhere.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.basicConfig(stream=sys.stderr)
    order = MomentOrder.read(sys.stdin.buffer)
    stop = threading.Event()
    threading.Thread(target=_watch, args=(sys.stdin.fileno(), stop), daemon=True).start()

    def say(**what: object) -> None:
        answers.write(json.dumps(what) + "\n")
        answers.flush()

    try:
        files = make_moment(order, lambda share: say(share=round(share, 3)), stop.is_set)
        say(files=[str(path) for path in files])
    except GameError as error:
        say(error=error.message, hint=error.hint)
    except StoppedError:
        say(error="It was stopped.", hint="")


def _watch(pipe: int, stop: threading.Event) -> None:
    """Stop when the game closes the pipe, or is no more."""
    while os.read(pipe, 1):
        pass
    stop.set()
