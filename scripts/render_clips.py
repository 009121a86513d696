"""Draw and synthesise the clips that come with the game, and list them in the catalogue.

    python scripts/render_clips.py                     # whatever is missing in videos/
    python scripts/render_clips.py --only potato --again
    python scripts/render_clips.py --only duck --preview pages/
    python scripts/render_clips.py --check

Needs the extra ``media`` (skia-python, scipy). Everything drawn here is CC0-1.0.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import av
import numpy as np
import skia
import typer
from av.video.reformatter import Colorspace
from clip_art import all_scenes
from clip_art.checks import MOST_FLASHES, check_clip
from clip_art.kit import FPS, HEIGHT_PX, WIDTH_PX, Pen, Scene
from clip_art.preview import write_preview
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from emotion_game.clips.loudness import RATE_HZ, Samples, even, measure

LICENCE = "CC0-1.0"
ORIGIN = "drawn and synthesised by scripts/render_clips.py"
HEADER = (
    "# Every clip of the game: file (MODE/LEVEL/name, relative to this file), titles, length,\n"
    "# licence (SPDX) and origin. scripts/render_clips.py rewrites its own entries only.\n"
)
#: One dB under the limit of the library: AAC puts peaks back on.
PEAK_DBFS = -2.0
_SOUND_FRAME = 1024

app = typer.Typer(add_completion=False)


@app.command()
def render(
    out: Annotated[Path, typer.Option(help="The videos folder to fill.")] = Path("videos"),
    only: Annotated[
        str, typer.Option(help="Only clips with this in their file name, e.g. happy/2 or duck.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Seed of every noise in the sounds.")] = 7,
    again: Annotated[bool, typer.Option(help="Render finished clips, too.")] = False,
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
            write_preview(scene, sound_of(scene, seed), page, from_s, to_s)
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
            if path.is_file() and not again:
                console.print(f"{scene.file}: there already")
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with lock_on(path, timeout_s=0):
                    task = progress.add_task(scene.file, total=round(scene.duration_s * FPS))
                    render_clip(scene, path, seed, lambda task=task: progress.advance(task))
            except Timeout:
                console.print(f"{scene.file}: another run is at it")
                continue
            console.print(f"{scene.file}: {path.stat().st_size / 1e6:.2f} MB")
    write_catalogue(out, scenes)


def lock_on(path: Path, timeout_s: float = -1) -> FileLock:
    """Return a lock that keeps other runs from a file; it lies elsewhere and dies with its run."""
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    return FileLock(Path(tempfile.gettempdir()) / f"emotion-game-{name}.lock", timeout=timeout_s)


def sound_of(scene: Scene, seed: int) -> Samples:
    """Return the sound of a clip at its loudness: (n, 2) float32 at 48 kHz."""
    samples = even(scene.sound(np.random.default_rng(seed)).astype(np.float32), PEAK_DBFS)
    heard = measure(samples)
    if fault := heard.fault(1.0):
        raise typer.BadParameter(f"{scene.file}: {fault}")
    return samples


def picture(scene: Scene, t_s: float, pixels: np.ndarray) -> None:
    """Paint one moment of a clip into (720, 1280, 4) uint8 RGBA."""
    canvas = skia.Surface(pixels).getCanvas()
    canvas.clear(0xFF000000)
    scene.draw(Pen(canvas), t_s)


def render_clip(scene: Scene, path: Path, seed: int, advance: Callable[[], None]) -> None:
    """Write one clip as H.264 and AAC, beside first, then renamed."""
    samples = sound_of(scene, seed)
    beside = path.with_name(f".{path.name}.part")
    with av.open(str(beside), "w", format="mp4", options={"movflags": "faststart"}) as container:
        video = container.add_stream(
            "libx264",
            rate=FPS,
            options={
                "crf": "22",
                "preset": "medium",
                "tune": "animation",
                "x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709",
            },
        )
        video.width, video.height, video.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        audio = container.add_stream("aac", rate=RATE_HZ, layout="stereo", bit_rate=128_000)
        pixels = np.zeros((HEIGHT_PX, WIDTH_PX, 4), np.uint8)
        sent = 0
        for number in range(round(scene.duration_s * FPS)):
            picture(scene, number / FPS, pixels)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709
            )
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
            while sent < len(samples) and sent / RATE_HZ <= number / FPS:
                piece = samples[sent : sent + _SOUND_FRAME].T
                sound = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(piece), format="fltp", layout="stereo"
                )
                sound.sample_rate, sound.pts = RATE_HZ, sent
                sound.time_base = Fraction(1, RATE_HZ)
                container.mux(audio.encode(sound))
                sent += piece.shape[1]
            advance()
        container.mux(video.encode())
        container.mux(audio.encode())
    beside.replace(path)


def write_catalogue(out: Path, scenes: tuple[Scene, ...]) -> None:
    """List every rendered clip; entries of clips that are not ours are kept as they are."""
    path = out / "catalogue.toml"
    with lock_on(path):
        ours = {scene.file for scene in scenes}
        entries: list[dict[str, Any]] = []
        if path.is_file():
            listed = tomllib.loads(path.read_text(encoding="utf-8")).get("clip", [])
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
