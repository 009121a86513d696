from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.game import tournament as rules
from emotion_game.game.tournament import Due, Kind, Tournament

LETTERS = "ABCDEFGH"


def begun(players: int = 5, clips: int = 2) -> Tournament:
    return rules.begin(players, 0.0, clips)


def play(tournament: Tournament, *points: int) -> Tournament:
    for number, each in enumerate(points):
        tournament = rules.played(tournament, each, f"clip {len(tournament.heats)}", number + 1.0)
    return tournament


def order(tournament: Tournament) -> str:
    """Return the letters of all players, the best first."""
    return "".join(LETTERS[player] for player in rules.standings(tournament))


def test_all_play_both_clips_and_the_two_best_the_final():
    tournament = play(begun(), 500, 400, 300, 200, 100)
    assert tournament.heat.order == (1, 2, 3, 4, 0), "who begins moves on by one"
    assert tournament.heat.kind is Kind.CLIP
    tournament = play(tournament, 400, 300, 200, 100, 500)
    assert (tournament.heat.kind, tournament.heat.order) == (Kind.FINAL, (1, 0))
    assert order(tournament) == "ABCDE"
    tournament = play(tournament, 900, 10)
    assert (tournament.over, tournament.winner) == (True, 1)
    assert order(tournament) == "BACDE"
    assert rules.total(tournament, 0) == 1000, "the final's points are its own"


def test_a_shared_place_in_the_final_is_played_for():
    tournament = play(begun(3, clips=1), 500, 300, 300)
    assert (tournament.heat.kind, tournament.heat.order) == (Kind.SUDDEN_DEATH, (1, 2))
    tournament = play(tournament, 50, 50)
    assert (tournament.heat.kind, tournament.heat.order) == (Kind.SUDDEN_DEATH, (1, 2))
    tournament = play(tournament, 50, 60)
    assert (tournament.heat.kind, tournament.heat.order) == (Kind.FINAL, (2, 0))


def test_of_three_who_share_both_places_only_the_worst_falls_out():
    tournament = play(begun(3, clips=1), 300, 300, 300)
    assert tournament.heat.order == (0, 1, 2)
    tournament = play(tournament, 70, 20, 20)
    assert tournament.heat.order == (1, 2), "the best of them is through"
    tournament = play(tournament, 0, 1)
    assert (tournament.heat.kind, set(tournament.heat.order)) == (Kind.FINAL, {0, 2})


def test_a_tie_in_the_final_is_played_on_and_at_last_broken_by_the_place_before():
    tournament = play(begun(3, clips=1), 300, 500, 400)
    for _ in range(rules.SUDDEN_DEATHS + 1):
        assert not tournament.over
        tournament = play(tournament, 80, 80)
    assert (tournament.over, tournament.winner) == (True, 1)
    tournament = play(play(begun(3, clips=1), 300, 500, 400), 80, 80)
    assert tournament.heat.kind is Kind.FINAL_SUDDEN_DEATH
    assert play(tournament, 90, 80).winner == 2


def test_who_is_called_has_half_a_minute_to_come():
    tournament = begun()
    assert rules.due(tournament, 9.0, 9.0) is Due.WAIT, "the one before may still sit there"
    assert rules.due(tournament, 10.0, 9.9) is Due.BEGIN
    assert rules.due(tournament, 29.0, 12.0) is Due.WAIT, "seen once, and gone"
    assert rules.due(tournament, 29.0, None) is Due.WAIT
    assert rules.due(tournament, rules.CALL_S, None) is Due.MISS
    again = rules.call_again(tournament, 25.0)
    assert rules.due(again, rules.CALL_S, None) is Due.WAIT
    assert again.next_player == 0
    assert play(tournament, 1).called_s == 1.0, "and the next one, too"


def test_one_missed_turn_gives_nothing_and_two_in_a_row_end_it():
    tournament = rules.missed(begun(3), 30.0)
    assert (tournament.next_player, rules.total(tournament, 0)) == (1, 0)
    assert tournament.staying == (0, 1, 2)
    tournament = play(tournament, 300, 200, 300, 200)
    assert tournament.next_player == 0
    gone = rules.missed(tournament, 90.0)
    assert gone.staying == (1, 2)
    assert gone.heat.kind is Kind.FINAL
    back = play(tournament, 700)
    assert back.staying == (0, 1, 2), "who comes in time plays on"


def test_who_leaves_plays_no_more_and_stands_last():
    tournament = play(begun(4), 900, 100)
    assert tournament.next_player == 2
    tournament = rules.leave(tournament, 2, 50.0)
    assert (tournament.next_player, tournament.called_s) == (3, 50.0)
    tournament = rules.leave(tournament, 0, 55.0)
    assert (tournament.next_player, tournament.called_s) == (3, 50.0), "the same one is called"
    tournament = play(tournament, 200)
    assert tournament.heat.order == (3, 1)
    assert order(tournament) == "DBAC"
    tournament = rules.leave(tournament, 3, 60.0)
    assert (tournament.over, tournament.winner) == (True, 1), "one is left"
    assert rules.leave(tournament, 1, 61.0) == tournament


