"""A saved moment: two films with sound and a still, made by a process of its own."""

from __future__ import annotations

import io
import time
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from modes_for_tests import MODES

from emotion_game.app import moment_film
from emotion_game.app.moment_film import (
    FORMATS,
    FREEZE_S,
    RATE_HZ,
    SOUND_HZ,
    MomentOrder,
    StoppedError,
    make_moment,
    read_clip,
    shots,
    sound_of,
)
from emotion_game.app.moment_poster import About
from emotion_game.app.moment_saver import MomentProcess
from emotion_game.app.replay_film import Moment, Packed, Still
from emotion_game.errors import GameError
from emotion_game.game.types import MatchResult, Outcome, Reason, RoundResult

LIMIT_S = 300.0
PLAYER = np.full((480, 640, 3), (10, 20, 200), np.uint8)
CLIP = np.full((360, 640, 3), (200, 100, 50), np.uint8)


def moment(seconds=0.6, decisive_s=0.4, *, lost=True, clip=True):
    stills = tuple(
        Still(
            100.0 + number / 15,
            2.0 + number / 15,
            Packed.of(PLAYER, 480),
            Packed.of(CLIP, 360) if clip else None,
        )
        for number in range(round(seconds * 15) + 1)
    )
    return Moment(stills, 100.0 + decisive_s, lost)


def result(outcome=Outcome.LOST):
    reason = Reason.HELD if outcome is Outcome.LOST else Reason.CLIP_ENDED
    return RoundResult("happy", 1, outcome, reason, "x", 9.0, 7.2, 6.5, 0.05, 0.85, 0.8, ())


def match():
    return MatchResult("happy", 1, 1, False, Reason.HELD, 1, "x", 9.0, 0.85, (4.5, None), ((), ()))


def order(folder, of=None, about=None, clip=None):
    said = about or About(result(), "en", MODES)
    return MomentOrder(of or moment(), said, clip, folder, "moment")


@pytest.fixture
def small(monkeypatch):
    """Films as small as they can be: what is in them is the same."""
    monkeypatch.setattr(moment_film, "FORMATS", {"tall": (108, 192), "square": (108, 108)})


@pytest.mark.parametrize("said", [result(), match()], ids=["alone", "match"])
@pytest.mark.parametrize("clip", [True, False])
def test_an_order_arrives_as_it_was_sent(tmp_path, said, clip):
    about = About(said, "ko", MODES, crowned=True, names=("왕눈이", ""))
    sent = order(tmp_path / "내 영상", moment(clip=clip), about, tmp_path / "clip.mp4")
    pipe = io.BytesIO()
    sent.write(pipe)
    pipe.seek(0)
    got = MomentOrder.read(pipe)
    assert pipe.read() == b""
    assert (got.about, got.clip, got.folder, got.stem) == (about, sent.clip, sent.folder, sent.stem)
    assert got.moment.decisive_s == sent.moment.decisive_s
    assert (got.moment.lost, got.moment.window) == (sent.moment.lost, sent.moment.window)
    for one, other in zip(got.moment.stills, sent.moment.stills, strict=True):
        assert (one.t_s, one.clip_t_s, one.faces) == (other.t_s, other.clip_t_s, other.faces)
        assert (one.player.planes == other.player.planes).all()
        assert (one.clip is None) == (other.clip is None) == (not clip)


