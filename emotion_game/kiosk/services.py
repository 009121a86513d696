"""What a booth's game is played with instead of what a player at home has."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from emotion_game.app import setup
from emotion_game.app.calls import CallKeeper
from emotion_game.app.files import Records
from emotion_game.app.instant_replay import InstantReplay
from emotion_game.app.moment_saver import moments_folder
from emotion_game.app.notices import Notices
from emotion_game.app.preferences import Preferences, PreferenceStore
from emotion_game.app.services import (
    Services,
    closing,
    cues_opener,
    language_of,
    scores_opener,
)
from emotion_game.app.setup import PlayOptions
from emotion_game.app.stage import Stage, load_clips
from emotion_game.clips.library import Library
from emotion_game.kiosk.face_feed import BoothFaceFeed
from emotion_game.kiosk.settings import KioskSettings, offered_modes
from emotion_game.kiosk.window import KioskWindow
from emotion_game.memory import return_large_blocks
from emotion_game.monitor import Monitor
from emotion_game.timing import Clock, Timings


@dataclass(frozen=True, slots=True, kw_only=True)
class BoothServices(Services):
    """What a booth's game is played with; see :class:`Services`.

    Attributes:
        kiosk: ``kiosk.toml``.
    """

    kiosk: KioskSettings
    window: KioskWindow
    feed: BoothFaceFeed


def open_services(
    kiosk: KioskSettings, monitor: Monitor, options: PlayOptions, clock: Clock = time
) -> BoothServices:
    """Open what a booth's game is played with; its camera stays off until somebody agrees.

    Args:
        kiosk: what the booth offers.
        monitor: the supervisor's.
        options: of the game.
        clock: tells the time.

    Raises:
        ScreenError: no window can be opened.
        GameError: when something else that cannot be replaced is missing or broken.
    """
    return_large_blocks()
    offer = kiosk.game
    settings = setup.game_settings(options.config)
    modes = offered_modes(kiosk, settings.modes)
    records = Records(options)
    timings, notices = Timings(), Notices(clock)
    # Music all day long is for nobody; it begins with a visit.
    start = Preferences(volume=offer.volume_cap, language=offer.languages[0], music=False)
    preferences = PreferenceStore(notices, None, start, offer.volume_cap)
    clips = load_clips(options.clip, settings.modes)
    offered = (clip for clip in clips if clip.mode in modes and clip.level in offer.levels)
    stage = Stage(
        Library(tuple(offered)),
        random.Random(options.seed),
        notices,
        mute_allowed=options.clip is not None,
    )
    with ExitStack() as stack:
        instant_replay = InstantReplay(notices, moments_folder())
        stack.callback(instant_replay.close)
        window = KioskWindow(
            kiosk.screen,
            settings.modes,
            offscreen=options.offscreen,
            language=language_of(options, preferences),
        )
        stack.callback(window.close)
        feed = BoothFaceFeed(offer.camera, settings.camera, notices, timings)
        stack.callback(feed.close)
        return BoothServices(
            kiosk=kiosk,
            settings=settings,
            clock=clock,
            monitor=monitor,
            timings=timings,
            notices=notices,
            preferences=preferences,
            records=records,
            stage=stage,
            # The text of consent says that no picture is kept.
            calls=CallKeeper(None, notices, settings.modes),
            instant_replay=instant_replay,
            window=window,
            feed=feed,
            load_analyser=partial(setup.make_analyser, settings, timings),
            open_cues=cues_opener(options, settings, preferences),
            open_scores=scores_opener(options, settings, notices),
            stack=closing(records, stack.pop_all()),
        )
