"""A tournament: three to eight players take turns on the same clips; the two best play a final.

Everybody plays every clip once, and so many clips one after the other, each at a harder level; who
begins moves on by one from clip to clip. Points add up. Where the last place of the final is
shared, those who share it play sudden death: one more clip each, again and again up to a limit,
then who was named first goes on. The final is one clip for two; a tie there is broken in the same
way, and in the end by the better place before it.

Who is called has ``call_s`` to come. Who does not has missed the turn and gets nothing for it; who
misses ``MISSES`` turns one after the other has left, and so has who says so. Who has left plays no
more, and stands below all others. A turn that a fault ended is played again; one whose clip is
gone begins the clip's turns anew with another clip, for all.

Pure: time comes in as an argument; points are counted elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from emotion_game.game.types import LEVELS

FEWEST, MOST = 3, 8
#: Clips that everybody plays.
CLIPS = 2
FINALISTS = 2
#: Sudden death is played so often at most for one place.
SUDDEN_DEATHS = 3
#: Turns in a row.
MISSES = 2
#: By default nobody waits longer for the one who is called.
CALL_S = 30.0
#: Who sits before the camera so long after the call begins without a press.
SETTLE_S = 10.0
#: A face that was seen so short a time ago is still there.
HERE_S = 1.0


class Kind(StrEnum):
    """What a clip is played for."""

    CLIP = "clip"
    SUDDEN_DEATH = "sudden_death"
    FINAL = "final"
    FINAL_SUDDEN_DEATH = "final_sudden_death"


class Due(StrEnum):
    """What is to be done about the player who is called."""

    WAIT = "wait"
    BEGIN = "begin"
    MISS = "miss"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one player made of a clip.

    Attributes:
        player: from 0, in the order in which they were named.
        points: 0 or more.
        missed: the player was not there.
    """

    player: int
    points: int
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """One clip and all who play it.

    Attributes:
        kind: what it is played for.
        order: who plays it, one after the other.
        turns: those that were played.
        clip_id: which clip; "" before its first turn.
    """

    kind: Kind
    order: tuple[int, ...]
    turns: tuple[Turn, ...] = ()
    clip_id: str = ""

    def points_of(self, player: int) -> int | None:
        """Return what a player made of it; None: not played."""
        return next((turn.points for turn in self.turns if turn.player == player), None)


@dataclass(frozen=True, slots=True)
class Tournament:
    """A tournament so far.

    Attributes:
        players: how many began it.
        clips: how many clips everybody plays.
        called_s: since when the next player is called.
        call_s: how long anybody is waited for.
        heats: the clips so far; the last one is being played, unless ``over``.
        left: who has left.
        over: nobody has anything left to play.
    """

    players: int
    clips: int
    called_s: float
    call_s: float
    heats: tuple[Heat, ...]
    left: frozenset[int] = frozenset()
    over: bool = False

    @property
    def heat(self) -> Heat:
        """The clip that is being played, or was played last."""
        return self.heats[-1]

    @property
    def next_player(self) -> int | None:
        """Who is called; None when it is over."""
        return None if self.over else _next_of(self.heat, self.left)

    @property
    def staying(self) -> tuple[int, ...]:
        """Who has not left."""
        return tuple(n for n in range(self.players) if n not in self.left)

    @property
    def winner(self) -> int | None:
        """Who has won; None while it goes on, and where nobody stayed."""
        return standings(self)[0] if self.over and self.staying else None


def begin(players: int, now_s: float, clips: int = CLIPS, call_s: float = CALL_S) -> Tournament:
    """Begin a tournament.

    Args:
        players: ``FEWEST`` to ``MOST``.
        now_s: when.
        clips: how many everybody plays, 1 or more.
        call_s: how long anybody is waited for.

    Raises:
        ValueError: when a number is out of its range.
    """
    if not FEWEST <= players <= MOST:
        raise ValueError(f"a tournament has {FEWEST} to {MOST} players, not {players}")
    if clips < 1:
        raise ValueError(f"clips must be 1 or more, not {clips}")
    if call_s <= 0.0:
        raise ValueError(f"call_s must be above 0, not {call_s}")
    first = Heat(Kind.CLIP, tuple(range(players)))
    return Tournament(players, clips, now_s, call_s, (first,))