@pytest.fixture
def film(tmp_path) -> Path:
    """A clip of 6 s whose sound is 440 Hz."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("libx264", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 320, 180, "yuv420p"
        voice = container.add_stream("aac", rate=44_100)
        for number in range(60):
            picture = np.full((180, 320, 3), number * 4, np.uint8)
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(pictures.encode())
        wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(6 * 44_100) / 44_100)
        for start in range(0, len(wave), 1024):
            part = wave[start : start + 1024].astype(np.float32)
            piece = av.AudioFrame.from_ndarray(part[None], format="fltp", layout="mono")
            piece.sample_rate, piece.pts = 44_100, start
            container.mux(voice.encode(piece))
        container.mux(voice.encode())
    return path


def decoded(path):
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    with av.open(str(path)) as container:
        pieces = [frame.to_ndarray() for frame in container.decode(audio=0)]
        rate_hz = container.streams.audio[0].rate
    return frames, np.concatenate(pieces, axis=1), rate_hz


def loudest_hz(wave):
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return np.argmax(spectrum) * SOUND_HZ / len(wave)


def test_the_process_makes_two_films_with_sound_and_a_still(tmp_path, film):
    process = MomentProcess(order(tmp_path / "내 동영상", clip=film))
    shares, ends_s = [0.0], time.monotonic() + LIMIT_S
    while not process.done():
        assert time.monotonic() < ends_s
        shares.append(process.share)
        time.sleep(0.05)
    files = process.result()
    assert [path.name for path in files] == [
        "moment-tall.mp4",
        "moment-square.mp4",
        "moment.jpg",
    ]
    assert sorted(files) == sorted((tmp_path / "내 동영상").iterdir())
    assert shares == sorted(shares)
    assert process.share == 1.0
    for path, (width, height) in zip(files, FORMATS.values(), strict=False):
        frames, sound, rate_hz = decoded(path)
        assert frames[0].shape == (height, width, 3)
        assert len(frames) == len(shots(moment()))
        assert rate_hz == SOUND_HZ
        assert len(sound) == 2
        assert loudest_hz(sound[0][: round(0.35 * SOUND_HZ)]) == pytest.approx(440, abs=15)
        # The player in the game's frame, and the clip as its file has it.
        red = np.abs(frames[3].astype(int) - (10, 20, 200)).max(axis=2) < 40
        assert red.mean() > 0.15
    still = cv2.imdecode(np.frombuffer(files[2].read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert still.shape == (1920, 1080, 3)


@pytest.mark.parametrize(
    "about",
    [
        About(result(), "ko", MODES),
        About(result(Outcome.WON), "en", MODES, crowned=True),
        About(match(), "ko", MODES),
    ],
)
@pytest.mark.parametrize("clip", [True, False])
def test_every_kind_of_moment_is_made(tmp_path, small, about, clip):
    of = moment(lost=about.lost, clip=clip)
    files = make_moment(order(tmp_path, of, about), lambda _: None, lambda: False)
    assert all(path.stat().st_size > 500 for path in files)


def test_a_lost_moment_stands_still_and_is_shown_again_slowly():
    of = moment(2.0, 1.4)
    taken = shots(of)
    stands = [shot for shot in taken if shot.at_s == pytest.approx(1.4) and shot.stamped_s]
    assert len(stands) >= FREEZE_S * RATE_HZ - 1
    assert taken[0].stamped_s is None
    assert taken[-1].at_s == pytest.approx(of.span_s())
    steps = {round((b.at_s - a.at_s) * RATE_HZ, 3) for a, b in pairwise(taken)}
    assert {0.0, 0.5, 1.0} <= steps


def test_the_sound_stops_with_a_lost_clip_and_goes_on_with_a_won_one():
    tone = 0.5 * np.sin(np.arange(3 * SOUND_HZ) * 0.06)
    tone = np.stack([tone, tone], axis=1).astype(np.float32)
    silence = np.zeros((10, 2), np.float32)
    after = slice(round(1.5 * SOUND_HZ), round(1.9 * SOUND_HZ))
    assert np.abs(sound_of(moment(2.0, 1.4), tone, silence)[after]).max() == 0.0
    assert np.abs(sound_of(moment(2.0, 1.4, lost=False), tone, silence)[after]).max() > 0.4


def test_a_clip_is_read_from_where_the_moment_began(film):
    pictures, sound = read_clip(film, 3.0, 1.0)
    ahead = [packed for at_s, packed in pictures if at_s >= -0.01]
    assert ahead[0].bgr().mean() == pytest.approx(120, abs=8)
    assert loudest_hz(sound[:, 0]) == pytest.approx(440, abs=5)


@pytest.mark.parametrize("content", [None, b"", b"no film at all" * 99])
def test_a_clip_that_is_gone_costs_the_sound_alone(tmp_path, small, caplog, content):
    gone = tmp_path / "gone.mp4"
    if content is not None:
        gone.write_bytes(content)
    files = make_moment(order(tmp_path / "out", clip=gone), lambda _: None, lambda: False)
    assert len(files) == 3
    assert "without its clip's sound" in caplog.text


def test_who_stops_it_leaves_nothing(tmp_path, small):
    told = []
    with pytest.raises(StoppedError):
        make_moment(order(tmp_path / "out"), told.append, lambda: len(told) > 5)
    assert not (tmp_path / "out").exists()


def test_a_stopped_process_leaves_nothing(tmp_path):
    process = MomentProcess(order(tmp_path / "out"))
    ends_s = time.monotonic() + LIMIT_S
    while process.share == 0.0 and not process.done():
        assert time.monotonic() < ends_s
        time.sleep(0.02)
    process.stop()
    assert process.done()
    assert not list((tmp_path / "out").glob("*"))
    with pytest.raises(GameError):
        process.result()


def test_it_can_be_stopped_before_it_has_begun(tmp_path):
    process = MomentProcess(order(tmp_path / "out"))
    process.stop()
    assert process.done()
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path, small):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GameError, match="Cannot save the replay"):
        make_moment(order(tmp_path / "file"), lambda _: None, lambda: False)
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_disk_that_is_full_after_the_first_film_keeps_none(tmp_path, small, monkeypatch):
    write = moment_film.write_beside

    def fill_up(path, content):
        if path.suffix == ".jpg":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(moment_film, "write_beside", fill_up)
    with pytest.raises(GameError, match="No space left"):
        make_moment(order(tmp_path / "out"), lambda _: None, lambda: False)
    assert not list((tmp_path / "out").iterdir())
