"""Configuration files to validated, frozen settings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from emotion_game.errors import SettingsError


class StrictModel(BaseModel):
    """Frozen settings that refuse unknown keys and wrong types."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        SettingsError: when it is missing, unreadable or not TOML.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise SettingsError(
            f"Cannot read the configuration {path}: {error.strerror or error}.",
            hint="Check the path given with --config.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}.", hint="Correct the file at that place."
        ) from error


def load_settings(path: Path, model: type[M]) -> M:
    """Validate a TOML file against ``model``; every fault is named in one error.

    Raises:
        SettingsError: with the file, each key, what was expected and what was found.
    """
    return validate(read_toml(path), model, where=str(path))


def validate(content: object, model: type[M], *, where: str) -> M:
    """Validate already parsed content; see :func:`load_settings`."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            f" (found {_short(fault['input'])})"
            for fault in error.errors()
        )
        raise SettingsError(
            f"{where} has {error.error_count()} fault(s): {faults}.", hint="Correct these values."
        ) from error


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
