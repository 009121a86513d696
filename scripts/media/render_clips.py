"""Draw and synthesise the clips that come with the game, and list them in the catalogue.

    python scripts/media/render_clips.py                     # whatever is missing in videos/
    python scripts/media/render_clips.py --only potato --again
    python scripts/media/render_clips.py --only duck --preview pages/
    python scripts/media/render_clips.py --check

Needs the extra ``media`` (skia-python, scipy). Everything drawn here is CC0-1.0.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import av
import numpy as np
import skia
import typer
from av.container import InputContainer
from av.packet import Packet
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream
from clip_art import all_scenes
from clip_art.checks import MOST_FLASHES, check_clip
from clip_art.kit import FPS, HEIGHT_PX, WIDTH_PX, Pen, Scene
from clip_art.preview import write_preview
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from emotion_game.clips.convert import SoundPackets, encoded_sound
from emotion_game.clips.loudness import PEAK_DBFS, Samples, even
from emotion_game.settings import read_toml

#: What came out of the encoder, and the time reached.
Encoded = tuple[list[Packet[VideoStream]], float]
LICENCE = "CC0-1.0"
ORIGIN = "drawn and synthesised by scripts/media/render_clips.py"
HEADER = (
    "# Every clip of the game: file (MODE/LEVEL/name, relative to this file), titles, length,\n"
    "# licence (SPDX) and origin. scripts/media/render_clips.py rewrites its own entries only.\n"
)
X264 = {
    "crf": "22",
    "preset": "medium",
    "tune": "animation",
    "x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709",
}

app = typer.Typer(add_completion=False)


@app.command()
def render(
    out: Annotated[Path, typer.Option(help="The videos folder to fill.")] = Path("videos"),
    only: Annotated[
        str, typer.Option(help="Only clips with this in their file name, e.g. happy/2 or duck.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Seed of every noise in the sounds.")] = 7,
    again: Annotated[bool, typer.Option(help="Render finished clips, too.")] = False,
    sound_again: Annotated[
        bool, typer.Option(help="Make only the sound of finished clips anew.")
    ] = False,
    preview: Annotated[
        Path | None,
        typer.Option(help="Write a page of moments, brightness and sound (PNG) a clip here."),
    ] = None,
    from_s: Annotated[float, typer.Option(help="First second of the preview.")] = 0.0,
    to_s: Annotated[float | None, typer.Option(help="Last second of the preview.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Measure the finished clips instead.")
    ] = False,
) -> None:
    """Render the clips that are not there yet; a run that was cut off goes on where it was.

    Several runs may work on one folder: each takes the clips that no other one is at.
    """
    console = Console()
    scenes = all_scenes()
    chosen = [scene for scene in scenes if only in scene.file]
    if not chosen:
        console.print(f'No clip has "{only}" in its name. There are:')
        console.print("\n".join(f"  {scene.file}" for scene in scenes))
        raise typer.Exit(1)
    if check:
        raise typer.Exit(0 if print_checks(console, chosen, out) else 1)
    if preview is not None:
        for scene in chosen:
            page = preview / f"{scene.file.replace('/', '-').removesuffix('.mp4')}.png"
            samples = even(raw_sound(scene, seed), PEAK_DBFS)
            write_preview(scene, samples, page, from_s, to_s)
            console.print(str(page))
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=console,
    ) as progress:
        for scene in chosen:
            path = out / scene.file
            keep = path.is_file() and sound_again
            if path.is_file() and not (again or keep):
                console.print(f"{scene.file}: there already")
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with lock_on(path, timeout_s=0):
                    task = progress.add_task(scene.file, total=round(scene.duration_s * FPS))
                    step = partial(progress.advance, task)
                    render_clip(scene, path, seed, step, keep_picture=keep)
            except Timeout:
                console.print(f"{scene.file}: another run is at it")
                continue
            console.print(f"{scene.file}: {path.stat().st_size / 1e6:.2f} MB")
    write_catalogue(out, scenes)


def lock_on(path: Path, timeout_s: float = -1) -> FileLock:
    """Return a lock that keeps other runs from a file; it lies elsewhere and dies with its run."""
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    return FileLock(Path(tempfile.gettempdir()) / f"emotion-game-{name}.lock", timeout=timeout_s)


def raw_sound(scene: Scene, seed: int) -> Samples:
    """Return the sound of a clip as synthesised: (n, 2) float32 at 48 kHz."""
    return scene.sound(np.random.default_rng(seed)).astype(np.float32)


def picture(scene: Scene, t_s: float, pixels: np.ndarray) -> None:
    """Paint one moment of a clip into (720, 1280, 4) uint8 RGBA."""
    canvas = skia.Surface(pixels).getCanvas()
    canvas.clear(0xFF000000)
    scene.draw(Pen(canvas), t_s)


def render_clip(
    scene: Scene, path: Path, seed: int, advance: Callable[[], None], *, keep_picture: bool
) -> None:
    """Write one clip as H.264 and AAC, beside first, then renamed.

    Args:
        scene: the clip.
        path: its file.
        seed: of every noise in its sound.
        advance: called after each picture.
        keep_picture: take the pictures from the finished file and make only the sound anew.
    """
    sound = io.BytesIO(encoded_sound(raw_sound(scene, seed)))
    beside = path.with_name(f".{path.name}.part")
    with ExitStack() as files:
        sounds = files.enter_context(av.open(sound, "r"))
        options = {"movflags": "faststart"}
        out = files.enter_context(av.open(str(beside), "w", format="mp4", options=options))
        if keep_picture:
            finished = files.enter_context(av.open(str(path), "r"))
            shown = copied(finished, out.add_stream_from_template(finished.streams.video[0]))
        else:
            shown = drawn(scene, out.add_stream("libx264", rate=FPS, options=X264))
        audio = sounds.streams.audio[0]
        heard = SoundPackets(out, out.add_stream_from_template(audio), sounds.demux(audio))
        for packets, t_s in shown:
            heard.mux_until(t_s)
            out.mux(packets)
            advance()
        heard.mux_until(float("inf"))
    beside.replace(path)


def drawn(scene: Scene, video: VideoStream) -> Iterator[Encoded]:
    """Draw and encode every picture; yield what came out, and the time reached."""
    video.width, video.height, video.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
    pixels = np.zeros((HEIGHT_PX, WIDTH_PX, 4), np.uint8)
    for number in range(round(scene.duration_s * FPS)):
        picture(scene, number / FPS, pixels)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709
        )
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        yield video.encode(frame), number / FPS
    yield video.encode(None), scene.duration_s


def copied(source: InputContainer, video: VideoStream) -> Iterator[Encoded]:
    """Yield the pictures of a finished file as they are, and the time reached."""
    for packet in source.demux(source.streams.video[0]):
        if packet.dts is not None:  # the last one is empty: it only says "the end"
            t_s = float(packet.dts * packet.time_base)
            packet.stream = video
            yield [packet], t_s


def write_catalogue(out: Path, scenes: tuple[Scene, ...]) -> None:
    """List every rendered clip; entries of clips that are not ours are kept as they are."""
    path = out / "catalogue.toml"
    with lock_on(path):
        ours = {scene.file for scene in scenes}
        entries: list[dict[str, Any]] = []
        if path.is_file():
            listed = read_toml(path).get("clip", [])
            entries = [entry for entry in listed if entry.get("file") not in ours]
        entries += [
            {
                "file": scene.file,
                "title_en": scene.title_en,
                "title_ko": scene.title_ko,
                "duration_s": scene.duration_s,
                "licence": LICENCE,
                "origin": ORIGIN,
            }
            for scene in scenes
            if (out / scene.file).is_file()
        ]
        entries.sort(key=lambda entry: str(entry["file"]))
        tables = (
            "[[clip]]\n"
            # A JSON string or number is a TOML string or number, too.
            + "".join(f"{key} = {json.dumps(v, ensure_ascii=False)}\n" for key, v in entry.items())
            for entry in entries
        )
        beside = path.with_name(".catalogue.toml.part")
        beside.write_text(HEADER + "\n" + "\n".join(tables), encoding="utf-8")
        beside.replace(path)


def print_checks(console: Console, scenes: list[Scene], out: Path) -> bool:
    """Print what was measured of each finished clip; say whether all are good."""
    table = Table("clip", "s", "MB", "LUFS", "true peak", f"flashes/s (≤ {MOST_FLASHES})", "fault")
    good = True
    for scene in scenes:
        path = out / scene.file
        if not path.is_file():
            table.add_row(scene.file, "", "", "", "", "", "not rendered")
            good = False
            continue
        found = check_clip(path)
        heard = found.loudness
        table.add_row(
            scene.file,
            f"{found.seconds:.1f}",
            f"{found.megabytes:.2f}",
            "none" if heard is None else f"{heard.lufs:.1f}",
            "none" if heard is None else f"{heard.peak_dbfs:.1f} dB",
            str(found.flashes),
            found.fault,
        )
        good = good and not found.fault
    console.print(table)
    return good


if __name__ == "__main__":
    app()