def level_of(tournament: Tournament) -> int:
    """Return the level of the present clip: one more from clip to clip, the final's above them."""
    played = sum(heat.kind is Kind.CLIP for heat in tournament.heats)
    final = _is_final(tournament.heat.kind)
    return LEVELS[min(played + final, len(LEVELS)) - 1]


def due(tournament: Tournament, now_s: float, face_s: float | None) -> Due:
    """Return what is to be done about the player who is called.

    Args:
        tournament: as it stands; not over.
        now_s: now.
        face_s: when a face was last seen; None: not yet.
    """
    called_for_s = now_s - tournament.called_s
    here = face_s is not None and now_s - face_s <= HERE_S
    if here and called_for_s >= settle_s(tournament):
        return Due.BEGIN
    return Due.MISS if called_for_s >= tournament.call_s else Due.WAIT


def settle_s(tournament: Tournament) -> float:
    """Return how long after the call a face before the camera is taken for the one called."""
    return min(SETTLE_S, tournament.call_s / 2)


def hold(tournament: Tournament, for_s: float) -> Tournament:
    """Let the call stand still: nobody can come while there is no camera."""
    return replace(tournament, called_s=tournament.called_s + for_s)


def call_again(tournament: Tournament, now_s: float) -> Tournament:
    """Call the same player once more: a fault ended the turn."""
    return replace(tournament, called_s=now_s)


def played(tournament: Tournament, points: int, clip_id: str, now_s: float) -> Tournament:
    """Return the tournament after the turn of who was called.

    Args:
        tournament: as it stands.
        points: of the turn, 0 or more.
        clip_id: the clip that was played; "" where none had begun.
        now_s: when it ended.
    """
    return _with_turn(tournament, points, clip_id, now_s, missed=False)


def missed(tournament: Tournament, now_s: float) -> Tournament:
    """Return the tournament after a turn for which nobody came."""
    player = tournament.next_player
    after = _with_turn(tournament, 0, "", now_s, missed=True)
    if player is None or _misses(after, player) < MISSES:
        return after
    return leave(after, player, now_s)


def leave(tournament: Tournament, player: int, now_s: float) -> Tournament:
    """Return the tournament without a player."""
    if tournament.over or player not in tournament.staying:
        return tournament
    called = tournament.next_player
    after = _go_on(replace(tournament, left=tournament.left | {player}))
    return after if after.next_player == called else replace(after, called_s=now_s)


def clip_lost(tournament: Tournament, now_s: float) -> Tournament:
    """Begin the turns of the present clip anew: it can be played no more, so all get another."""
    if tournament.over:
        return tournament
    anew = replace(tournament.heat, turns=(), clip_id="")
    return replace(tournament, heats=(*tournament.heats[:-1], anew), called_s=now_s)


def standings(tournament: Tournament) -> tuple[int, ...]:
    """Return all players, the best first; who has left stands last."""
    order = _ranked(tournament)
    finals = [heat for heat in tournament.heats if _is_final(heat.kind)]
    if finals:
        place = {player: number for number, player in enumerate(order)}
        final = [player for player in finals[0].order if player not in tournament.left]
        final.sort(key=lambda player: (*_negative(finals, player), place[player]))
        order = [*final, *(player for player in order if player not in final)]
    return tuple(order)


def total(tournament: Tournament, player: int) -> int:
    """Return a player's points of the clips that everybody plays."""
    return sum(heat.points_of(player) or 0 for heat in tournament.heats if heat.kind is Kind.CLIP)


def _is_final(kind: Kind) -> bool:
    return kind in (Kind.FINAL, Kind.FINAL_SUDDEN_DEATH)


