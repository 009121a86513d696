from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from scripts_under_test import contact_sheet

from emotion_game.ui.window import Window


@pytest.fixture
def open_window() -> Iterator[Callable[..., Window]]:
    """Open offscreen windows; they are closed after the test."""
    opened: list[Window] = []

    def open_one(size_px: tuple[int, int] = (1280, 720)) -> Window:
        window = Window(contact_sheet.ALL_MODES, size_px, offscreen=True)
        opened.append(window)
        return window

    yield open_one
    for window in opened:
        window.close()


@pytest.fixture
def window(open_window: Callable[..., Window]) -> Window:
    return open_window()
