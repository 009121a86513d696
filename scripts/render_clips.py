"""Draw and synthesise the clips that come with the game, and list them in the catalogue.

    python scripts/render_clips.py                     # whatever is missing in videos/
    python scripts/render_clips.py --only potato --again
    python scripts/render_clips.py --only duck --sheet duck.png

Needs the extra ``media`` (skia-python, scipy). Everything drawn here is CC0-1.0.
"""

from __future__ import annotations

import json
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import av
import numpy as np
import skia
import typer
from av.video.reformatter import Colorspace
from clip_art.happy import HAPPY
from clip_art.kit import FPS, HEIGHT_PX, WIDTH_PX, Pen, Scene
from clip_art.surprise import SURPRISE
from clip_art.tones import RATE_HZ, loudness_lufs, master
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

SCENES: tuple[Scene, ...] = (*HAPPY, *SURPRISE)
LICENCE = "CC0-1.0"
ORIGIN = "drawn and synthesised by scripts/render_clips.py"
HEADER = (
    "# Every clip of the game: file (MODE/LEVEL/name, relative to this file), titles, length,\n"
    "# licence (SPDX) and origin. scripts/render_clips.py rewrites its own entries only.\n"
)
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
    sheet: Annotated[
        Path | None, typer.Option(help="Write a contact sheet (PNG) instead of clips.")
    ] = None,
) -> None:
    """Render the clips that are not there yet; a run that was cut off goes on where it was."""
    console = Console()
    chosen = [scene for scene in SCENES if only in scene.file]
    if not chosen:
        console.print(f'No clip has "{only}" in its name. There are:')
        console.print("\n".join(f"  {scene.file}" for scene in SCENES))
        raise typer.Exit(1)
    if sheet is not None:
        write_sheet(chosen, sheet)
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
            task = progress.add_task(scene.file, total=round(scene.duration_s * FPS))
            lufs = render_clip(scene, path, seed, lambda task=task: progress.advance(task))
            size = path.stat().st_size / 1e6
            console.print(f"{scene.file}: {size:.2f} MB, {lufs:.1f} LUFS before encoding")
    write_catalogue(out)


def picture(scene: Scene, t_s: float, pixels: np.ndarray) -> None:
    """Paint one moment of a clip into (720, 1280, 4) uint8 RGBA."""
    surface = skia.Surface(pixels)
    canvas = surface.getCanvas()
    canvas.clear(0xFF000000)
    scene.draw(Pen(canvas), t_s)


def render_clip(scene: Scene, path: Path, seed: int, advance: Any) -> float:
    """Write one clip as H.264 and AAC, beside first, then renamed; return its loudness."""
    samples = master(scene.sound(np.random.default_rng(seed)))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    with av.open(str(beside), "w", format="mp4", options={"movflags": "faststart"}) as container:
        video = container.add_stream(
            "libx264",
            rate=FPS,
            options={
                "crf": "23",
                "preset": "slow",
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
                piece = samples[sent : sent + _SOUND_FRAME].T.astype(np.float32)
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
    return loudness_lufs(samples)


def write_catalogue(out: Path) -> None:
    """List every rendered clip; entries of clips that are not ours are kept as they are."""
    path = out / "catalogue.toml"
    ours = {scene.file for scene in SCENES}
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
        for scene in SCENES
        if (out / scene.file).is_file()
    ]
    entries.sort(key=lambda entry: str(entry["file"]))
    tables = (
        "[[clip]]\n"
        # A JSON string or number is a TOML string or number, too.
        + "".join(f"{key} = {json.dumps(v, ensure_ascii=False)}\n" for key, v in entry.items())
        for entry in entries
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(".catalogue.toml.part")
    beside.write_text(HEADER + "\n" + "\n".join(tables), encoding="utf-8")
    beside.replace(path)


def write_sheet(scenes: list[Scene], path: Path, columns: int = 4, rows: int = 5) -> None:
    """Write evenly spaced moments of each clip as one PNG, a block of rows a clip."""
    width, height = WIDTH_PX // 3, HEIGHT_PX // 3
    surface = skia.Surface(columns * width, rows * height * len(scenes))
    pixels = np.zeros((HEIGHT_PX, WIDTH_PX, 4), np.uint8)
    for block, scene in enumerate(scenes):
        for cell in range(columns * rows):
            picture(scene, scene.duration_s * (cell + 0.5) / (columns * rows), pixels)
            row, column = divmod(cell, columns)
            image = skia.Image.fromarray(pixels)
            left, top = column * width, (block * rows + row) * height
            surface.getCanvas().drawImageRect(
                image,
                skia.Rect.MakeXYWH(left, top, width - 3, height - 3),
                skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear),
            )
    surface.makeImageSnapshot().save(str(path), skia.kPNG)


if __name__ == "__main__":
    app()
