"""A round from the baseline to the result: the rules' state says which screen."""

from __future__ import annotations

from collections.abc import Callable

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.app.pages.confirm import ConfirmPage
from emotion_game.app.pages.name import NamePage
from emotion_game.app.pages.round_views import screen_of
from emotion_game.app.pages.scores import show_scores
from emotion_game.game import events, states
from emotion_game.game.round import can_pause
from emotion_game.game.types import RoundResult
from emotion_game.screens.confirm import Question
from emotion_game.screens.record_question import Consent
from emotion_game.ui.intents import Intent, UserIntent
from emotion_game.ui.notices import NoticeKind
from emotion_game.ui.view import Screen

#: In these a break may be refused.
_BUSY = states.Starting | states.Playing


class RoundPage(GamePage):
    """The running round; it goes when the rules are done with it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._over = False

    def view(self, now_s: float) -> Screen:
        """See :class:`Page`."""
        return screen_of(self.engine, self.offer, now_s)

    def turn(self, now_s: float) -> None:
        """See :class:`Page`: leave with the rules."""
        state = self.engine.state
        if not isinstance(state, states.Menu):
            self._over = isinstance(state, states.Finished)
        elif self._over:
            # From a result the next player comes.
            self.go_home()
        else:
            # A round that was left is tried again.
            self.pages.pop()

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        engine = self.engine
        match intent:
            case Intent.BACK:
                engine.step(events.Back(), now_s)
                self.turn(now_s)
            case Intent.STOP if engine.in_round:
                self._ask_to_leave(now_s)
            case Intent.GO_ON if isinstance(engine.state, states.Paused):
                engine.step(events.GoOn(), now_s)
            case Intent.PAUSE:
                self._pause(now_s)
            case Intent.AGAIN:
                engine.feed.camera.rewind()
                engine.step(events.Again(), now_s)
            case Intent.NEXT_LEVEL:
                engine.feed.camera.rewind()
                engine.step(events.NextLevel(), now_s)
                if isinstance(engine.state, states.Ready):
                    engine.level = engine.state.level
            case Intent.AGREE:
                engine.calls.answer(Consent.GIVEN)
            case Intent.REFUSE:
                engine.calls.answer(Consent.REFUSED)
            case Intent() if isinstance(engine.state, states.Finished):
                self._obey_at_the_end(intent)
            case _:
                pass  # not here

    def _ask_to_leave(self, now_s: float) -> None:
        """Ask whether to leave; meanwhile the round pauses, if it may."""
        engine, pages = self.engine, self.pages
        paused = can_pause(engine.state)
        if paused:
            engine.step(events.Pause(), now_s)

        def stay(at_s: float) -> None:
            if paused:
                engine.step(events.GoOn(), at_s)

        def leave(at_s: float) -> None:
            self.obey(Intent.BACK, at_s)

        state = engine.state.held if isinstance(engine.state, states.Paused) else engine.state
        counts = not isinstance(state, states.Menu | states.Finished) and (
            state.marathon is not None and state.stage > 1
        )
        question = Question.MARATHON if counts else Question.ROUND
        pages.push(ConfirmPage(self.context, question, leave, stay, lambda: engine.in_round))

    def _obey_at_the_end(self, intent: Intent) -> None:
        engine = self.engine
        if intent is Intent.SAVE_MOMENT and self.offer.at_home:
            engine.instant_replay.save()
        result = engine.state.result if isinstance(engine.state, states.Finished) else None
        if not isinstance(result, RoundResult):
            return
        match intent:
            case Intent.SCORES:
                show_scores(self.context)
            case Intent.ENTER_NAME if engine.ranking is not None and engine.ranking.score.points:
                text = "" if engine.scores is None else engine.scores.nickname
                points = engine.ranking.score.points
                self.pages.push(NamePage(self.context, text, engine.give_name, points=points))
            case Intent.WRONG_CALL if self.offer.at_home:
                engine.calls.mark(result, engine.analyser.classifier)
            case _:
                pass  # not here

    def _pause(self, now_s: float) -> None:
        engine = self.engine
        if isinstance(engine.state, states.Paused):
            engine.step(events.GoOn(), now_s)
        elif can_pause(engine.state):
            engine.step(events.Pause(), now_s)
        elif isinstance(engine.state, _BUSY):
            engine.notices.say(NoticeKind.CANNOT_PAUSE)


#: Begins what was chosen, when everything before it is done.
Begin = Callable[[Context, float], None]


def begin_round(context: Context, now_s: float) -> None:
    """Begin a round of the chosen mode and level, if it has clips."""
    if context.engine.has_clips():
        context.pages.push(RoundPage(context))
        context.engine.start(now_s)