def _next_of(heat: Heat, left: frozenset[int]) -> int | None:
    return next(
        (player for player in heat.order if player not in left and heat.points_of(player) is None),
        None,
    )


def _negative(heats: Sequence[Heat], player: int) -> tuple[int, ...]:
    """Return a player's points of these clips so that the best sorts first."""
    return tuple(-(heat.points_of(player) or 0) for heat in heats)


def _rank(tournament: Tournament, player: int) -> tuple[int, ...]:
    """Return what a player's place depends on before the final; the least is the best."""
    sudden = [heat for heat in tournament.heats if heat.kind is Kind.SUDDEN_DEATH]
    own = [heat for heat in sudden if player in heat.order]
    return (-total(tournament, player), *_negative(own, player))


def _ranked(tournament: Tournament) -> list[int]:
    """Return all players by what was played before the final."""
    return sorted(
        range(tournament.players),
        key=lambda player: (
            player in tournament.left,
            *(_rank(tournament, player)),
            player,
        ),
    )


def _misses(tournament: Tournament, player: int) -> int:
    """Return how many turns a player has missed one after the other, up to now."""
    turns = [turn for heat in tournament.heats for turn in heat.turns if turn.player == player]
    count = 0
    for turn in reversed(turns):
        if not turn.missed:
            break
        count += 1
    return count


def _with_turn(
    tournament: Tournament, points: int, clip_id: str, now_s: float, *, missed: bool
) -> Tournament:
    player = tournament.next_player
    if player is None:
        return tournament
    heat = tournament.heat
    heat = replace(
        heat, turns=(*heat.turns, Turn(player, points, missed)), clip_id=heat.clip_id or clip_id
    )
    after = replace(tournament, heats=(*tournament.heats[:-1], heat), called_s=now_s)
    return _go_on(after)


def _go_on(tournament: Tournament) -> Tournament:
    """Find out what is played next, once a clip was played by all."""
    staying = tournament.staying
    heat = tournament.heat
    if len(staying) < FINALISTS:
        return replace(tournament, over=True)
    # Who is left alone in sudden death or the final need not play it.
    alone = heat.kind is not Kind.CLIP and len(set(heat.order) - tournament.left) < FINALISTS
    if not alone and _next_of(heat, tournament.left) is not None:
        return tournament
    following = _after_final(tournament) if _is_final(heat.kind) else _before_final(tournament)
    if following is None:
        return replace(tournament, over=True)
    return replace(tournament, heats=(*tournament.heats, following))


def _before_final(tournament: Tournament) -> Heat:
    """Return the next clip for all, sudden death, or the final."""
    staying = tournament.staying
    count = sum(heat.kind is Kind.CLIP for heat in tournament.heats)
    if count < tournament.clips:
        first = count % len(staying)
        return Heat(Kind.CLIP, (*staying[first:], *staying[:first]))
    order = [player for player in _ranked(tournament) if player in staying]
    ranks = [_rank(tournament, player) for player in order]
    sudden = sum(heat.kind is Kind.SUDDEN_DEATH for heat in tournament.heats)
    shared = len(order) > FINALISTS and ranks[FINALISTS - 1] == ranks[FINALISTS]
    if shared and sudden < SUDDEN_DEATHS:
        rank = ranks[FINALISTS]
        return Heat(
            Kind.SUDDEN_DEATH,
            tuple(player for player in order if _rank(tournament, player) == rank),
        )
    # The better one plays last.
    return Heat(Kind.FINAL, tuple(reversed(order[:FINALISTS])))


def _after_final(tournament: Tournament) -> Heat | None:
    """Return one more clip for the two, or None where the final is decided."""
    finals = [heat for heat in tournament.heats if _is_final(heat.kind)]
    left = [player for player in finals[0].order if player not in tournament.left]
    if len(left) < FINALISTS or len(finals) > SUDDEN_DEATHS:
        return None
    one, other = (_negative(finals, player) for player in left)
    return Heat(Kind.FINAL_SUDDEN_DEATH, tuple(left)) if one == other else None
