"""Which file draws which View: the only place that knows all screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emotion_game.screens import (
    attract,
    check,
    consent,
    countdown,
    duel,
    leaderboard,
    levels,
    naming,
    operator,
    options,
    out_of_service,
    paused,
    playing,
    ready,
    result,
    review,
    title,
    warning,
)
from emotion_game.screens.i18n import Translator
from emotion_game.screens.kiosk_view import (
    AttractView,
    ClosedView,
    ConsentView,
    OperatorView,
    PinView,
)
from emotion_game.screens.layout import Layout
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import (
    CheckView,
    CountdownView,
    DuelPlayingView,
    DuelReadyView,
    DuelResultView,
    LevelView,
    NameView,
    OptionsView,
    PausedView,
    PlayingView,
    ReadyView,
    ResultView,
    ReviewDoneView,
    ReviewView,
    ScoresView,
    TitleView,
    View,
    WarningView,
)

#: ``lay_out(screen, view, size_px, tr)`` and ``draw(painter, screen, view, layout, pictures)``.
SCREENS: dict[type, tuple[Callable[..., Layout], Callable[..., None]]] = {
    TitleView: (title.lay_out, title.draw),
    LevelView: (levels.lay_out, levels.draw),
    CheckView: (check.lay_out, check.draw),
    WarningView: (warning.lay_out, warning.draw),
    ReadyView: (ready.lay_out, ready.draw),
    CountdownView: (countdown.lay_out, countdown.draw),
    PlayingView: (playing.lay_out, playing.draw),
    PausedView: (paused.lay_out, paused.draw),
    ResultView: (result.lay_out, result.draw),
    NameView: (naming.lay_out, naming.draw),
    ScoresView: (leaderboard.lay_out, leaderboard.draw),
    OptionsView: (options.lay_out, options.draw),
    DuelReadyView: (duel.lay_out, duel.draw),
    DuelPlayingView: (duel.lay_out, duel.draw),
    DuelResultView: (duel.lay_out, duel.draw),
    ReviewView: (review.lay_out, review.draw),
    ReviewDoneView: (review.lay_out_end, review.draw_end),
    AttractView: (attract.lay_out, attract.draw),
    ConsentView: (consent.lay_out, consent.draw),
    PinView: (operator.lay_out_pin, operator.draw_pin),
    OperatorView: (operator.lay_out, operator.draw),
    ClosedView: (out_of_service.lay_out, out_of_service.draw),
}


def lay_out(view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Return where everything of ``view`` stands in a window of ``size_px``."""
    screen: Any = view.screen
    return SCREENS[type(screen)][0](screen, view, size_px, tr)


def draw(painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
    """Draw all of ``view`` but its buttons and notices."""
    screen: Any = view.screen
    SCREENS[type(screen)][1](painter, screen, view, layout, pictures)
