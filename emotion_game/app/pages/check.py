"""The camera check: light, distance, faces; it goes on by itself when all is good."""

from __future__ import annotations

from emotion_game.app.face_feed import quality_of
from emotion_game.app.pages.base import Context, GamePage
from emotion_game.app.pages.round import Begin, begin_round
from emotion_game.app.pages.warning import WarningPage
from emotion_game.game.check import Check, update
from emotion_game.screens.check import CheckView
from emotion_game.ui.intents import ChangeOption, Intent, Option, UserIntent
from emotion_game.vision.pipeline import FrameAnalysis


class CheckPage(GamePage):
    """Before a round: can the camera read the player's face?

    Args:
        context: shared with the other pages.
        begin: what comes after it.
    """

    def __init__(self, context: Context, begin: Begin = begin_round) -> None:
        super().__init__(context)
        self._begin = begin
        self._check = Check(players=self.engine.players)
        self.engine.feed.choose_players(self.engine.players)

    def view(self, now_s: float) -> CheckView:
        """See :class:`Page`."""
        engine, check = self.engine, self._check
        progress = check.progress(engine.check_rules)
        return CheckView(
            engine.mode,
            engine.level,
            check.advice,
            progress,
            check.players,
            check.present,
            can_change=self.offer.at_home,
        )

    def take(self, seen: FrameAnalysis) -> None:
        """See :class:`Page`."""
        quality = quality_of(seen, self._check.players)
        self._check = update(self._check, quality, self.engine.check_rules)

    def turn(self, now_s: float) -> None:
        """See :class:`Page`."""
        if self._check.progress(self.engine.check_rules) >= 1.0:
            self._go_on(now_s)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case Intent.GO_ON:
                self._go_on(now_s)
            case Intent.NEXT_CAMERA | ChangeOption(Option.CAMERA) if self.offer.at_home:
                # What the camera before has shown says nothing of this one.
                self._check = Check(players=self._check.players)
            case Intent.BACK:
                self.pages.pop()
            case _:
                pass  # not here

    def _go_on(self, now_s: float) -> None:
        if self.engine.modes[self.engine.mode].warns:
            self.pages.replace(WarningPage(self.context, self._begin))
        else:
            self.pages.pop()
            self._begin(self.context, now_s)
