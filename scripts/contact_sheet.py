"""Draw every screen with made-up players, to be looked at: one PNG for each, and sheets.

Needs no display::

    python scripts/contact_sheet.py --out runs/contact
    python scripts/contact_sheet.py --out runs/contact --sizes 3840x2160 --only playing
    python scripts/contact_sheet.py --out runs/contact --high-contrast
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.game.check import CheckAdvice
from emotion_game.game.keyboard import Keyboard, Keys
from emotion_game.game.types import CurvePoint, Mode, Outcome, Reason, RoundResult
from emotion_game.screens.i18n import Language
from emotion_game.screens.kiosk_view import (
    AttractView,
    Closed,
    ClosedView,
    ConsentView,
    OperatorView,
    PinView,
)
from emotion_game.screens.view import (
    Advice,
    BoardStatus,
    CameraStatus,
    CameraView,
    CheckView,
    Consent,
    CountdownView,
    DuelPlayingView,
    DuelReadyView,
    DuelResultView,
    DuelSide,
    LevelView,
    MomentView,
    NameView,
    Notice,
    NoticeKind,
    OptionsView,
    PausedView,
    PlayingView,
    ReadyView,
    ResultView,
    ReviewDoneView,
    ReviewView,
    ScoreRow,
    ScoresView,
    Screen,
    TitleView,
    View,
    WarningView,
)
from emotion_game.screens.window import Window

SIZES = ("1280x720", "1920x1080", "1080x1920")
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
def two_players() -> NDArray[np.uint8]:
    """Return two made-up players at a camera, (480, 640, 3) uint8 BGR."""
    half = camera_picture()[:, 120:440]
    return np.ascontiguousarray(np.hstack([half, half[:, ::-1]]))


def camera(name: str = "0", status: CameraStatus = CameraStatus.WORKING) -> CameraView:
    """Return a made-up camera."""
    if status is not CameraStatus.WORKING:
        return CameraView(name, status)
    return CameraView(name, status, camera_picture(), (0.28, 0.2, 0.31, 0.52))


def playing(
    mode: Mode, score: float | None, hold_share: float, forfeit_in_s: float | None = None
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
        score,
        0.55,
        hold_share,
        paused=forfeit_in_s is not None,
        forfeit_in_s=forfeit_in_s,
    )


def result(mode: Mode, outcome: Outcome, reason: Reason) -> RoundResult:
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
        Mode.HAPPY,
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
        Mode.HAPPY if layout is not Keys.DIGITS else Mode.SURPRISE,
        text,
        keyboard.rows(),
        layout,
        shifted,
        keyboard.longest,
        fault,
        1874,
    )


def moment(share: float = 0.62) -> MomentView:
    """Return a picture of the instant replay."""
    return MomentView(camera_picture(), clip_picture(3, (640, 360)), 5, 30.1, share, 0.66)


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


def options(mode: Mode, *, on: bool) -> OptionsView:
    """Return options that are all on, or all off."""
    return OptionsView(mode, 0.7, not on, on, on, LONG_CAMERA if on else "0", on, on)


def duel(left: DuelSide, right: DuelSide, **values: Any) -> DuelPlayingView:
    """Return a duel in its middle."""
    return DuelPlayingView(
        Mode.HAPPY, 2, clip_picture(), "BGR", 7, 17.3, DURATION_S, 0.55, (left, right), **values
    )


def flow(language: Language) -> dict[str, Sample]:
    """Return the screens before and after a round."""
    counts = {(mode, level): 12 for mode in Mode for level in (1, 2)}
    counts[Mode.HAPPY, 3] = 1
    left, right = (0.61, 0.2, 0.28, 0.52), (0.11, 0.2, 0.28, 0.52)
    two = replace(camera(), picture=two_players(), box=left, rival_box=right)
    samples: dict[str, Sample] = {
        "title-hint": (TitleView(Mode.HAPPY), camera(), ()),
        "title-crowned": (
            TitleView(Mode.SURPRISE, frozenset(Mode), can_quit=False),
            camera(),
            (Notice(NoticeKind.NO_CAMERA_DEMO), Notice(NoticeKind.GAMEPAD_FOUND, "X-Box 360 Pad")),
        ),
        "levels-happy": (
            LevelView(Mode.HAPPY, 2, counts, bests={1: 870, 100: 12_450}),
            camera(),
            (),
        ),
        "levels-empty": (LevelView(Mode.SURPRISE, 3, counts), camera(), ()),
        "levels-duel": (LevelView(Mode.HAPPY, 1, counts, duel=True), camera(), ()),
        "warning": (WarningView(Mode.SURPRISE, 2), camera(), ()),
        "paused": (PausedView(Mode.HAPPY, 3, 17.3, DURATION_S), camera(), ()),
        "options-off": (options(Mode.HAPPY, on=False), camera(), ()),
        "options-on": (options(Mode.SURPRISE, on=True), camera(), ()),
        "name-latin": (keys(Keys.LATIN, "Straightface"), camera(), ()),
        "name-hangul": (keys(Keys.HANGUL, "왕눈이", shifted=True), camera(), ()),
        "name-refused": (keys(Keys.DIGITS, "1004", "word"), camera(), ()),
        "scores": (ScoresView(Mode.HAPPY, 2, leaders(), BoardStatus.READY), camera(), ()),
        "scores-empty": (ScoresView(Mode.SURPRISE, 100, (), BoardStatus.READY), camera(), ()),
        "scores-away": (
            ScoresView(Mode.HAPPY, 1, (), BoardStatus.AWAY),
            camera(),
            (Notice(NoticeKind.SCORES_WAIT),),
        ),
        "duel-ready": (
            DuelReadyView(
                Mode.HAPPY,
                2,
                (DuelSide(progress=0.7), DuelSide(advice=Advice.SMILING, progress=0.2)),
            ),
            two,
            (),
        ),
        "duel-playing": (
            duel(DuelSide(score=0.12), DuelSide(score=0.5), can_pause=True),
            two,
            (),
        ),
        "duel-sudden": (
            duel(
                DuelSide(score=0.7, hold_share=0.6),
                DuelSide(score=None, away=True),
                sudden=2,
                paused=True,
                forfeit_in_s=4.2,
            ),
            two,
            (),
        ),
        "duel-result": (
            DuelResultView(
                Mode.HAPPY,
                2,
                0,
                False,
                "held",
                (DuelSide(), DuelSide(out_s=17.3)),
                LONG_TITLE[language],
                moment(),
            ),
            two,
            (),
        ),
        "duel-draw": (
            DuelResultView(
                Mode.SURPRISE, 1, None, False, "held", (DuelSide(out_s=9.1), DuelSide(out_s=9.1))
            ),
            two,
            (),
        ),
    }
    for advice in CheckAdvice:
        good = advice is CheckAdvice.GOOD
        screen = CheckView(Mode.HAPPY, 1, advice, 0.6 if good else 0.0)
        samples[f"check-{advice}"] = (screen, camera(), ())
    lost = CheckView(Mode.SURPRISE, 1, CheckAdvice.WAITING, 0.0)
    samples["check-lost"] = (
        lost,
        camera(LONG_CAMERA, CameraStatus.LOST),
        (Notice(NoticeKind.CAMERA_FAILED, LONG_CAMERA), Notice(NoticeKind.NO_SOUND)),
    )
    samples["check-starting"] = (lost, camera("demo", CameraStatus.STARTING), ())
    return samples


def booth(language: Language) -> dict[str, Sample]:
    """Return what only a booth shows."""
    text = {
        "ko": (
            "이 게임은 카메라로 얼굴 표정을 읽어서 웃음과 놀람을 판정해요.",
            "얼굴 사진은 저장하지 않고, 판이 끝나면 바로 사라져요.",
            "참여는 자유예요. 언제든지 그만둘 수 있어요.",
        ),
        "en": (
            "This game reads your expression with a camera to see whether you laugh or flinch.",
            "No picture of you is stored; it is gone as soon as the round is over.",
            "Taking part is up to you. You can stop at any time.",
        ),
    }[language]
    lines = (
        ("camera", "0 · 640x480 · 29.8"),
        ("rate", "14.2"),
        ("rounds", "87"),
        ("player", "pyav"),
        ("waiting", "0"),
        ("model", "expression 0.2.0"),
    )
    screens: dict[str, Any] = {
        "attract-clip": AttractView(Mode.SURPRISE, pixels=clip_picture(), frame_id=3),
        "attract-scores": AttractView(Mode.HAPPY, 2, rows=leaders(own=None)),
        "consent": ConsentView(Mode.HAPPY, "Straight Face Booth", "hello@example.org", text),
        "pin": PinView(Mode.HAPPY, 3, wrong=False, wait_s=0),
        "pin-wrong": PinView(Mode.SURPRISE, 0, wrong=True, wait_s=0),
        "pin-wait": PinView(Mode.HAPPY, 0, wrong=True, wait_s=28),
        "operator": OperatorView(Mode.HAPPY, 0.6, lines),
    }
    for why in Closed:
        opens = "10:00" if why is Closed.HOURS else ""
        screens[f"closed-{why.name.lower()}"] = ClosedView(Mode.HAPPY, why, opens)
    return {name: (screen, camera(), ()) for name, screen in screens.items()}


def samples(language: Language) -> Iterator[tuple[str, View]]:
    """Yield a name and a View for every screen in its usual and its awkward states."""
    for name, (screen, player, notices) in {
        **flow(language),
        **rounds(language),
        **booth(language),
    }.items():
        hint = name in ("title-hint", "check-good", "ready-still")
        yield name, View(screen, player, language, notices, hint=hint)


def rounds(language: Language) -> dict[str, Sample]:
    """Return the screens of a round, and of the review."""
    title = LONG_TITLE[language]
    screens: dict[str, Sample] = {
        "ready-still": (ReadyView(Mode.HAPPY, 1, Advice.HOLD_STILL, 0.62), camera(), ()),
        "ready-smiling": (
            ReadyView(Mode.HAPPY, 1, Advice.SMILING, 0.2),
            camera(),
            (Notice(NoticeKind.NO_VLC),),
        ),
        "ready-no-face": (ReadyView(Mode.SURPRISE, 1, Advice.NO_FACE, 0.0), camera(), ()),
        "ready-consent": (
            ReadyView(Mode.HAPPY, 1, Advice.HOLD_STILL, 0.3, Consent.ASKED),
            camera(),
            (),
        ),
        "ready-refused": (
            ReadyView(Mode.SURPRISE, 1, Advice.SMILING, 0.0, Consent.REFUSED),
            camera(),
            (),
        ),
        "countdown-consent": (CountdownView(Mode.SURPRISE, 2, 1.6, Consent.GIVEN), camera(), ()),
        "countdown": (CountdownView(Mode.SURPRISE, 2, 2.3), camera(), ()),
        "countdown-opening": (
            CountdownView(Mode.HAPPY, 2, 0.0),
            camera(),
            (Notice(NoticeKind.CLIP_SKIPPED, title),),
        ),
        "playing-calm": (playing(Mode.HAPPY, 0.2, 0.0), camera(), ()),
        "playing-close": (playing(Mode.HAPPY, 0.72, 0.6), camera(), ()),
        "playing-recording": (
            playing(Mode.HAPPY, 0.3, 0.0),
            replace(camera(), recording=True),
            (),
        ),
        "playing-flinch": (
            playing(Mode.SURPRISE, 0.48, 0.0),
            camera(),
            (Notice(NoticeKind.NO_SOUND),),
        ),
        "playing-no-face": (playing(Mode.SURPRISE, None, 0.0, 4.2), camera(), ()),
        "playing-near": (playing(Mode.HAPPY, 0.5, 0.0), camera(), ()),
        "playing-grace": (
            replace(playing(Mode.HAPPY, None, 0.0, 7.4), paused=False),
            camera(),
            (),
        ),
        "playing-marathon": (
            replace(playing(Mode.SURPRISE, 0.3, 0.0), level=100, stage=4, can_pause=True),
            camera(),
            (),
        ),
        "countdown-marathon": (CountdownView(Mode.HAPPY, 100, 1.4, stage=3), camera(), ()),
        "result-full": (
            replace(
                ResultView(result(Mode.HAPPY, Outcome.LOST, Reason.HELD), title, None),
                points=1874,
                composure=0.78,
                best=1702,
                record=True,
                rank=3,
                can_name=True,
                wins=0,
                moment=moment(),
            ),
            camera(),
            (),
        ),
        "result-crowned": (
            replace(
                ResultView(result(Mode.SURPRISE, Outcome.WON, Reason.CLIP_ENDED), title, 3),
                points=12_990,
                composure=0.98,
                best=13_702,
                rank=112,
                nickname="무표정의달인최고야",
                crowned=True,
                wins=3,
                moment=moment(0.2),
                moment_file="/home/booth/Pictures/straight-face-2026-11-22.mp4",
            ),
            camera(),
            (Notice(NoticeKind.MOMENT_SAVED, "/home/booth/Pictures/straight-face.mp4"),),
        ),
        "result-marathon": (
            replace(
                ResultView(result(Mode.HAPPY, Outcome.LOST, Reason.HELD), title, None),
                points=4210,
                composure=0.6,
                best=None,
                can_name=True,
                stage=6,
                moment=moment(0.9),
            ),
            camera(),
            (),
        ),
        "result-won": (
            ResultView(result(Mode.HAPPY, Outcome.WON, Reason.CLIP_ENDED), "Cat", 3),
            camera(),
            (),
        ),
        "result-lost": (
            ResultView(result(Mode.HAPPY, Outcome.LOST, Reason.HELD), title, None),
            camera(),
            (),
        ),
        "result-markable": (
            ResultView(result(Mode.HAPPY, Outcome.WON, Reason.CLIP_ENDED), title, 3, faces=8),
            camera(),
            (),
        ),
        "result-marked": (
            ResultView(result(Mode.SURPRISE, Outcome.LOST, Reason.HELD), title, None),
            camera(),
            (Notice(NoticeKind.FACES_KEPT, "8"),),
        ),
        "result-unkept": (
            ResultView(result(Mode.SURPRISE, Outcome.LOST, Reason.HELD), title, None, faces=1),
            camera(),
            (Notice(NoticeKind.FACES_NOT_KEPT, "/media/stick/straight-face/wrong-calls"),),
        ),
        "review": (review(), camera(), ()),
        "review-unknown": (
            replace(review(), emotions=None, about=None, mode=Mode.SURPRISE, can_undo=False),
            camera(),
            (Notice(NoticeKind.PICTURE_NOT_FILED, "20261122T073105Z-a1b2c3_01.png"),),
        ),
        "review-done": (
            ReviewDoneView(
                Mode.HAPPY,
                {"neutral": 7, "happiness": 12, "surprise": 103},
                2,
                1,
                "python scripts/train_classifier.py --ferplus DATA --folders"
                ' "/home/booth/.local/share/emotion-game/wrong-calls/reviewed" --people'
                ' "/home/booth/.local/share/emotion-game/wrong-calls/reviewed/people.csv"'
                " --drop-leaks",
            ),
            camera(),
            (),
        ),
        "result-flinched": (
            ResultView(result(Mode.SURPRISE, Outcome.LOST, Reason.HELD), title, None),
            camera(),
            (),
        ),
        "result-forfeit": (
            ResultView(result(Mode.SURPRISE, Outcome.FORFEIT, Reason.FACE_GONE), title, None),
            camera(),
            (),
        ),
    }
    for reason in (
        Reason.NOT_READY,
        Reason.CAMERA_FAULT,
        Reason.STARVED,
        Reason.CLIP_FAULT,
        Reason.NO_CLIP,
    ):
        void = ResultView(result(Mode.SURPRISE, Outcome.VOID, reason), "Cat", None)
        notices = (Notice(NoticeKind.NO_CLIPS, "surprise/2"),) if reason is Reason.NO_CLIP else ()
        screens[f"result-void-{reason}"] = (void, camera(), notices)
    return screens


def sheet(pictures: list[Path], columns: int = 3, width_px: int = 640) -> NDArray[np.uint8]:
    """Return the pictures, all of one size, scaled to ``width_px`` and set in rows."""
    small = []
    for path in pictures:
        picture = cv2.imread(str(path))
        assert picture is not None, path
        scale = width_px / picture.shape[1]
        small.append(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    small += [np.zeros_like(small[0])] * (-len(small) % columns)
    rows = [np.hstack(small[i : i + columns]) for i in range(0, len(small), columns)]
    return np.vstack(rows).astype(np.uint8)


def main() -> None:
    """Write the pictures and one sheet for each language and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="WIDTHxHEIGHT in px")
    parser.add_argument("--languages", nargs="+", choices=["en", "ko"], default=["en", "ko"])
    parser.add_argument("--only", default="", help="screens whose name begins so")
    parser.add_argument("--high-contrast", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    suffix = "-contrast" if arguments.high_contrast else ""
    for size in arguments.sizes:
        width, height = map(int, size.split("x"))
        window = Window((width, height), offscreen=True)
        for language in arguments.languages:
            pictures = []
            for name, view in samples(language):
                if not name.startswith(arguments.only):
                    continue
                path = arguments.out / f"{size}-{language}-{name}{suffix}.png"
                # Without motion: the same pictures each time, and no screen half wiped in.
                still = replace(view, reduced_motion=True, high_contrast=arguments.high_contrast)
                window.draw(still)
                window.screenshot(path)
                pictures.append(path)
            target = arguments.out / f"sheet-{size}-{language}{suffix}.png"
            columns, width_px = (6, 320) if height > width else (3, 640)
            cv2.imwrite(str(target), sheet(pictures, columns, width_px))
            print(target)
        window.close()


if __name__ == "__main__":
    main()
