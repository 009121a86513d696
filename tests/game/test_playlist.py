from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from emotion_game.game.playlist import Playlist


@given(st.integers(1, 8), st.integers(0, 1000))
def test_no_clip_repeats_until_all_were_played(count, seed):
    clips = [str(i) for i in range(count)]
    playlist = Playlist(clips, random.Random(seed))
    for _ in range(3):
        assert sorted(str(playlist.draw()) for _ in clips) == clips


@given(st.integers(2, 8), st.integers(0, 1000))
def test_no_clip_plays_twice_in_a_row(count, seed):
    playlist = Playlist([str(i) for i in range(count)], random.Random(seed))
    drawn = [playlist.draw() for _ in range(5 * count)]
    assert all(a != b for a, b in pairwise(drawn))


def test_the_same_seed_draws_the_same_clips():
    first, second = (Playlist("abcdef", random.Random(3)) for _ in range(2))
    assert [first.draw() for _ in range(12)] == [second.draw() for _ in range(12)]


def test_broken_clips_are_never_drawn_again():
    playlist = Playlist(["a", "b"], random.Random(0))
    playlist.draw()
    playlist.remove("a")
    assert {playlist.draw() for _ in range(5)} == {"b"}
    playlist.remove("b")
    assert playlist.draw() is None
    assert Playlist([], random.Random(0)).draw() is None
