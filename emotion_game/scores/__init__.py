"""Results and statistics: kept in SQLite, or on a board that several booths share."""

from emotion_game.scores.background import BackgroundBoard
from emotion_game.scores.board import ClipStatistics, ScoreBoard, open_board
from emotion_game.scores.nicknames import NicknameError, NicknameFault, clean_nickname
from emotion_game.scores.score import Score, ScoreError

__all__ = [
    "BackgroundBoard",
    "ClipStatistics",
    "NicknameError",
    "NicknameFault",
    "Score",
    "ScoreBoard",
    "ScoreError",
    "clean_nickname",
    "open_board",
]
