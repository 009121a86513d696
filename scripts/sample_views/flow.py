"""The screens before and after a round."""

from __future__ import annotations

from dataclasses import replace

from emotion_game.game.check import CheckAdvice
from emotion_game.game.keyboard import Keys
from emotion_game.game.tournament import Kind
from emotion_game.screens.check import CheckView
from emotion_game.screens.leaderboard import BoardStatus, ScoresView
from emotion_game.screens.levels import LevelView
from emotion_game.screens.match import MatchReadyView, MatchResultView, MatchSide
from emotion_game.screens.own_clips import ClipNews, OwnClipsView
from emotion_game.screens.paused import PausedView
from emotion_game.screens.players import PlayersView
from emotion_game.screens.ready import Advice
from emotion_game.screens.title import TitleView
from emotion_game.screens.tournament import TableRow, TournamentOverView, TurnNews
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
    NAMES,
    Sample,
    camera,
    caught,
    keys,
    leaders,
    match,
    moment,
    options,
    own_clips,
    several,
    tournament,
)


def flow(language: Language) -> dict[str, Sample]:
    """Return the screens before and after a round."""
    long_title = LONG_TITLE[language]
    counts = {(mode, level): 12 for mode in MODES for level in (1, 2)}
    counts["happy", 3] = 1
    samples: dict[str, Sample] = {
        "title-hint": (TitleView("happy", MODES), camera(), ()),
        "title-crowned": (
            TitleView("surprise", MODES, frozenset(MODES), can_quit=False, has_options=False),
            replace(camera("demo"), demo=True),
            (Notice(NoticeKind.NO_CAMERA_DEMO), Notice(NoticeKind.GAMEPAD_FOUND, "X-Box 360 Pad")),
        ),
        "clips-none": (OwnClipsView("happy", 1, MODES), camera(), ()),
        "clips-dropped": (
            OwnClipsView(
                "surprise", 3, MODES, dropped=(f"{long_title}.mp4", "holiday films", "b.mov")
            ),
            camera(),
            (),
        ),
        "clips-adding": (
            OwnClipsView(
                "happy",
                2,
                (*ALL_MODES,),
                own_clips(language),
                now=(f"{long_title}.mp4", 0.6),
                waiting=12,
                news=(
                    ClipNews("Cat"),
                    ClipNews("b.mov", "b.mov is 1.2 s long; a clip lasts 3 to 120 s."),
                ),
            ),
            camera(),
            (Notice(NoticeKind.DROP_LATER),),
        ),
        "levels-happy": (
            LevelView("happy", 2, counts, bests={1: 870, 100: 12_450}),
            camera(),
            (),
        ),
        "levels-empty": (LevelView("surprise", 3, counts), camera(), ()),
        "levels-match": (LevelView("happy", 1, counts, players=3), camera(), ()),
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
        "name-of-2": (replace(keys(Keys.LATIN, "Ana", "taken"), points=0, player=2), camera(), ()),
        "players-2": (PlayersView("happy", ("Ana", "")), camera(), ()),
        "players-4": (PlayersView("surprise", (*NAMES[2:5], "")), camera(), ()),
        "players-3-turns": (
            PlayersView("happy", ("", "", ""), tournament=True, can_add=True),
            camera(),
            (),
        ),
        "players-8-turns": (
            PlayersView("surprise", NAMES, tournament=True, can_remove=True),
            camera(),
            (),
        ),
        "tournament-first": (
            tournament(
                3,
                called=0,
                number=1,
                table=tuple(TableRow(player, (None, None), 0) for player in range(3)),
                begins_s=7.2,
            ),
            camera(),
            (),
        ),
        "tournament-8": (
            replace(tournament(8, called=2, news=TurnNews(1, 1874)), mode="surprise"),
            camera(),
            (),
        ),
        "tournament-asks": (tournament(5, asks=True, news=TurnNews(4, left=True)), camera(), ()),
        "tournament-void": (
            tournament(5, news=TurnNews(1, reason="camera_fault")),
            camera("0", CameraStatus.LOST),
            (),
        ),
        "tournament-final": (
            tournament(
                5,
                kind=Kind.FINAL_SUDDEN_DEATH,
                news=TurnNews(4),
                names=NAMES[2:7],
                table=(
                    TableRow(0, (870, 1204), 2074, 2012),
                    TableRow(1, (870, 1004), 1874, None),
                    TableRow(4, (870, 1004), 1874, 12),
                    TableRow(3, (0, 0), 0),
                    TableRow(2, (570, 0), 570, left=True),
                ),
            ),
            camera(),
            (),
        ),
        "tournament-over": (
            TournamentOverView(
                "happy",
                NAMES[:5],
                2,
                (
                    TableRow(2, (870, 1204), 2074, 2812),
                    TableRow(1, (870, 1004), 1874, 2012),
                    TableRow(4, (870, 904), 1774),
                    TableRow(3, (0, 0), 0),
                    TableRow(0, (570, 0), 570, left=True),
                ),
            ),
            camera(),
            (),
        ),
        "tournament-nobody": (
            TournamentOverView(
                "surprise",
                ("", "", ""),
                None,
                tuple(TableRow(player, (None, None), 0, left=True) for player in range(3)),
            ),
            camera(),
            (),
        ),
        "match-ready": (
            MatchReadyView(
                "happy",
                2,
                (
                    MatchSide(progress=0.7),
                    MatchSide("Straightface", advice=Advice.SHOWING, progress=0.2),
                ),
            ),
            several(2),
            (),
        ),
        "match-ready-4": (
            MatchReadyView(
                "surprise",
                2,
                (
                    MatchSide("왕눈이", progress=1.0),
                    MatchSide(advice=Advice.NO_FACE, away=True),
                    MatchSide("WWWWWWWWWWWW", advice=Advice.MOVING, progress=0.4),
                    MatchSide("무표정의달인최고야", progress=0.9),
                ),
            ),
            replace(several(4), boxes=(several(4).boxes[0], None, *several(4).boxes[2:])),
            (),
        ),
        "match-playing": (
            match(MatchSide("Kim", score=0.12), MatchSide(score=0.5), can_pause=True),
            several(2),
            (),
        ),
        "match-playing-3": (
            match(
                MatchSide("Ana", score=0.12),
                MatchSide("Ben", score=0.9, out_s=7.3),
                MatchSide("Straightface", score=0.6, hold_share=0.4),
            ),
            several(3),
            (Notice(NoticeKind.CANNOT_PAUSE),),
        ),
        "match-playing-4": (
            replace(
                match(
                    MatchSide("WWWWWWWWWWWW", score=0.12),
                    MatchSide("무표정의달인최고야", score=0.9, out_s=17.3),
                    MatchSide(score=0.6, hold_share=0.4),
                    MatchSide("왕눈이", score=0.3),
                    can_pause=True,
                ),
                mode="surprise",
            ),
            several(4),
            (),
        ),
        "match-sudden": (
            match(
                MatchSide(score=0.7, hold_share=0.6),
                MatchSide(score=None, away=True),
                sudden=2,
                paused=True,
                forfeit_in_s=4.2,
            ),
            replace(several(2), boxes=(several(2).boxes[0], None)),
            (),
        ),
        "caught-both": (
            caught("happy", players=2),
            several(2),
            (),
        ),
        "match-result": (
            MatchResultView(
                "happy",
                2,
                0,
                False,
                "held",
                (MatchSide("WWWWWWWWWWWW", wins=1), MatchSide(out_s=17.3, wins=1)),
                LONG_TITLE[language],
                moment(),
            ),
            several(2),
            (),
        ),
        "match-result-4": (
            MatchResultView(
                "surprise",
                2,
                2,
                False,
                "held",
                (
                    MatchSide("Ana", out_s=3.1),
                    MatchSide("무표정의달인최고야", out_s=17.3, wins=1),
                    MatchSide(wins=2),
                    MatchSide("Straightface", out_s=8.8),
                ),
                LONG_TITLE[language],
                moment(),
                champion=2,
            ),
            several(4),
            (),
        ),
        "match-result-3": (
            MatchResultView(
                "happy",
                1,
                1,
                False,
                "held",
                (MatchSide(out_s=9.1), MatchSide(wins=1), MatchSide(out_s=9.3)),
            ),
            several(3),
            (),
        ),
        "match-draw": (
            MatchResultView(
                "surprise", 1, None, False, "held", (MatchSide(out_s=9.1), MatchSide(out_s=9.1))
            ),
            several(2),
            (),
        ),
        "match-void": (
            MatchResultView(
                "happy", 1, None, True, "camera_fault", (MatchSide(), MatchSide(wins=1))
            ),
            camera("0", CameraStatus.LOST),
            (),
        ),
        "check-of-2": (
            CheckView("happy", 1, CheckAdvice.NEED_MORE, 0.0, 2, 1),
            replace(several(2), boxes=(several(2).boxes[0], None)),
            (),
        ),
        "check-of-4": (
            CheckView("surprise", 1, CheckAdvice.NEED_MORE, 0.0, 4, 2),
            replace(several(4), boxes=(*several(4).boxes[:2], None, None)),
            (),
        ),
        "check-too-many": (
            CheckView("happy", 1, CheckAdvice.SEVERAL, 0.0, 4, 5),
            several(4),
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
