"""Draw every screen with made-up players, to be looked at: one PNG for each, and sheets.

Needs no display::

    python scripts/contact_sheet.py --out runs/contact
    python scripts/contact_sheet.py --out runs/contact --sizes 1280x720 3840x2160
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.game.types import CurvePoint, Mode, Outcome, Reason, RoundResult
from emotion_game.screens.i18n import Language
from emotion_game.screens.view import (
    Advice,
    CameraStatus,
    CameraView,
    Consent,
    CountdownView,
    MenuView,
    Notice,
    NoticeKind,
    PlayingView,
    ReadyView,
    ResultView,
    ReviewDoneView,
    ReviewView,
    Screen,
    View,
)
from emotion_game.screens.window import Window

SIZES = ("1280x720", "1920x1080", "1080x1920")
LONG_TITLE = {
    "en": "The cat that discovered a cucumber, the director's cut, with a much longer second half",
    "ko": "오이를 발견한 고양이가 보여 주는 가장 긴 점프, 감독판에 뒷이야기까지 담은 영상",
}
LONG_CAMERA = "rtsp://camera-in-the-living-room.example.internal:8554/streams/main?profile=1080p"
DURATION_S = 42.0


def clip_picture(frame: int = 0, size_px: tuple[int, int] = (1280, 720)) -> NDArray[np.uint8]:
    """Return a made-up clip frame, (height, width, 3) uint8 BGR."""
    width, height = size_px
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 90 * np.sin(x / 140 + y / (90 + 30 * c) + frame / 9 + c) for c in range(3)]
    picture = np.ascontiguousarray(np.stack(waves, axis=-1).astype(np.uint8))
    cv2.circle(picture, (width // 2, height // 2), height // 5, (60, 220, 250), -1)
    return picture


def camera_picture() -> NDArray[np.uint8]:
    """Return a made-up player at a camera, (480, 640, 3) uint8 BGR."""
    picture = np.full((480, 640, 3), (96, 84, 70), np.uint8)
    cv2.ellipse(picture, (280, 500), (190, 150), 0, 0, 360, (140, 90, 60), -1)
    cv2.ellipse(picture, (280, 220), (88, 118), 0, 0, 360, (150, 180, 225), -1)
    for x in (245, 315):
        cv2.circle(picture, (x, 195), 9, (40, 40, 40), -1)
    cv2.line(picture, (250, 275), (310, 275), (60, 60, 150), 5)
    return picture


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


def samples(language: Language) -> Iterator[tuple[str, View]]:
    """Yield a name and a View for every screen in its usual and its awkward states."""
    counts = {(mode, level): 12 for mode in Mode for level in (1, 2)}
    counts[Mode.HAPPY, 1] = 1
    title = LONG_TITLE[language]
    screens: dict[str, tuple[Screen, CameraView, tuple[Notice, ...]]] = {
        "menu-happy": (MenuView(Mode.HAPPY, 1, counts), camera(), ()),
        "menu-surprise": (
            MenuView(Mode.SURPRISE, 3, counts),
            camera(LONG_CAMERA, CameraStatus.LOST),
            (Notice(NoticeKind.CAMERA_FAILED, LONG_CAMERA), Notice(NoticeKind.NO_SOUND)),
        ),
        "menu-starting": (
            MenuView(Mode.HAPPY, 2, counts),
            camera("demo", CameraStatus.STARTING),
            (Notice(NoticeKind.NO_CAMERA_DEMO),),
        ),
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
    for name, (screen, player, notices) in screens.items():
        yield name, View(screen, player, language, notices)


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
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    languages: tuple[Language, ...] = ("en", "ko")
    for size in arguments.sizes:
        width, height = map(int, size.split("x"))
        window = Window((width, height), offscreen=True)
        for language in languages:
            pictures = []
            for name, view in samples(language):
                path = arguments.out / f"{size}-{language}-{name}.png"
                window.draw(view)
                window.screenshot(path)
                pictures.append(path)
            target = arguments.out / f"sheet-{size}-{language}.png"
            columns, width_px = (6, 320) if height > width else (3, 640)
            cv2.imwrite(str(target), sheet(pictures, columns, width_px))
            print(target)
        window.close()


if __name__ == "__main__":
    main()
