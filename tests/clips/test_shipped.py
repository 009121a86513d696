"""What the game brings along: enough clips, of the right shape, with words in both languages."""

from __future__ import annotations

import re

import av
import pytest
from modes_for_tests import MODES

from emotion_game import paths
from emotion_game.clips import Clip, load_library, probe_clip
from emotion_game.game.types import LEVELS

CLIPS = list(load_library(paths.VIDEOS))


def test_three_clips_for_every_mode_and_level() -> None:
    library = load_library(paths.VIDEOS)
    assert library.faults == ()
    assert min(library.counts().values()) >= 3
    assert len({clip.title_en for clip in library}) == len({clip.title_ko for clip in library})
    assert len({clip.title_en for clip in library}) == len(library)


def test_all_of_them_fit_into_60_megabytes() -> None:
    assert sum(clip.path.stat().st_size for clip in CLIPS) < 60e6


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.clip_id)
def test_a_shipped_clip_is_what_the_game_wants(clip: Clip) -> None:
    probe = probe_clip(clip.path)
    assert (probe.width, probe.height) == (1280, 720)
    assert 10 <= probe.duration_s <= 25
    assert probe.duration_s == pytest.approx(clip.duration_s, abs=0.2)
    with av.open(str(clip.path)) as container:
        assert container.streams.video[0].average_rate == 30
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.audio[0].codec_context.name == "aac"
    assert clip.licence == "CC0-1.0"
    assert re.search("[가-힣]", clip.title_ko)
    assert clip.title_en.isascii()


def test_modes_and_levels_are_all_there() -> None:
    assert {(clip.mode, clip.level) for clip in CLIPS} == {
        (mode, level) for mode in MODES for level in LEVELS
    }
