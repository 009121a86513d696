"""A tournament: who is called, the turn that is played, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.app.pages.round import RoundPage
from emotion_game.game import states
from emotion_game.game import tournament as rules
from emotion_game.game.points import round_points
from emotion_game.game.tournament import Due, Kind, Tournament
from emotion_game.game.types import LEVELS, Outcome, Reason, RoundResult
from emotion_game.screens.tournament import (
    TableRow,
    TournamentOverView,
    TournamentView,
    TurnNews,
)
from emotion_game.ui.intents import Intent, UserIntent
from emotion_game.vision.pipeline import FrameAnalysis


class TurnPage(RoundPage):
    """One player's turn; it goes when the rules are done with it.

    Args:
        context: shared with the other pages.
        done: gets the result, or None where the player left, and whether a clip had begun.
    """

    def __init__(
        self, context: Context, done: Callable[[RoundResult | None, bool, float], None]
    ) -> None:
        super().__init__(context)
        self._done = done
        self._in_clip = False

    def turn(self, now_s: float) -> None:
        """See :class:`Page`."""
        state = self.engine.state
        held = state.held if isinstance(state, states.Paused) else state
        self._in_clip |= isinstance(held, states.Starting | states.Playing)
        if self.engine.finale is not None:
            return  # the room sees how the turn ended
        if isinstance(state, states.Finished):
            if self.engine.finale is not None:
                return  # the room sees how it ended
            assert isinstance(state.result, RoundResult)
            self.pages.pop()
            self._done(state.result, self._in_clip, now_s)
        elif isinstance(state, states.Menu):
            self.pages.pop()
            self._done(None, self._in_clip, now_s)


class TournamentPage(GamePage):
    """Between the turns: the next player is called; at the end, who has won.

    Args:
        context: shared with the other pages.
        now_s: when it begins.
    """

    def __init__(self, context: Context, now_s: float) -> None:
        super().__init__(context)
        self._face_s: float | None = None
        self._begin_anew(now_s)

    def _begin_anew(self, now_s: float) -> None:
        offer = self.offer
        self._names = self.engine.names
        self._tournament = rules.begin(
            len(self._names), now_s, offer.tournament_clips, offer.call_s
        )
        self._news: TurnNews | None = None
        self._asks = False
        self._turned_s = now_s
        self._call()

    @property
    def over(self) -> bool:
        """Whether nobody has anything left to play."""
        return self._tournament.over

    def view(self, now_s: float) -> TournamentView | TournamentOverView:
        """See :class:`Page`."""
        tournament, mode = self._tournament, self.engine.mode
        table = tuple(_row(tournament, player) for player in rules.standings(tournament))
        called = tournament.next_player
        if called is None:
            return TournamentOverView(mode, self._names, tournament.winner, table)
        called_for_s = now_s - tournament.called_s
        here = self._face_s is not None and now_s - self._face_s <= rules.HERE_S
        begins_s = max(0.0, rules.settle_s(tournament) - called_for_s) if here else None
        return TournamentView(
            mode,
            self._names,
            called,
            tournament.heat.kind,
            sum(heat.kind is Kind.CLIP for heat in tournament.heats),
            table,
            max(0.0, tournament.call_s - called_for_s),
            begins_s,
            self._news,
            self._asks,
        )

    def take(self, seen: FrameAnalysis) -> None:
        """See :class:`Page`."""
        if seen.observation.box is not None:
            self._face_s = seen.observation.t_s

    def turn(self, now_s: float) -> None:
        """See :class:`Page`."""
        passed_s, self._turned_s = now_s - self._turned_s, now_s
        if self.over:
            return
        if self._asks or self.engine.feed.camera.is_lost():
            # Nobody can come just now.
            self._tournament = rules.hold(self._tournament, passed_s)
            return
        match rules.due(self._tournament, now_s, self._face_s):
            case Due.BEGIN:
                self._begin_turn(now_s)
            case Due.MISS:
                self._miss(now_s)
            case Due.WAIT:
                pass

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case Intent.AGAIN if self.over:
                self.engine.leave(now_s)
                self._begin_anew(now_s)
            case Intent.BACK if self.over or self._asks:
                self.engine.leave(now_s)
                self.go_home()
            case Intent.BACK:
                self._asks = True
            case Intent.GO_ON if self._asks:
                self._asks = False
            case Intent.GO_ON if not self.over and not self.engine.feed.camera.is_lost():
                self._begin_turn(now_s)
            case Intent.HAS_LEFT if not self.over and not self._asks:
                player = self._called
                self._follow(rules.leave(self._tournament, player, now_s))
                self._news = TurnNews(player, left=True)
            case _:
                pass  # not here

    # --- A turn -----------------------------------------------------------------------------------

    @property
    def _called(self) -> int:
        player = self._tournament.next_player
        assert player is not None
        return player

    def _call(self) -> None:
        """Look for the face of who is called."""
        self._face_s = None
        self.engine.feed.choose_players(1)

    def _follow(self, tournament: Tournament) -> None:
        self._tournament = tournament
        self._call()

    def _begin_turn(self, now_s: float) -> None:
        engine, tournament = self.engine, self._tournament
        engine.leave(now_s)
        # Neither crown nor name go from one player to the next.
        engine.next_player()
        engine.marathon = False
        engine.level = self._level()
        engine.wanted_clip = tournament.heat.clip_id
        self.pages.push(TurnPage(self.context, self._end_turn))
        engine.start(now_s)

    def _level(self) -> int:
        """Return the level of the present clip, or an easier one that has clips."""
        engine = self.engine
        counts = engine.stage.library.counts()
        wanted = rules.level_of(self._tournament)
        levels = [level for level in LEVELS if level <= wanted and counts[engine.mode, level]]
        return max(levels, default=LEVELS[0])

    def _end_turn(self, result: RoundResult | None, in_clip: bool, now_s: float) -> None:
        """Take what became of a turn."""
        self._turned_s = now_s
        tournament, player = self._tournament, self._called
        clip_id = tournament.heat.clip_id
        if result is None and not in_clip:
            # Back from the baseline: the player is not ready yet.
            self._follow(rules.call_again(tournament, now_s))
        elif result is None or result.reason is Reason.NOT_READY:
            self._miss(now_s)
        elif result.outcome is Outcome.VOID:
            gone = result.reason in (Reason.CLIP_FAULT, Reason.NO_CLIP)
            again = rules.clip_lost if gone else rules.call_again
            self._follow(again(tournament, now_s))
            self._news = TurnNews(player, reason=result.reason.value)
        elif clip_id and result.clip_id != clip_id:
            # Another clip stood in for one that could not be played: all play the new one.
            self._follow(rules.clip_lost(tournament, now_s))
            self._news = TurnNews(player, reason=Reason.CLIP_FAULT.value)
        else:
            points = round_points(result)
            self._name_result(player)
            self._follow(rules.played(tournament, points, result.clip_id, now_s))
            self._news = TurnNews(player, points)

    def _miss(self, now_s: float) -> None:
        player = self._called
        self._follow(rules.missed(self._tournament, now_s))
        self._news = TurnNews(player, left=player in self._tournament.left)

    def _name_result(self, player: int) -> None:
        """Put the player's name on the board, where results are kept."""
        engine, name = self.engine, self._names[player]
        if name:
            # It was found to be good when it was typed.
            engine.give_name(name)


def begin_tournament(context: Context, now_s: float) -> None:
    """Begin a tournament of the players who were named."""
    context.pages.push(TournamentPage(context, now_s))


def _row(tournament: Tournament, player: int) -> TableRow:
    clips = [heat.points_of(player) for heat in tournament.heats if heat.kind is Kind.CLIP]
    clips += [None] * (tournament.clips - len(clips))
    deciders = [
        heat.points_of(player)
        for heat in tournament.heats
        if heat.kind is not Kind.CLIP and player in heat.order
    ]
    return TableRow(
        player,
        tuple(clips),
        rules.total(tournament, player),
        deciders[-1] if deciders else None,
        player in tournament.left,
    )
