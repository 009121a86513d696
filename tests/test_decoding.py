"""Films as people have them, made from the demo player and compared with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.stream import Disposition

from emotion_game import paths
from emotion_game.clips.convert import convert_clip, write_thumbnail
from emotion_game.clips.examine import examine_clip
from emotion_game.clips.probe import probe_clip
from emotion_game.decoding import decoded, open_film, picture_stream, pictures
from emotion_game.errors import CameraError, ClipError
from emotion_game.vision.camera import read_video

DEMO_FILM = paths.VIDEOS / "demo_player.mp4"
#: Mean difference of a picture from what it was made from, of 255: what compression takes.
CLOSE = 4.0
#: Flags of FFmpeg's encoders: two fields a picture, and motion looked for in each by itself.
INTERLACED = 1 << 18 | 1 << 29
PICTURES = 24


@pytest.fixture(scope="module")
def player() -> list[np.ndarray]:
    """The demo player's first pictures, (480, 640, 3) uint8 BGR."""
    with av.open(str(DEMO_FILM)) as film:
        return [
            frame.to_ndarray(format="bgr24")
            for _, frame in zip(range(PICTURES), film.decode(video=0), strict=False)
        ]


def write_film(
    path: Path,
    shown: list[np.ndarray],
    codec: str = "libx264",
    pixels: str = "yuv420p",
    *,
    size: tuple[int, int] = (640, 480),
    rate: Fraction | int = 30,
    flags: int = 0,
    aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
    kind: str | None = None,
    times: list[int] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write pictures as a film; ``times`` are in pictures of the rate."""
    with av.open(str(path), "w", format=kind) as film:
        film.metadata.update(metadata or {})
        stream = film.add_stream(codec, rate=rate, options=options or {})
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        stream.codec_context.flags |= flags
        for number, picture in enumerate(shown):
            frame = av.VideoFrame.from_ndarray(picture, "bgr24").reformat(*size, pixels)
            frame.pts = number if times is None else times[number]
            frame.time_base = 1 / Fraction(rate)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def difference(seen: np.ndarray, made_from: np.ndarray) -> float:
    made_from = cv2.resize(made_from, seen.shape[1::-1]).astype(int)
    return float(np.abs(seen.astype(int) - made_from).mean())


def assert_same(path: Path, player: list[np.ndarray], close: float = CLOSE) -> list[float]:
    """Compare every picture of a film; return the times, seconds."""
    found = list(read_video(path))
    assert len(found) == len(player)
    both = zip((picture for _, picture in found), player, strict=True)
    assert max(difference(seen, made_from) for seen, made_from in both) < close
    times_s = [t_s for t_s, _ in found]
    assert times_s[0] == 0.0
    assert min(np.diff(times_s)) > 0.0
    return times_s


Film = Callable[[Path, list[np.ndarray]], Path]

FILMS: dict[str, Film] = {
    "camcorder.mts": lambda p, s: write_film(
        p, s, flags=INTERLACED, kind="mpegts", options={"x264-params": "tff=1"}
    ),
    "bottom field first.mkv": lambda p, s: write_film(
        p, s, pixels="yuv422p10le", flags=INTERLACED, options={"x264-params": "bff=1"}
    ),
    "dvd.vob": lambda p, s: write_film(
        p, s, "mpeg2video", flags=INTERLACED, kind="vob", options={"b": "8M"}
    ),
    "mpeg2.ts": lambda p, s: write_film(p, s, "mpeg2video", options={"b": "8M"}),
    "b frames.avi": lambda p, s: write_film(p, s, options={"bf": "3"}),
    "xvid.avi": lambda p, s: write_film(p, s, "mpeg4", options={"b": "8M", "bf": "2"}),
    "bare.h264": lambda p, s: write_film(p, s, kind="h264"),
    "10 bit.mkv": lambda p, s: write_film(p, s, pixels="yuv420p10le"),
    "444.mp4": lambda p, s: write_film(p, s, pixels="yuv444p"),
    "rgb.mp4": lambda p, s: write_film(p, s, "libx264rgb", "bgr24"),
    "alpha.mov": lambda p, s: write_film(p, s, "png", "rgba"),
    "alpha.webm": lambda p, s: write_film(p, s, "libvpx-vp9", "yuva420p", options={"b": "4M"}),
    "odd.mkv": lambda p, s: write_film(p, s, "ffv1", "yuv444p", size=(639, 479)),
    **{
        f"tag {tag}.mp4": lambda p, s, tag=tag: write_film(
            p, s, options={"x264-params": f"colormatrix={tag}"}
        )
        for tag in ("bt2020c", "YCgCo", "chroma-derived-nc", "ICtCp", "smpte2085", "GBR")
    },
}


@pytest.mark.parametrize("name", FILMS)
def test_films_of_every_kind_show_what_they_were_made_from(tmp_path, player, name):
    assert_same(FILMS[name](tmp_path / name, player), player)


def test_full_range_stays(tmp_path, player):
    path = tmp_path / "full.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=30, options={"x264-params": "colormatrix=YCgCo"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuvj420p"
        stream.codec_context.color_range = 2
        for picture in player:
            frame = av.VideoFrame.from_ndarray(picture, "bgr24")
            film.mux(stream.encode(frame.reformat(format="yuvj420p", dst_color_range=2)))
        film.mux(stream.encode(None))
    assert_same(path, player)


def test_an_hd_film_that_names_no_colours_is_bt709(tmp_path):
    # In this green the two ways to make colours are far from each other.
    green = np.zeros((720, 1280, 3), np.uint8)
    green[:] = (40, 200, 60)
    path = tmp_path / "hd.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=30, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(green, "bgr24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
            frame.colorspace = 2
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    assert_same(path, [green] * 3)


def test_gray_films(tmp_path, player):
    gray = [
        cv2.cvtColor(cv2.cvtColor(each, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR) for each in player
    ]
    assert_same(write_film(tmp_path / "gray.mkv", gray, "ffv1", "gray"), gray)


def test_dv_has_pixels_that_are_not_square(tmp_path, player):
    pal = write_film(tmp_path / "pal.dv", player, "dvvideo", size=(720, 576), rate=25)
    ntsc = write_film(
        tmp_path / "ntsc.avi", player, "dvvideo", "yuv411p", size=(720, 480),
        rate=Fraction(30000, 1001),
    )  # fmt: skip
    for path, size in ((pal, (768, 576)), (ntsc, (640, 480))):
        assert_same(path, player)
        assert next(read_video(path))[1].shape == (*size[::-1], 3)


def test_oblong_pixels_are_shown_square(tmp_path, player):
    path = write_film(tmp_path / "oblong.mp4", player, size=(480, 480), aspect=Fraction(4, 3))
    assert_same(path, player)
    assert next(read_video(path))[1].shape == (480, 640, 3)


def test_an_absurd_shape_of_pixels_is_not_believed(tmp_path, player):
    path = write_film(tmp_path / "absurd.mp4", player, aspect=Fraction(200, 1))
    assert_same(path, player)


def test_a_phone_held_upright(tmp_path, player):
    plain = write_film(tmp_path / "plain.mp4", player)
    data = bytearray(plain.read_bytes())
    # The track's matrix, fixed point 16.16: a quarter turn clockwise instead of none.
    track = data.index(b"tkhd") + 4 + 40
    for at, value in enumerate((0, 1 << 16, 0, -1 << 16, 0, 0)):
        data[track + 4 * at : track + 4 * at + 4] = value.to_bytes(4, "big", signed=True)
    turned = tmp_path / "turned.mp4"
    turned.write_bytes(data)
    assert_same(turned, [cv2.rotate(each, cv2.ROTATE_90_CLOCKWISE) for each in player])


def test_only_pictures_of_two_fields_are_made_anew(tmp_path, player):
    path = write_film(tmp_path / "x.mts", player, flags=INTERLACED, kind="mpegts")
    with open_film(path) as film:
        stream = picture_stream(film)
        woven = list(decoded(film, stream, av.VideoFrame))
    assert all(frame.interlaced_frame for frame in woven)
    with open_film(path) as film:
        whole = list(pictures(film, picture_stream(film)))
    assert len(whole) == len(woven)
    # The woven fields of a player who moves show as lines; in a whole picture they are gone.
    plain = write_film(tmp_path / "plain.mkv", player, "ffv1", "yuv420p")
    with open_film(plain) as film:
        kept = [f.to_ndarray() for f in pictures(film, picture_stream(film))]
    with open_film(plain) as film:
        straight = [f.to_ndarray() for f in decoded(film, picture_stream(film), av.VideoFrame)]
    assert all(map(np.array_equal, kept, straight))


def test_fields_of_a_moving_player_are_told_apart(tmp_path):
    """A bar that is elsewhere in each of the two fields must not come out as a comb."""
    woven = []
    for number in range(10):
        picture = np.full((480, 640, 3), 40, np.uint8)
        for field in (0, 1):
            left = 100 + 40 * number + 20 * field
            picture[field::2, left : left + 60] = 220
        woven.append(picture)
    path = write_film(
        tmp_path / "bar.mts", woven, flags=INTERLACED, kind="mpegts", pixels="yuv420p",
        options={"crf": "5", "x264-params": "tff=1"},
    )  # fmt: skip
    for _, picture in list(read_video(path))[2:-2]:
        # In a comb every line differs from the next where the bar moved.
        lines = picture[100:380:1, :, 1].astype(int)
        assert (np.abs(np.diff(lines, axis=0)) > 60).mean() < 0.01


def test_damaged_packets_in_the_middle_are_left_out(tmp_path, player):
    path = write_film(tmp_path / "film.ts", player, "mpeg2video", options={"b": "4M", "g": "4"})
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 188 * 188
    data[middle : middle + 188 * 30] = np.random.default_rng(1).bytes(188 * 30)
    path.write_bytes(data)
    times_s = [t_s for t_s, _ in read_video(path)]
    assert PICTURES / 2 < len(times_s) <= PICTURES
    assert min(np.diff(times_s)) > 0.0
    assert times_s[-1] == pytest.approx((PICTURES - 1) / 30, abs=0.05)


def test_a_picture_may_stay_for_longer_than_others(tmp_path, player):
    times = [0, 1, 2, 10, 11, 40, 41, 42]
    path = write_film(tmp_path / "uneven.mp4", player[: len(times)], times=times)
    assert assert_same(path, player[: len(times)]) == pytest.approx(
        [time / 30 for time in times], abs=0.002
    )


def test_two_streams_one_behind_the_other(tmp_path, player):
    """The stamps of the second begin anew, and its pictures are larger."""
    first = write_film(tmp_path / "1.ts", player, "mpeg2video", options={"b": "8M"})
    second = write_film(tmp_path / "2.ts", player, "mpeg2video", size=(1280, 960))
    both = tmp_path / "both.ts"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    found = list(read_video(both))
    assert len(found) == pytest.approx(2 * PICTURES, abs=2)
    assert {picture.shape for _, picture in found} == {(480, 640, 3), (960, 1280, 3)}
    assert min(np.diff([t_s for t_s, _ in found])) > 0.0


def test_a_gif_moves(tmp_path, player):
    few = [cv2.resize(each, (160, 120)) for each in player]
    path = write_film(tmp_path / "x.gif", few, "gif", "rgb8", size=(160, 120), rate=10)
    assert assert_same(path, few, close=25.0) == pytest.approx([n / 10 for n in range(PICTURES)])


def test_a_title_in_another_encoding_keeps_no_film_from_being_read(tmp_path, player):
    path = write_film(tmp_path / "old.avi", player, "mpeg4", metadata={"title": "T" * 12})
    data = path.read_bytes()
    assert b"T" * 12 in data
    path.write_bytes(data.replace(b"T" * 12, "우리동네놀이".encode("cp949")))
    assert len(list(read_video(path))) == PICTURES
    assert probe_clip(path).width == 640


def test_a_cover_is_no_film(tmp_path, player):
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as song:
        cover = song.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 640, 480, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        sound = song.add_stream("aac", rate=48_000, layout="stereo")
        packet = av.Packet(cv2.imencode(".jpg", player[0])[1].tobytes())
        packet.stream, packet.pts, packet.dts, packet.time_base = cover, 0, 0, Fraction(1)
        song.mux(packet)
        silence = np.zeros((1, 2 * 1024), np.int16)
        frame = av.AudioFrame.from_ndarray(silence, format="s16", layout="stereo")
        frame.sample_rate = 48_000
        song.mux([*sound.encode(frame), *sound.encode(None)])
    with pytest.raises(CameraError, match="not a video"):
        read_video(path)
    with pytest.raises(ClipError, match="no video track"):
        probe_clip(path)


def test_memory_does_not_grow_with_the_length_of_a_film(tmp_path, player):
    path = write_film(tmp_path / "long.mp4", player * 40, options={"preset": "ultrafast"})
    code = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from emotion_game.vision.camera import read_video\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "for number, _ in enumerate(read_video(Path(sys.argv[1]))):\n"
        "    if number == 100: before = peak()\n"
        "print(number, peak() - before)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    pictures_read, grown_mib = map(int, answer.stdout.split())
    assert pictures_read == 40 * PICTURES - 1
    assert grown_mib < 60  # all of them together take 840


# --- Clips ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("own.mp4", {"options": {"x264-params": "colormatrix=bt2020c"}}),
        ("own.mp4", {"flags": INTERLACED}),
        ("own.mxf", {"codec": "mpeg2video", "rate": 25, "options": {"b": "20M"}}),
    ],
)
def test_odd_clips_are_converted_and_have_a_thumbnail(tmp_path, player, name, options):
    source = write_film(tmp_path / name, player * 4, **options)
    target, thumbnail = tmp_path / "clip.mp4", tmp_path / "clip.jpg"
    convert_clip(source, examine_clip(source), target)
    (_, seen), *_ = list(read_video(target))
    assert difference(seen, player[0]) < 1.5 * CLOSE  # it was compressed twice
    write_thumbnail(source, thumbnail)
    assert difference(cv2.imread(str(thumbnail)), player[0]) < 2 * CLOSE
