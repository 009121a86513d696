"""Films whose stamps, sizes or sounds change on the way: all of them is kept, or it is told."""

from __future__ import annotations

import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from film_maker import every, write_film

from emotion_game.clips.examine import RATE_HZ, Examination, check_header, examine_clip
from emotion_game.clips.library import own_folder
from emotion_game.clips.own import About, add_clip
from emotion_game.errors import ClipError


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / "data" / name)


def film(path: Path, seconds: float, **options: object) -> Path:
    return write_film(path, seconds=seconds, times_s=every(25, seconds), **options)  # type: ignore[arg-type]


def moved(film: Path, path: Path, *, picture_s: float = 0.0, sound_s: float = 0.0) -> Path:
    """Copy a film with its stamps moved."""
    with av.open(str(film)) as source, av.open(str(path), "w") as out:
        streams = {s.index: out.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            by_s = picture_s if packet.stream.type == "video" else sound_s
            packet.pts += round(by_s / float(packet.time_base))
            packet.dts += round(by_s / float(packet.time_base))
            packet.stream = streams[packet.stream.index]
            out.mux(packet)
    return path


def joined(path: Path, *films: Path) -> Path:
    path.write_bytes(b"".join(each.read_bytes() for each in films))
    return path


def added(film: Path) -> tuple[Examination, str, list[np.ndarray]]:
    """Add a film; return what came into the library, what was said, and one picture a second."""
    result = add_clip(film, "happy", 1, About())
    path = own_folder() / result.entry.file
    with av.open(str(path)) as container:
        frames = {f.time: f.to_ndarray(format="gray") for f in container.decode(video=0)}
    found = examine_clip(path)
    middles = [second + 0.5 for second in range(round(found.duration_s))]
    pictures = [frames[min(frames, key=lambda t_s: abs(t_s - each))] for each in middles]
    return found, result.done, pictures


def heard(found: Examination) -> list[bool]:
    """Return for every second whether there is a sound in its middle."""
    middles = range(RATE_HZ // 2, len(found.samples) - RATE_HZ // 4, RATE_HZ)
    return [bool(np.abs(found.samples[at : at + 2_400]).max() > 0.05) for at in middles]


@pytest.mark.parametrize(
    "start_s", [0.0, 2.0, 30.0, 1_000.0, -1.0], ids=["again", "overlapping", "30 s", "1000 s", "-1"]
)
def test_joined_recordings_are_kept_whole(tmp_path: Path, start_s: float) -> None:
    first = moved(film(tmp_path / "a.mp4", 4.0), tmp_path / "a.ts", picture_s=2, sound_s=2)
    second = film(tmp_path / "b.mp4", 5.0, size=(128, 96))
    second = moved(second, tmp_path / "b.ts", picture_s=2 + start_s, sound_s=2 + start_s)
    found, done, pictures = added(joined(tmp_path / "both.ts", first, second))
    assert "its time jumps once" in done
    assert found.duration_s == pytest.approx(9.0, abs=0.1)
    assert heard(found) == [True] * 9
    # In each of the two the square moves from the left to the right.
    columns = [int(np.argmax(each[each.shape[0] // 4] > 200)) for each in pictures]
    assert columns[:4] == sorted(columns[:4])
    assert columns[4:] == sorted(columns[4:])
    assert columns[4] < columns[3]


def test_a_counter_that_runs_over_is_no_jump(tmp_path: Path) -> None:
    over_s = 2**33 / 90_000 - 4.0
    source = film(tmp_path / "a.mp4", 8.0)
    found, done, _ = added(moved(source, tmp_path / "a.ts", picture_s=over_s, sound_s=over_s))
    assert "jumps" not in done
    assert found.duration_s == pytest.approx(8.0, abs=0.1)
    assert heard(found) == [True] * 8


def test_a_long_still_is_kept(tmp_path: Path) -> None:
    times_s = [*every(25, 2.0), *(16.0 + t_s for t_s in every(25, 2.0))]
    source = write_film(tmp_path / "a.mp4", seconds=18.0, times_s=times_s)
    for name in ("still.ts", "still.mkv"):
        found, done, _ = added(moved(source, tmp_path / name, picture_s=2, sound_s=2))
        assert "jumps" not in done, name
        assert found.duration_s == pytest.approx(18.0, abs=0.2), name
        assert heard(found) == [True] * 18, name


def test_a_sound_of_several_kinds_is_heard_whole(tmp_path: Path) -> None:
    kinds = [(48_000, "stereo"), (44_100, "mono"), (32_000, "stereo")]
    parts = []
    for number, (rate_hz, layout) in enumerate(kinds):
        path = tmp_path / f"{number}.ts"
        with av.open(str(path), "w") as out:
            video = out.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            sound = out.add_stream("aac", rate=rate_hz, layout=layout)
            for index in range(50):
                picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), index, np.uint8))
                picture.pts, picture.time_base = index, Fraction(1, 25)
                out.mux(video.encode(picture))
            out.mux(video.encode(None))
            t = np.arange(2 * rate_hz) / rate_hz
            wave = (0.2 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)
            wave = np.repeat(wave, len(sound.layout.channels))[None]
            frame = av.AudioFrame.from_ndarray(wave, "flt", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
            resampler = av.AudioResampler(sound.format, layout, rate_hz, frame_size=1024)
            for piece in [*resampler.resample(frame), *resampler.resample(None)]:
                out.mux(sound.encode(piece))
            out.mux(sound.encode(None))
        parts.append(path)
    found, done, _ = added(joined(tmp_path / "all.ts", *parts))
    assert "its time jumps 2 times" in done
    # Each sound is longer than its pictures by what the encoder adds, and they stay together.
    assert found.duration_s == pytest.approx(6.0, abs=0.2)
    assert heard(found) == [True] * 6


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_late_sound_stays_late_and_what_is_cut_is_told(tmp_path: Path, suffix: str) -> None:
    source = film(tmp_path / "a.mp4", 6.0)
    found, done, _ = added(moved(source, tmp_path / f"late{suffix}", sound_s=2.0))
    assert found.duration_s == pytest.approx(6.0, abs=0.1)
    assert heard(found) == [False, False, True, True, True, True]
    assert "it ends with its last picture, 2.0 s before its sound" in done


def test_what_an_edit_list_leaves_out_stays_out(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", 9.0)
    content = bytearray(path.read_bytes())
    at = content.index(b"elst") + 12
    _, _, rate = struct.unpack_from(">IiI", content, at)
    with av.open(str(path)) as container:
        tick_s = float(container.streams.video[0].time_base or 0)
    # From 2 s on, 5 s: in ticks of the film, which its header says, and of the track.
    (film_hz,) = struct.unpack_from(">I", content, content.index(b"mvhd") + 16)
    struct.pack_into(">IiI", content, at, 5 * film_hz, round(2 / tick_s), rate)
    path.write_bytes(content)
    found, _, pictures = added(path)
    assert found.duration_s == pytest.approx(5.0, abs=0.1)
    left = int(np.argmax(pictures[0][12] > 200))
    assert left == pytest.approx(2.5 / 9 * 48, abs=2)


def test_of_several_sound_tracks_it_is_told_which_is_taken(tmp_path: Path) -> None:
    source, path = film(tmp_path / "a.mp4", 4.0), tmp_path / "two.mp4"
    with av.open(str(source)) as one, av.open(str(source)) as two, av.open(str(path), "w") as out:
        streams = [out.add_stream_from_template(s) for s in (*one.streams, two.streams.audio[0])]
        for packet in one.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                out.mux(packet)
        for packet in two.demux(audio=0):
            if packet.dts is not None:
                packet.stream = streams[2]
                out.mux(packet)
    found, done, _ = added(path)
    assert "the first of 2 sound tracks is taken" in done
    assert heard(found) == [True] * 4


@pytest.mark.parametrize("start_s", [0.0, 20.0])
@pytest.mark.parametrize("sound", ["aac", None])
def test_a_matroska_film_whose_pictures_refer_to_later_ones_is_kept_whole(
    tmp_path: Path, start_s: float, sound: str | None
) -> None:
    made = film(tmp_path / "made.mp4", 4.0, b_frames=3, audio=sound)
    # Its first packets then have no time of decoding.
    path = moved(made, tmp_path / "b.mkv", picture_s=start_s, sound_s=start_s)
    with av.open(str(path)) as container:
        assert next(container.demux(video=0)).dts is None
    result = add_clip(path, "happy", 1, About())
    assert "picture and sound converted" not in result.done
    with (
        av.open(str(own_folder() / result.entry.file)) as clip,
        av.open(str(made)) as container,
    ):
        kept = [(f.time, f.to_ndarray(format="gray")) for f in clip.decode(video=0)]
        whole = [(f.time, f.to_ndarray(format="gray")) for f in container.decode(video=0)]
    # The sound of an AAC encoder begins a little before its film.
    assert [t_s for t_s, _ in kept] == pytest.approx([t_s for t_s, _ in whole], abs=0.025)
    assert all((a == b).all() for (_, a), (_, b) in zip(kept, whole, strict=True))


# --- Bounds ---------------------------------------------------------------------------------------


def plain(path: Path, size: tuple[int, int], rate_hz: int, count: int) -> Path:
    """Write a film of a gray picture; it takes little to write, much to decode."""
    with av.open(str(path), "w") as out:
        options = {"preset": "ultrafast", "crf": "45"}
        stream = out.add_stream("libx264", rate=rate_hz, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        picture = av.VideoFrame(*size, "yuv420p")
        for plane in picture.planes:
            plane.update(bytes([90]) * plane.buffer_size)
        for number in range(count):
            picture.pts, picture.time_base = number, Fraction(1, rate_hz)
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def test_too_large_too_fast_and_too_long_is_told_before_anything_is_decoded(tmp_path: Path) -> None:
    for path, said in {
        plain(tmp_path / "large.mp4", (8192, 8192), 10, 2): "8192 x 8192 pixels large",
        plain(tmp_path / "wide.mkv", (8192, 2048), 10, 2): "8192 x 2048 pixels large",
        plain(tmp_path / "fast.mp4", (64, 48), 240, 960): "has 240 pictures a second",
        plain(tmp_path / "fast.mkv", (64, 48), 240, 960): "has 240 pictures a second",
        plain(tmp_path / "fast.ts", (64, 48), 240, 960): "has 240 pictures a second",
        plain(tmp_path / "long.ts", (64, 48), 1, 125): "is too long",
        plain(tmp_path / "long.mp4", (64, 48), 1, 125): "is 2:05 min long",
    }.items():
        with pytest.raises(ClipError, match=said) as fault:
            check_header(path)
        assert path.name in fault.value.message
    for path in (
        plain(tmp_path / "5.3K.mp4", (5312, 2988), 30, 2),
        plain(tmp_path / "slow motion.mov", (64, 48), 120, 480),
    ):
        check_header(path)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak of the memory")
def test_what_turns_out_larger_than_its_header_says_stays_bounded(tmp_path: Path) -> None:
    small = film(tmp_path / "small.ts", 4.0, audio=None)
    large = plain(tmp_path / "large.ts", (8192, 8192), 10, 8)
    path = joined(tmp_path / "grows.ts", small, large)
    script = (
        "import re, sys; from pathlib import Path;"
        "from emotion_game.clips.examine import examine_clip; from emotion_game.errors import *\n"
        "try: print(examine_clip(Path(sys.argv[1])).duration_s)\n"
        "except ClipError as error: print(error)\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, encoding="utf-8", check=True
    )
    said, peak_kib = done.stdout.splitlines()
    assert said.startswith("grows.ts is damaged")
    assert int(peak_kib) < 500_000