def test_who_is_left_alone_in_the_final_has_won_it():
    tournament = play(begun(3, clips=1), 300, 500, 400)
    assert tournament.heat.order == (2, 1)
    tournament = rules.leave(tournament, 1, 9.0)
    assert (tournament.over, tournament.winner) == (True, 2)
    tournament = rules.leave(play(begun(3, clips=1), 300, 300, 100), 0, 9.0)
    assert (tournament.heat.kind, set(tournament.heat.order)) == (Kind.FINAL, {0, 1}), (
        "whoever is in the final stays there"
    )


def test_nobody_stays():
    tournament = begun(3)
    for player in range(3):
        tournament = rules.leave(tournament, player, 1.0)
    assert (tournament.over, tournament.next_player) == (True, None)


def test_a_clip_that_is_gone_is_replaced_for_all():
    tournament = play(begun(3), 300, 200)
    tournament = rules.clip_lost(tournament, 9.0)
    assert (tournament.next_player, tournament.heat.clip_id) == (0, "")
    assert rules.total(tournament, 0) == 0


@pytest.mark.parametrize(
    ("players", "clips", "call_s"), [(2, 2, 30.0), (9, 2, 30.0), (3, 0, 30.0), (3, 1, 0.0)]
)
def test_what_cannot_be_a_tournament_is_refused(players, clips, call_s):
    with pytest.raises(ValueError, match=r"to 8 players|or more|above 0"):
        rules.begin(players, 0.0, clips, call_s)


def test_the_clips_grow_harder_and_the_final_is_the_hardest():
    tournament, levels = begun(3), []
    while not tournament.over:
        levels.append((tournament.heat.kind, rules.level_of(tournament)))
        tournament = play(tournament, 10 * (tournament.next_player or 0))
    assert levels[::3] == [(Kind.CLIP, 1), (Kind.CLIP, 2), (Kind.FINAL, 3)]
    assert rules.level_of(begun(3, clips=1)) == 1


def test_a_shorter_call_and_one_that_stands_still():
    tournament = rules.begin(3, 0.0, call_s=8.0)
    assert rules.due(tournament, 3.9, 3.9) is Due.WAIT
    assert rules.due(tournament, 4.0, 4.0) is Due.BEGIN
    assert rules.due(tournament, 8.0, None) is Due.MISS
    assert rules.due(rules.hold(tournament, 5.0), 8.0, None) is Due.WAIT


#: Few points, so that ties are many.
ACTIONS = st.one_of(
    st.tuples(st.just("play"), st.integers(0, 3)),
    st.tuples(st.just("play"), st.integers(0, 3)),
    st.tuples(st.just("miss"), st.just(0)),
    st.tuples(st.just("leave"), st.integers(0, 7)),
    st.tuples(st.just("void"), st.just(0)),
    st.tuples(st.just("lost"), st.just(0)),
)


@given(
    players=st.integers(rules.FEWEST, rules.MOST),
    clips=st.integers(1, 3),
    actions=st.lists(ACTIONS, max_size=60),
)
def test_every_tournament_ends_and_all_who_stay_play_every_clip_once(players, clips, actions):
    tournament, now_s, turns, lost = begun(players, clips), 0.0, 0, 0
    given_up = iter(actions)
    while not tournament.over:
        now_s += 1.0
        action, value = next(given_up, ("play", 1))
        player = tournament.next_player
        assert player is not None
        assert player in tournament.staying
        assert tournament.heat.points_of(player) is None
        before = rules.standings(tournament)
        match action:
            case "play":
                tournament = rules.played(tournament, value, "clip", now_s)
                turns += 1
            case "miss":
                tournament = rules.missed(tournament, now_s)
                turns += 1
            case "leave":
                tournament = rules.leave(tournament, value % players, now_s)
            case "void":
                tournament = rules.call_again(tournament, now_s)
                assert tournament.next_player == player
            case "lost":
                turns -= len(tournament.heat.turns)
                tournament = rules.clip_lost(tournament, now_s)
                lost += 1
        assert sorted(rules.standings(tournament)) == sorted(before)
        assert turns <= players * (clips + rules.SUDDEN_DEATHS) + 2 * (1 + rules.SUDDEN_DEATHS)
    heats = tournament.heats
    for heat in heats:
        assert len({turn.player for turn in heat.turns}) == len(heat.turns)
    for player in tournament.staying:
        for heat in [heat for heat in heats if heat.kind is Kind.CLIP]:
            assert heat.points_of(player) is not None or len(tournament.staying) == 1
    if len(tournament.staying) > 1:
        assert sum(heat.kind is Kind.CLIP for heat in heats) == clips
        assert sum(heat.kind is Kind.FINAL for heat in heats) == 1
    if tournament.staying:
        assert tournament.winner in tournament.staying
    else:
        assert tournament.winner is None
    final_order = rules.standings(tournament)
    gone = [player in tournament.left for player in final_order]
    assert gone == sorted(gone)
