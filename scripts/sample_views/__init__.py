"""Every screen with made-up players: for the contact sheet and the tests."""

from __future__ import annotations

from collections.abc import Iterator

from emotion_game.ui.i18n import Language
from emotion_game.ui.view import View
from sample_views.booth import booth
from sample_views.flow import flow
from sample_views.parts import ALL_MODES, LONG_CAMERA, LONG_TITLE, result
from sample_views.rounds import rounds

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
