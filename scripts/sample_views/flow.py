"""The screens before and after a round."""

from __future__ import annotations

from dataclasses import replace

from emotion_game.game.check import CheckAdvice
from emotion_game.game.keyboard import Keys
from emotion_game.screens.check import CheckView
from emotion_game.screens.duel import DuelReadyView, DuelResultView, DuelSide
from emotion_game.screens.leaderboard import BoardStatus, ScoresView
from emotion_game.screens.levels import LevelView
from emotion_game.screens.paused import PausedView
from emotion_game.screens.ready import Advice
from emotion_game.screens.title import TitleView
from emotion_game.screens.warning import WarningView
from emotion_game.ui.i18n import Language
from emotion_game.ui.live import CameraStatus
from emotion_game.ui.notices import (
    Notice,
    NoticeKind,
)
from sample_views.parts import (
    ALL_MODES,
    DURATION_S,
    LONG_CAMERA,
    LONG_TITLE,
    MODES,
    Sample,
    camera,
    caught,
    duel,
    keys,
    leaders,
    moment,
    options,
    two_players,
)


def flow(language: Language) -> dict[str, Sample]:
    """Return the screens before and after a round."""
    counts = {(mode, level): 12 for mode in MODES for level in (1, 2)}
    counts["happy", 3] = 1
    left, right = (0.61, 0.2, 0.28, 0.52), (0.11, 0.2, 0.28, 0.52)
    two = replace(camera(), picture=two_players(), box=left, rival_box=right)
    samples: dict[str, Sample] = {
        "title-hint": (TitleView("happy", MODES), camera(), ()),
        "title-crowned": (
            TitleView("surprise", MODES, frozenset(MODES), can_quit=False, has_options=False),
            camera(),
            (Notice(NoticeKind.NO_CAMERA_DEMO), Notice(NoticeKind.GAMEPAD_FOUND, "X-Box 360 Pad")),
        ),
        "levels-happy": (
            LevelView("happy", 2, counts, bests={1: 870, 100: 12_450}),
            camera(),
            (),
        ),
        "levels-empty": (LevelView("surprise", 3, counts), camera(), ()),
        "levels-duel": (LevelView("happy", 1, counts, duel=True), camera(), ()),
        "warning": (WarningView("surprise", 2), camera(), ()),
        "paused": (PausedView("happy", 3, 17.3, DURATION_S), camera(), ()),
        "options-off": (options("happy", on=False), camera(), ()),
        "options-on": (options("surprise", on=True), camera(), ()),
        "name-latin": (keys(Keys.LATIN, "Straightface"), camera(), ()),
        "name-hangul": (keys(Keys.HANGUL, "왕눈이", shifted=True), camera(), ()),
        "name-refused": (keys(Keys.DIGITS, "1004", "word"), camera(), ()),
        "scores": (ScoresView("happy", 2, leaders(), BoardStatus.READY, MODES), camera(), ()),
        "scores-empty": (ScoresView("surprise", 100, (), BoardStatus.READY, MODES), camera(), ()),
        "scores-away": (
            ScoresView("happy", 1, (), BoardStatus.AWAY, MODES),
            camera(),
            (Notice(NoticeKind.SCORES_WAIT),),
        ),
        "duel-ready": (
            DuelReadyView(
                "happy",
                2,
                (DuelSide(progress=0.7), DuelSide(advice=Advice.SHOWING, progress=0.2)),
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
        "caught-both": (
            caught("happy", playing_screen=duel(DuelSide(score=0.9), DuelSide(score=0.9)), faces=2),
            two,
            (),
        ),
        "duel-result": (
            DuelResultView(
                "happy",
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
                "surprise", 1, None, False, "held", (DuelSide(out_s=9.1), DuelSide(out_s=9.1))
            ),
            two,
            (),
        ),
    }
    for count in (1, 3, 4, 5, 6):
        names = tuple(ALL_MODES)[:count]
        title = TitleView(names[-1], names, frozenset(names))
        samples[f"title-of-{count}"] = (title, camera(), ())
        board = ScoresView(names[-1], 2, leaders(), BoardStatus.READY, names)
        samples[f"scores-of-{count}"] = (board, camera(), ())
    for advice in CheckAdvice:
        good = advice is CheckAdvice.GOOD
        screen = CheckView("happy", 1, advice, 0.6 if good else 0.0)
        samples[f"check-{advice}"] = (screen, camera(), ())
    lost = CheckView("surprise", 1, CheckAdvice.WAITING, 0.0)
    samples["check-lost"] = (
        lost,
        camera(LONG_CAMERA, CameraStatus.LOST),
        (Notice(NoticeKind.CAMERA_FAILED, LONG_CAMERA), Notice(NoticeKind.NO_SOUND)),
    )
    samples["check-starting"] = (lost, camera("demo", CameraStatus.STARTING), ())
    return samples
