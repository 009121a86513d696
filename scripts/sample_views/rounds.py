"""The screens of a round, and of the review."""

from __future__ import annotations

from dataclasses import replace

from emotion_game.game.types import Outcome, Reason
from emotion_game.screens.confirm import ConfirmView, Question
from emotion_game.screens.countdown import CountdownView
from emotion_game.screens.ready import Advice, ReadyView
from emotion_game.screens.record_question import Consent
from emotion_game.screens.result import ResultView
from emotion_game.screens.review import ReviewDoneView
from emotion_game.ui.i18n import Language
from emotion_game.ui.notices import (
    Notice,
    NoticeKind,
)
from sample_views.parts import (
    LONG_TITLE,
    Sample,
    camera,
    moment,
    playing,
    result,
    review,
)


def rounds(language: Language) -> dict[str, Sample]:
    """Return the screens of a round, and of the review."""
    title = LONG_TITLE[language]
    screens: dict[str, Sample] = {
        "ready-still": (ReadyView("happy", 1, Advice.HOLD_STILL, 0.62), camera(), ()),
        "ready-smiling": (
            ReadyView("happy", 1, Advice.SHOWING, 0.2),
            camera(),
            (Notice(NoticeKind.NO_VLC),),
        ),
        "ready-no-face": (ReadyView("surprise", 1, Advice.NO_FACE, 0.0), camera(), ()),
        "ready-consent": (
            ReadyView("happy", 1, Advice.HOLD_STILL, 0.3, Consent.ASKED),
            camera(),
            (),
        ),
        "ready-refused": (
            ReadyView("surprise", 1, Advice.SHOWING, 0.0, Consent.REFUSED),
            camera(),
            (),
        ),
        "countdown-consent": (CountdownView("surprise", 2, 1.6, Consent.GIVEN), camera(), ()),
        "countdown": (CountdownView("surprise", 2, 2.3), camera(), ()),
        "countdown-opening": (
            CountdownView("happy", 2, 0.0),
            camera(),
            (Notice(NoticeKind.CLIP_SKIPPED, title),),
        ),
        "playing-calm": (playing("happy", 0.2, 0.0), camera(), ()),
        "playing-close": (playing("happy", 0.72, 0.6), camera(), ()),
        "playing-recording": (
            playing("happy", 0.3, 0.0),
            replace(camera(), recording=True),
            (),
        ),
        "playing-flinch": (
            playing("surprise", 0.48, 0.0),
            camera(),
            (Notice(NoticeKind.NO_SOUND),),
        ),
        "playing-no-face": (playing("surprise", None, 0.0, 4.2), camera(), ()),
        "playing-demo": (
            playing("happy", 0.3, 0.0),
            replace(camera("demo"), demo=True),
            (Notice(NoticeKind.MUTED),),
        ),
        "playing-near": (playing("happy", 0.5, 0.0), camera(), ()),
        "playing-grace": (
            replace(playing("happy", None, 0.0, 7.4), paused=False),
            camera(),
            (),
        ),
        "playing-marathon": (
            replace(playing("surprise", 0.3, 0.0), level=100, stage=4, can_pause=True),
            camera(),
            (),
        ),
        "countdown-marathon": (CountdownView("happy", 100, 1.4, stage=3), camera(), ()),
        "result-full": (
            replace(
                ResultView(result("happy", Outcome.LOST, Reason.HELD), title, None),
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
                ResultView(result("surprise", Outcome.WON, Reason.CLIP_ENDED), title, 3),
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
                ResultView(result("happy", Outcome.LOST, Reason.HELD), title, None),
                points=4210,
                composure=0.6,
                best=None,
                can_name=True,
                stage=6,
                moment=moment(0.9),
            ),
            camera(),
            (
                Notice(NoticeKind.SCORE_NOT_KEPT, "/home/booth/.local/share/emotion-game"),
                Notice(NoticeKind.PREFERENCES_NOT_KEPT, "/home/booth/.config/preferences.json"),
            ),
        ),
        "result-left": (
            replace(
                ResultView(
                    replace(
                        result("happy", Outcome.WON, Reason.STOPPED),
                        curve=(),
                        clip_id="",
                        stage=3,
                        earlier_points=2480,
                        earlier_s=104.0,
                    ),
                    "",
                    None,
                ),
                points=2480,
                can_name=True,
                stage=3,
            ),
            camera(),
            (),
        ),
        "countdown-restless": (CountdownView("happy", 2, 0.9, restless=True), camera(), ()),
        "countdown-again": (CountdownView("surprise", 2, 1.4, begun=True), camera(), ()),
        "confirm-round": (ConfirmView("happy", Question.ROUND), camera(), ()),
        "confirm-marathon": (ConfirmView("surprise", Question.MARATHON), camera(), ()),
        "confirm-quit": (ConfirmView("happy", Question.QUIT), camera(), ()),
        "playing-no-clock": (
            replace(playing("surprise", 0.3, 0.0), shows_clock=False),
            camera(),
            (),
        ),
        "result-won": (
            ResultView(result("happy", Outcome.WON, Reason.CLIP_ENDED), "Cat", 3),
            camera(),
            (),
        ),
        "result-lost": (
            ResultView(result("happy", Outcome.LOST, Reason.HELD), title, None),
            camera(),
            (),
        ),
        "result-markable": (
            ResultView(result("happy", Outcome.WON, Reason.CLIP_ENDED), title, 3, faces=8),
            camera(),
            (),
        ),
        "result-marked": (
            ResultView(result("surprise", Outcome.LOST, Reason.HELD), title, None),
            camera(),
            (Notice(NoticeKind.FACES_KEPT, "8"),),
        ),
        "result-unkept": (
            ResultView(result("surprise", Outcome.LOST, Reason.HELD), title, None, faces=1),
            camera(),
            (Notice(NoticeKind.FACES_NOT_KEPT, "/media/stick/straight-face/wrong-calls"),),
        ),
        "review": (review(), camera(), ()),
        "review-unknown": (
            replace(review(), emotions=None, about=None, mode="surprise", can_undo=False),
            camera(),
            (Notice(NoticeKind.PICTURE_NOT_FILED, "20261122T073105Z-a1b2c3_01.png"),),
        ),
        "review-done": (
            ReviewDoneView(
                "happy",
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
            ResultView(result("surprise", Outcome.LOST, Reason.HELD), title, None),
            camera(),
            (),
        ),
        "result-forfeit": (
            ResultView(result("surprise", Outcome.FORFEIT, Reason.FACE_GONE), title, None),
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
        void = ResultView(result("surprise", Outcome.VOID, reason), "Cat", None)
        notices = (Notice(NoticeKind.NO_CLIPS, "surprise/2"),) if reason is Reason.NO_CLIP else ()
        screens[f"result-void-{reason}"] = (void, camera(), notices)
    return screens
