"""Every screen with made-up players: for the contact sheet and the tests."""

from __future__ import annotations

from collections.abc import Iterator

from emotion_game.screens.i18n import Language
from emotion_game.screens.view import View
from made_up.booth import booth
from made_up.flow import flow
from made_up.parts import ALL_MODES, LONG_CAMERA, LONG_TITLE, result
from made_up.rounds import rounds

__all__ = ["ALL_MODES", "LONG_CAMERA", "LONG_TITLE", "result", "samples"]


def samples(language: Language) -> Iterator[tuple[str, View]]:
    """Yield a name and a View for every screen in its usual and its awkward states."""
    for name, (screen, player, notices) in {
        **flow(language),
        **rounds(language),
        **booth(language),
    }.items():
        hint = name in ("title-hint", "check-good", "ready-still")
        yield name, View(screen, player, language, notices, hint=hint)
