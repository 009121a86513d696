"""``emotion-game judge``: the game's detector, classifier and judge over a recording."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import av

from emotion_game.decoding import open_film, picture_stream
from emotion_game.game.judge import RoundRules, find_losses
from emotion_game.game.modes import score
from emotion_game.vision.camera import read_video
from emotion_game.vision.pipeline import Analyser

#: Headers are rounded, and a last picture may be shown for long.
_SLACK_S, _SLACK_SHARE = 1.0, 0.05


def judge_video(analyser: Analyser, path: Path, mode: str, rules: RoundRules) -> dict[str, Any]:
    """Judge every frame of a recorded player as one endless round without a baseline.

    Args:
        analyser: the game's own; whom it followed before is forgotten.
        path: the recording.
        mode: name of the mode.
        rules: the mode's emotions, thresholds and times.

    Returns:
        One line of ``judge --json``; the timeline holds the smoothed score.

    Raises:
        CameraError: when the file is no readable video.
    """
    analyser.track.reset()
    readings: list[tuple[float, float | None]] = []
    for t_s, picture in read_video(path):
        readings.append((t_s, score(analyser.observe(picture, t_s).emotions, rules.weights)))
    losses, timeline = find_losses(readings, rules)
    faces = sum(score is not None for _, score in readings)
    return {
        "file": str(path),
        "mode": mode,
        "duration_s": round(readings[-1][0], 3),
        "frames": len(readings),
        "face_share": round(faces / len(readings), 4),
        "losses": [{key: round(t, 3) for key, t in asdict(loss).items()} for loss in losses],
        "timeline": [
            [round(t_s, 3), None if score is None else round(score, 4)] for t_s, score in timeline
        ],
    }


def no_face(path: Path, face_share: float) -> str:
    """Say that a recording shows no face at all; "" when it does.

    Args:
        path: a recording that could be read.
        face_share: share of its pictures in which a face was found.
    """
    if face_share > 0:
        return ""
    return f"{path}: no face was seen in the whole recording. Is it dark, or of something else?"


def cut_off(path: Path, read_s: float) -> str:
    """Say that a recording holds less than its own header promises; "" when it does not.

    Args:
        path: a recording that could be read.
        read_s: time of its last readable picture, seconds.
    """
    try:
        with open_film(path) as container:
            stream = picture_stream(container)
            if stream is None:
                return ""
            if stream.duration is not None and stream.time_base is not None:
                promised_s = float(stream.duration * stream.time_base)
            else:
                promised_s = (container.duration or 0) / av.time_base
    except av.FFmpegError:
        return ""  # It was read before: it has gone since.
    if promised_s - read_s <= max(_SLACK_S, promised_s * _SLACK_SHARE):
        return ""
    return (
        f"{path} is cut off: only {read_s:.1f} of its {promised_s:.1f} s can be read."
        " Copy or record it again."
    )
