"""A report as both networks write it: one HTML file with its pictures, and all of it as JSON."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emotion_game.errors import TrainingError
from emotion_game.files import write_beside


@dataclass(frozen=True, slots=True)
class Ranged:
    """A figure with the range it may have."""

    value: str
    range: str

    def __str__(self) -> str:
        return f"{self.value} ({self.range})" if self.range else self.value


Cell = str | Ranged


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure in large letters: its value, what it is, and its range or where it holds."""

    value: str
    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table for the page and for the terminal."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot, and in words what it shows."""

    figure: Figure
    words: str

    @property
    def base64(self) -> str:
        """The PNG as text."""
        data = io.BytesIO()
        self.figure.savefig(data, format="png", dpi=110)
        return base64.b64encode(data.getvalue()).decode("ascii")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page, in this order: text, tiles, table, pictures, list.

    Attributes:
        title: "" for a section that belongs to the one before.
        level: of the headline, 2 or 3.
        folded: shown only when the title is pressed.
    """

    title: str
    level: int = 2
    text: str = ""
    tiles: Sequence[Tile] = ()
    table: Table | None = None
    pictures: Sequence[Picture] = ()
    points: Sequence[str] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        title: and ``subtitle``: what was measured.
        command: to run it again.
        method: how it was measured, in a paragraph.
        content: everything as plain values, for ``report.json``.
    """

    title: str
    subtitle: str
    command: str
    method: str
    content: dict[str, Any]
    sections: Sequence[Section] = field(default=())


def write(out: Path, report: Report) -> None:
    """Write ``report.html`` and ``report.json`` into a folder, each beside and then renamed.

    Raises:
        TrainingError: when the folder cannot be written to.
    """
    environment = Environment(
        loader=PackageLoader("emotion_game.training.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html").render(report=report)
    content = json.dumps(report.content, indent=1, ensure_ascii=False) + "\n"
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_beside(out / "report.json", content.encode())
        write_beside(out / "report.html", page.encode())
    except OSError as error:
        raise TrainingError(
            f"Cannot write the report to {out}: {error.strerror or error}.",
            hint="Choose another folder.",
        ) from error


def plain(axes: Axes) -> None:
    """Take off a plot what only decorates it."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e2e8f0", linewidth=0.8)
    axes.set_axisbelow(True)
