from __future__ import annotations

import av
import numpy as np
import pytest

from emotion_game.app import game_settings
from emotion_game.errors import CameraError
from emotion_game.tools.judging import cut_off, judge_video, no_face


@pytest.fixture(scope="module")
def rules():
    return game_settings(None).rounds


@pytest.fixture(scope="module")
def verdict(analyser, recorded_player, rules):
    return judge_video(analyser, recorded_player, "happy", rules["happy", 1])


def test_one_smile_is_one_loss(verdict, rules):
    (loss,) = verdict["losses"]
    assert list(loss) == ["began_s", "lost_s", "ended_s"]
    assert 0.9 < loss["began_s"] < 1.6
    assert 3.0 < loss["ended_s"] < 4.3
    hold_s = rules["happy", 1].hold_s
    assert loss["began_s"] + hold_s - 0.1 < loss["lost_s"] < loss["began_s"] + hold_s + 0.5


def test_the_verdict_has_the_form_of_the_contract(verdict, recorded_player):
    assert list(verdict) == [
        "file",
        "mode",
        "duration_s",
        "frames",
        "face_share",
        "losses",
        "timeline",
    ]
    assert verdict["file"] == str(recorded_player)
    assert verdict["mode"] == "happy"
    assert verdict["face_share"] > 0.95
    stamps_s = [t_s for t_s, _ in verdict["timeline"]]
    assert len(stamps_s) == verdict["frames"]
    assert stamps_s == sorted(stamps_s)
    assert verdict["duration_s"] == stamps_s[-1] == pytest.approx((len(stamps_s) - 1) / 15, abs=0.1)
    assert all(score is None or 0.0 <= score <= 1.0 for _, score in verdict["timeline"])


def test_the_same_recording_gives_the_same_verdict(analyser, recorded_player, rules, verdict):
    again = judge_video(analyser, recorded_player, "happy", rules["happy", 1])
    assert again == verdict


def test_a_smile_is_no_surprise(analyser, recorded_player, rules):
    verdict = judge_video(analyser, recorded_player, "surprise", rules["surprise", 3])
    assert verdict["losses"] == []


def test_a_broken_recording_is_named(analyser, tmp_path, rules):
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"no film" * 100)
    for wrong in (path, tmp_path / "none.mp4", tmp_path):
        with pytest.raises(CameraError) as caught:
            judge_video(analyser, wrong, "happy", rules["happy", 1])
        assert str(wrong) in str(caught.value)


def test_a_recording_without_a_face_is_told(analyser, tmp_path, rules):
    path = tmp_path / "빈 방.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(10):
            wall = np.full((240, 320, 3), 120, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(wall, "bgr24")))
        film.mux(stream.encode(None))
    verdict = judge_video(analyser, path, "happy", rules["happy", 1])
    assert (verdict["frames"], verdict["face_share"], verdict["losses"]) == (10, 0.0, [])
    assert str(path) in no_face(path, 0.0)
    assert no_face(path, 0.01) == ""


def test_a_recording_that_is_cut_off_is_told(analyser, tmp_path, recorded_player, rules, verdict):
    assert cut_off(recorded_player, verdict["duration_s"]) == ""
    whole, cut = tmp_path / "whole.mp4", tmp_path / "잘린 cut.mp4"
    with (
        av.open(str(recorded_player)) as source,
        av.open(str(whole), "w", options={"movflags": "faststart"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    content = whole.read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    short = judge_video(analyser, cut, "happy", rules["happy", 1])
    assert 0.0 < short["duration_s"] < verdict["duration_s"] - 1.0
    fault = cut_off(cut, short["duration_s"])
    assert str(cut) in fault
    assert f"{short['duration_s']:.1f} of its" in fault
