"""Errors that reach a person: one line of what is wrong, one hint of what to do."""

from __future__ import annotations


class GameError(Exception):
    """Say what was expected, what was found and where; ``hint`` says what to do next.

    Commands print ``str(error)`` as one line on stderr and exit with ``exit_code``.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SettingsError(GameError):
    """A configuration file is missing, unreadable or holds values out of range."""


class UnknownModeError(GameError):
    """A mode was asked for that ``game.toml`` does not have."""

    exit_code = 2


class ModelError(GameError):
    """A model bundle is missing, damaged, tampered with or of another contract."""


class CameraError(GameError):
    """A camera cannot be opened or has stopped giving frames."""


class PictureError(GameError):
    """A picture file is missing, cannot be decoded, or shows no face."""


class ClipError(GameError):
    """A clip or the clip library is missing, broken or empty."""


class ScreenError(GameError):
    """No window can be opened."""


class TrainingError(GameError):
    """Training data, configuration or checkpoint does not fit."""
