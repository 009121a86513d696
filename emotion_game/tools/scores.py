"""The operator's side of the score board: list, clips, export, delete."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from emotion_game.app import known_mode
from emotion_game.errors import GameError
from emotion_game.files import write_beside
from emotion_game.game.types import BOARD_LEVELS, MARATHON_LEVEL
from emotion_game.scores.board import CSV_ENCODING, ScoreBoard
from emotion_game.scores.score import ScoreError


def list_scores(
    board: ScoreBoard,
    mode: str | None,
    level: int | None,
    limit: int,
    modes: Callable[[], Iterable[str]],
) -> dict[str, Any]:
    """Return the leaderboards: of every mode and level and of marathons, or only the given ones.

    Args:
        board: what waits for it is delivered first.
        mode: None: all.
        level: ``MARATHON_LEVEL`` for marathons; None: all.
        limit: how many results of each mode and level.
        modes: asked for the modes of ``game.toml``, where no result is of ``mode``.

    Returns:
        ``database`` (without password), ``waiting`` (results that could not be delivered) and
        ``results``, each with its ``rank`` within its mode and level and whether it was a
        ``marathon``.

    Raises:
        ScoreError: when the board cannot be reached.
        UnknownModeError: when neither ``game.toml`` nor a result is of the mode.
    """
    board.deliver()
    played = board.modes()
    if mode is not None and mode not in played:
        known_mode(dict.fromkeys((*modes(), *played)), mode)
    results: list[dict[str, Any]] = []
    for each_mode in played if mode is None else (mode,):
        for each_level in BOARD_LEVELS if level is None else (level,):
            places = board.leaderboard(each_mode, each_level, limit)
            results += [
                {
                    "rank": rank,
                    "marathon": each_level == MARATHON_LEVEL,
                    **place.model_dump(mode="json"),
                }
                for rank, place in enumerate(places, start=1)
            ]
    return {"database": board.label, "waiting": board.waiting(), "results": results}


def clip_statistics(board: ScoreBoard) -> list[dict[str, Any]]:
    """Return how hard each clip is, the ones that make most players lose first.

    Raises:
        ScoreError: when the board cannot be reached.
    """
    board.deliver()
    clips = sorted(
        board.clip_statistics(),
        key=lambda clip: (-clip.losses / clip.plays if clip.plays else 0.0, clip.clip_id),
    )
    return [asdict(clip) for clip in clips]


def export_scores(board: ScoreBoard, file: Path | None) -> int:
    """Write all results as CSV to a file that Excel can read, or to stdout; return how many.

    Raises:
        ScoreError: when the board cannot be reached.
        GameError: when the file cannot be written; nothing half-written is left.
    """
    board.deliver()
    # The whole export is made first: an error in the middle leaves no half of it anywhere.
    made = io.StringIO(newline="")
    count = board.export_csv(made)
    if file is None:
        _print(made.getvalue())
        return count
    try:
        write_beside(file, made.getvalue().encode(CSV_ENCODING))
    except OSError as error:
        raise GameError(
            f"Cannot write {file}: {error.strerror or error}.", hint="Choose another file."
        ) from error
    return count


def delete_player(board: ScoreBoard, nickname: str, agreed: Callable[[str], bool]) -> int:
    """Delete all results of a player; return how many.

    Args:
        board: what waits for it is delivered first.
        nickname: in any spelling.
        agreed: asked before anything is deleted, with a question for the operator.

    Raises:
        ScoreError: when the board cannot be reached, or nobody is called so.
    """
    if not agreed(f'Delete all results of "{nickname}" from {board.label}?'):
        return 0
    count = board.delete_player(nickname)
    if count == 0:
        raise ScoreError(
            f'Nobody on {board.label} is called "{nickname}".',
            hint="See: emotion-game scores list.",
        )
    return count


def _print(text: str) -> None:
    """Write text to stdout as it is: UTF-8, and no line end changed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    sys.stdout.write(text)
