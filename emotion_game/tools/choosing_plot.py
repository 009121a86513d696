"""Curves of what numbers give on recordings, as one PNG. Only scripts use this: Matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from emotion_game.errors import GameError
from emotion_game.tools.choosing import Figures, Outcomes, Proposal, frontier


def plot_choices(out: Path, modes: Mapping[str, tuple[Outcomes, Sequence[Proposal]]]) -> None:
    """Draw, for each mode, the share caught over false losses a minute.

    One line a hold time: the best of all thresholds and releases. Stars: what is proposed, full
    as cross-validated, hollow on the recordings that chose it. Crosses: what the configuration has.

    Args:
        out: the PNG.
        modes: what was judged and what is proposed, by the name of the mode.

    Raises:
        GameError: when it cannot be written.
    """
    figure = Figure(figsize=(7 * len(modes), 5.5), layout="constrained")
    FigureCanvasAgg(figure)
    for axis, (name, (outcomes, proposals)) in zip(
        figure.subplots(1, len(modes), squeeze=False)[0], modes.items(), strict=True
    ):
        holds_s = outcomes.grid.holds_s
        for index, hold_s in enumerate(holds_s):
            points = [_point(figures) for _, figures in frontier(outcomes, hold_s)]
            axis.step(
                *zip(*points, strict=True),
                where="post",
                color=(0.1, 0.3 + 0.6 * index / len(holds_s), 0.9, 0.8),
                label=f"hold {hold_s:g} s",
            )
        for proposal in proposals:
            fitted, validated = _point(proposal.fitted), _point(proposal.validated)
            axis.plot(*fitted, "*", color="tab:red", markerfacecolor="none", markersize=13)
            axis.plot(*validated, "*", color="tab:red", markersize=13)
            axis.annotate(
                f"level {proposal.level}", validated, xytext=(6, -12), textcoords="offset points"
            )
            axis.plot(*_point(proposal.now), "kx", markersize=9)
        for mark, fill, what in (
            ("*", "tab:red", "proposed, expected"),
            ("*", "none", "proposed, fitted"),
            ("x", "none", "today"),
        ):
            colour = "k" if mark == "x" else "tab:red"
            axis.plot([], [], mark, color=colour, markerfacecolor=fill, markersize=10, label=what)
        widest = max(2 * max((each.wanted for each in proposals), default=0.5), 1.0)
        axis.set(
            title=name,
            xlabel="false losses a minute",
            ylabel="share caught",
            xlim=(-0.03, widest),
            ylim=(0, 1.02),
        )
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8, loc="lower right")
    try:
        figure.savefig(out, dpi=110, format="png")
    except OSError as error:
        raise GameError(
            f"Cannot write the curves to {out}: {error.strerror or error}.",
            hint="Choose another file.",
        ) from error


def _point(figures: Figures) -> tuple[float, float]:
    false, caught = figures.false_a_minute, figures.caught_share
    return (false.value if false else 0.0), (caught.value if caught else 0.0)
