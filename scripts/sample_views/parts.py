"""Made-up players, clips and results."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.app import game_settings
from emotion_game.game.keyboard import Keyboard, Keys
from emotion_game.game.modes import WORDS, Mode, Modes
from emotion_game.game.tournament import Kind
from emotion_game.game.types import CurvePoint, Outcome, Reason, RoundResult
from emotion_game.paths import CONFIGS
from emotion_game.screens.finale import CaughtView
from emotion_game.screens.leaderboard import ScoreRow
from emotion_game.screens.match import MatchPlayingView, MatchSide
from emotion_game.screens.moment import MomentView
from emotion_game.screens.naming import NameView
from emotion_game.screens.options import OptionsView
from emotion_game.screens.own_clips import OwnClip
from emotion_game.screens.playing import ClipScreen, PlayingView
from emotion_game.screens.review import ReviewView
from emotion_game.screens.tournament import TableRow, TournamentView
from emotion_game.ui.i18n import Language
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.ui.notices import Notice
from emotion_game.ui.view import Screen

#: The modes that are offered; in game.toml are more, as in a club that made its own.
MODES = ("happy", "surprise")


def _own_mode(name: str, en: tuple[str, str], ko: tuple[str, str], **looks: Any) -> Mode:
    """Return a mode as a club may have made it; ``en`` and ``ko`` are its name and its rule."""
    words: dict[str, dict[str, str]] = {
        language: dict(
            zip(map(str, WORDS), (*said, said[0], said[0], said[0], said[0]), strict=True)
        )
        for language, said in (("en", en), ("ko", ko))
    }
    return Mode(name, (("sadness", 1.0),), words, **looks)


#: As many modes as there may be.
ALL_MODES: Modes = {
    mode.name: mode
    for mode in (
        *game_settings(CONFIGS / "game.toml").modes.values(),
        _own_mode(
            "pain",
            ("Don't wince", "Wince and you lose!"),
            ("안 아픈 척", "찡그리면 져요!"),
            palette="fresh",
            face="gasping",
            motif="drops",
        ),
        _own_mode(
            "disgust",
            ("Don't say yuck", "Say yuck and you lose!"),
            ("역겨움 참기", "우웩 하면 져요!"),
            palette="cold",
            face="gasping",
            motif="drops",
        ),
        _own_mode("tears", ("Don't cry", "Cry and you lose!"), ("눈물 참기", "울면 져요!")),
        _own_mode(
            "calm-eyes",
            ("Don't move a muscle", "Move and you lose!"),
            ("무표정 대결", "움직이면 져요!"),
            palette="fresh",
        ),
    )
}
LONG_TITLE = {
    "en": "The cat that discovered a cucumber, the director's cut, with a much longer second half",
    "ko": "오이를 발견한 고양이가 보여 주는 가장 긴 점프, 감독판에 뒷이야기까지 담은 영상",
}
LONG_CAMERA = "rtsp://camera-in-the-living-room.example.internal:8554/streams/main?profile=1080p"
DURATION_S = 42.0

Sample = tuple[Screen, CameraView, tuple[Notice, ...]]


@cache
def clip_picture(frame: int = 0, size_px: tuple[int, int] = (1280, 720)) -> NDArray[np.uint8]:
    """Return a made-up clip frame, (height, width, 3) uint8 BGR."""
    width, height = size_px
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 90 * np.sin(x / 140 + y / (90 + 30 * c) + frame / 9 + c) for c in range(3)]
    picture = np.ascontiguousarray(np.stack(waves, axis=-1).astype(np.uint8))
    cv2.circle(picture, (width // 2, height // 2), height // 5, (60, 220, 250), -1)
    return picture


@cache
def camera_picture() -> NDArray[np.uint8]:
    """Return a made-up player at a camera, (480, 640, 3) uint8 BGR."""
    picture = np.full((480, 640, 3), (96, 84, 70), np.uint8)
    cv2.ellipse(picture, (280, 500), (190, 150), 0, 0, 360, (140, 90, 60), -1)
    cv2.ellipse(picture, (280, 220), (88, 118), 0, 0, 360, (150, 180, 225), -1)
    for x in (245, 315):
        cv2.circle(picture, (x, 195), 9, (40, 40, 40), -1)
    cv2.line(picture, (250, 275), (310, 275), (60, 60, 150), 5)
    return picture


@cache
def several(players: int) -> CameraView:
    """Return two to four made-up players at a camera."""
    height, width = 480, 640
    one = camera_picture()[60:400, 170:390]
    each = width // players
    small = cv2.resize(one, (each, round(each * one.shape[0] / one.shape[1])))[:height]
    picture = np.full((height, width, 3), (96, 84, 70), np.uint8)
    top = (height - small.shape[0]) // 2
    for number in range(players):
        shade = np.clip(small * (1.0, 1.1, 0.8 + 0.1 * number), 0, 255).astype(np.uint8)
        left = number * each
        picture[top : top + small.shape[0], left : left + each] = shade
    # Their faces from left to right of the mirrored picture.
    share = 1 / players
    tall = small.shape[0] / height
    boxes = tuple(
        (1 - (n + 0.9) * share, top / height + 0.15 * tall, 0.8 * share, 0.68 * tall)
        for n in range(players)
    )
    return CameraView("0", CameraStatus.WORKING, picture, boxes)


def camera(name: str = "0", status: CameraStatus = CameraStatus.WORKING) -> CameraView:
    """Return a made-up camera."""
    if status is not CameraStatus.WORKING:
        return CameraView(name, status)
    return CameraView(name, status, camera_picture(), ((0.28, 0.2, 0.31, 0.52),))


def playing(
    mode: str, score: float | None, hold_share: float, forfeit_in_s: float | None = None
) -> PlayingView:
    """Return a round in its middle."""
    return PlayingView(
        mode,
        2,
        clip_picture(),
        "BGR",
        7,
        17.3,
        DURATION_S,
        0.55,
        score,
        hold_share,
        paused=forfeit_in_s is not None,
        forfeit_in_s=forfeit_in_s,
    )


def caught(mode: str, players: int = 1) -> CaughtView:
    """Return the instant at which a player, or all of several, gave way."""
    seen = camera() if players == 1 else several(players)
    assert seen.picture is not None
    frozen: ClipScreen = playing(mode, 0.97, 1.0)
    if players > 1:
        frozen = match(*(MatchSide(score=0.9, hold_share=1.0) for _ in range(players)))
    faces = tuple(box for box in seen.boxes if box is not None)
    return CaughtView(mode, frozen, seen.picture, faces, 17.3)


def result(mode: str, outcome: Outcome, reason: Reason) -> RoundResult:
    """Return a finished round with a lively curve."""
    decided_s = DURATION_S if outcome is Outcome.WON else 31.4
    curve: list[CurvePoint] = []
    if reason not in (Reason.NO_CLIP, Reason.NOT_READY):
        for step in range(int(decided_s * 10)):
            t_s = step / 10
            score: float | None = 0.18 + 0.12 * math.sin(t_s) + 0.1 * math.sin(3.1 * t_s)
            if outcome is Outcome.LOST and t_s > 28.5:
                score = min(0.9, 0.3 + (t_s - 28.5) * 0.4)
            if 12 < t_s < 14.5 or (reason is Reason.FACE_GONE and t_s > 22):
                score = None
            curve.append(CurvePoint(t_s, score))
    began_s = 29.4 if outcome is Outcome.LOST else None
    return RoundResult(
        mode,
        2,
        outcome,
        reason,
        "cat",
        DURATION_S,
        decided_s,
        began_s,
        0.06,
        0.55,
        2.0,
        tuple(curve),
    )


def review() -> ReviewView:
    """Return a kept face that waits for its label."""
    face = cv2.cvtColor(camera_picture()[90:350, 150:410], cv2.COLOR_BGR2GRAY)
    return ReviewView(
        "happy",
        np.asarray(cv2.resize(face, (48, 48), interpolation=cv2.INTER_AREA), dtype=np.uint8),
        (0.21, 0.62, 0.004, 0.05, 0.02, 0.01, 0.006, 0.08),
        (2, Outcome.LOST, "2026-11-22 07:31"),
        3,
        17,
        can_undo=True,
    )


def keys(layout: Keys, text: str, fault: str = "", *, shifted: bool = False) -> NameView:
    """Return a name as it is being typed."""
    keyboard = Keyboard(text, layout, shifted)
    return NameView(
        "happy" if layout is not Keys.DIGITS else "surprise",
        text,
        keyboard.rows(),
        layout,
        shifted,
        keyboard.longest,
        fault,
        1874,
    )


def moment(share: float = 0.62, *, lost: bool = True) -> MomentView:
    """Return a picture of the instant replay."""
    player = camera_picture()[40:440]
    clip = clip_picture(3, (640, 360))
    return MomentView(player, clip, 5, 30.1, share, 0.66, lost, 1.0 if lost else 0.5)


def leaders(*, own: int | None = 4) -> tuple[ScoreRow, ...]:
    """Return a full leaderboard with short, long, foreign and missing names."""
    names = (
        "왕눈이", "Straightface", "웃음참기장인임", "", "무표정의달인최고야", "Ana", "漢字 太郎",
        "😀😀👑", "WWWWWWWWWWWW", "끝",
    )  # fmt: skip
    return tuple(
        ScoreRow(rank, name, 2990 - 187 * rank, rank == own)
        for rank, name in enumerate(names, start=1)
    )


def own_clips(language: Language) -> tuple[OwnClip, ...]:
    """Return own clips of more than one mode."""
    title = LONG_TITLE[language]
    return (
        OwnClip(title, "happy", 1, 42.0),
        OwnClip("Cat", "surprise", 3, 7.5),
        *(OwnClip(f"IMG_{number}", "happy", 2, 61.0) for number in range(2041, 2050)),
    )


def options(mode: str, *, on: bool) -> OptionsView:
    """Return options that are all on, or all off."""
    return OptionsView(mode, 0.7, not on, on, on, LONG_CAMERA if on else "0", on, on)


#: Short, long and missing names of a tournament's players.
NAMES = ("Ana", "왕눈이", "WWWWWWWWWWWW", "", "Straightface", "Ben", "무표정의달인최고야", "끝")


def tournament(players: int, **values: Any) -> TournamentView:
    """Return a tournament between two turns of its second clip."""
    table = tuple(
        TableRow(player, (870 - 91 * player, None if player % 2 else 1204), 2074 - 91 * player)
        for player in range(players)
    )
    given = {"names": NAMES[:players], "called": 1, "kind": Kind.CLIP, "number": 2}
    given |= {"table": table, "wait_s": 23.4}
    return TournamentView("happy", **{**given, **values})


def match(*sides: MatchSide, **values: Any) -> MatchPlayingView:
    """Return a match in its middle."""
    return MatchPlayingView(
        "happy", 2, clip_picture(), "BGR", 7, 17.3, DURATION_S, 0.55, sides, **values
    )
