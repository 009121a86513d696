"""Everything that a game is played with, in one list; and how it is opened at home."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from emotion_game.app import setup
from emotion_game.app.calls import CallKeeper
from emotion_game.app.clip_adder import ClipAdder
from emotion_game.app.face_feed import FaceFeed
from emotion_game.app.files import Records
from emotion_game.app.instant_replay import InstantReplay
from emotion_game.app.moment_saver import moments_folder
from emotion_game.app.notices import Notices
from emotion_game.app.preferences import PreferenceStore, preferences_file
from emotion_game.app.setup import PlayOptions
from emotion_game.app.sound_cues import SoundCues
from emotion_game.app.stage import Stage, load_clips
from emotion_game.memory import return_large_blocks
from emotion_game.misreads import DEFAULT_FOLDER
from emotion_game.monitor import Monitor, NoMonitor
from emotion_game.settings import GameSettings
from emotion_game.timing import Clock, Timings
from emotion_game.ui.i18n import Language, default_language
from emotion_game.ui.window import Window
from emotion_game.vision.pipeline import Analyser

if TYPE_CHECKING:
    from emotion_game.app.scorekeeper import ScoreKeeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What a game is played with. Whoever makes the game gives it; none of it is made elsewhere.

    Attributes:
        settings: ``game.toml``.
        clock: tells the time; the main loop sleeps by it.
        monitor: watches over the game.
        timings: gets the stages.
        notices: what is said to the player.
        preferences: the options that the player chose.
        records: the files that were asked for.
        stage: the clips and their player, which is opened when the first picture is shown.
        calls: faces of wrong calls.
        instant_replay: of the round that was played last.
        window: shows the game.
        feed: sees the players; it reads faces as soon as the networks are loaded.
        load_analyser: loads the networks.
        open_cues: opens the sound device; None: the game makes no sound but the clips'.
        open_scores: opens the score board, given the name and version of the classifier; None:
            no result is kept.
        adder: makes clips of the player's films, beside the game.
        stack: closes all of it, the newest first; the game puts on it what it opens later.
    """

    settings: GameSettings
    clock: Clock
    monitor: Monitor
    timings: Timings
    notices: Notices
    preferences: PreferenceStore
    records: Records
    stage: Stage
    calls: CallKeeper
    instant_replay: InstantReplay
    window: Window
    feed: FaceFeed
    load_analyser: Callable[[], Analyser]
    open_cues: Callable[[], SoundCues] | None
    open_scores: Callable[[str], ScoreKeeper] | None
    stack: ExitStack
    adder: ClipAdder = field(default_factory=ClipAdder)


def open_services(options: PlayOptions, clock: Clock = time) -> Services:
    """Open what a game at home is played with.

    What takes long (networks, clip player, sound device) is opened by the game, once its first
    picture is shown. When something cannot be opened, all that was opened before is closed.

    Raises:
        ScreenError: no window can be opened.
        GameError: when something else that cannot be replaced is missing or broken.
    """
    return_large_blocks()
    settings = setup.game_settings(options.config)
    setup.known_mode(settings.modes, options.mode)
    records = Records(options)
    timings, notices = Timings(), Notices(clock)
    # What nobody watches shall not depend on what somebody chose on this machine.
    preferences = PreferenceStore(notices, None if options.offscreen else preferences_file())
    stage = Stage(
        load_clips(options.clip, settings.modes),
        random.Random(options.seed),
        notices,
        mute_allowed=options.clip is not None,
    )
    with ExitStack() as stack:
        instant_replay = InstantReplay(notices, moments_folder())
        stack.callback(instant_replay.close)
        window = Window(
            settings.modes,
            fullscreen=options.fullscreen or preferences.now.fullscreen,
            offscreen=options.offscreen,
            language=language_of(options, preferences),
        )
        stack.callback(window.close)
        feed = FaceFeed(options.camera, preferences.now.camera, settings.camera, notices, timings)
        stack.callback(feed.close)
        return Services(
            settings=settings,
            clock=clock,
            monitor=NoMonitor(),
            timings=timings,
            notices=notices,
            preferences=preferences,
            records=records,
            stage=stage,
            calls=CallKeeper(_folder_of_calls(options, settings), notices, settings.modes),
            instant_replay=instant_replay,
            window=window,
            feed=feed,
            load_analyser=partial(setup.make_analyser, settings, timings),
            open_cues=cues_opener(options, settings, preferences),
            open_scores=scores_opener(options, settings, notices),
            stack=closing(records, stack.pop_all()),
        )


def closing(records: Records, opened: ExitStack) -> ExitStack:
    """Return a stack that closes what is opened, and then finishes the records.

    A game that could not be opened writes none: an older file stays.
    """
    stack = ExitStack()
    stack.callback(records.close)
    stack.push(opened)
    return stack


def language_of(options: PlayOptions, preferences: PreferenceStore) -> Language:
    """Return the language that the game begins in."""
    return options.language or preferences.now.language or default_language()


def cues_opener(
    options: PlayOptions, settings: GameSettings, preferences: PreferenceStore
) -> Callable[[], SoundCues] | None:
    """Return what opens the sound device; None offscreen."""
    if options.offscreen:
        return None
    return lambda: SoundCues(preferences.now, settings.modes)


def scores_opener(
    options: PlayOptions, settings: GameSettings, notices: Notices
) -> Callable[[str], ScoreKeeper] | None:
    """Return what opens the score board, given a classifier's name; None: no result is kept."""
    if not (options.scores if options.scores is not None else not options.offscreen):
        return None

    def open_scores(model_version: str) -> ScoreKeeper:
        # What speaks to databases takes a third of a second to import: the first picture is shown.
        from emotion_game.app.scorekeeper import ScoreKeeper

        rules = settings.rounds
        return ScoreKeeper(settings.scores, rules, model_version, notices)

    return open_scores


def _folder_of_calls(options: PlayOptions, settings: GameSettings) -> Path | None:
    folder = options.record_folder or settings.record.folder
    return DEFAULT_FOLDER if folder is None and options.record else folder
