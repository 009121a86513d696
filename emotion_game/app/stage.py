"""The clips: which comes next, and the player that shows it."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from emotion_game.app.notices import Notices
from emotion_game.clips.choose import PlayerChoice, open_player
from emotion_game.clips.library import Clip, Library, clip_from_file, load_library
from emotion_game.clips.player import ClipFrame, ClipPlayer, PlayerState
from emotion_game.clips.probe import ClipProbe, probe_clip
from emotion_game.errors import ClipError
from emotion_game.game.modes import Modes
from emotion_game.game.playlist import Playlist
from emotion_game.game.types import LEVELS
from emotion_game.ui.i18n import Language
from emotion_game.ui.notices import NoticeKind

log = logging.getLogger(__name__)


def load_clips(clip: Path | None, modes: Modes) -> Library:
    """Load every clip, or the one that was asked for, which then stands for all.

    Raises:
        ClipError: when the file that was asked for cannot be played.
    """
    if clip is not None:
        one = clip_from_file(clip, next(iter(modes)), LEVELS[0])
        everywhere = (
            replace(one, clip_id=f"{mode}/{level}/{one.path.stem}", mode=mode, level=level)
            for mode in modes
            for level in LEVELS
        )
        return Library(tuple(everywhere))
    library = load_library()
    for fault in library.faults:
        log.warning("%s", fault)
    return library


class Stage:
    """The clip that plays, and those that may come.

    Args:
        library: all clips.
        rng: the source of chance.
        notices: where skipped clips are said.
        mute_allowed: a clip without sound may play (only a file that was asked for).
        open_player: makes a player.
        probe: looks into a clip's file.

    Attributes:
        clip: the one that plays or played last.
        frame: its newest picture; None before the first.
        frames: counts the pictures shown.
        failed: a clip failed since the player was opened; the player may be wedged.
    """

    def __init__(
        self,
        library: Library,
        rng: random.Random,
        notices: Notices,
        *,
        mute_allowed: bool,
        open_player: Callable[[PlayerChoice], ClipPlayer] = open_player,
        probe: Callable[[Path], ClipProbe] = probe_clip,
    ) -> None:
        self.library = library
        self.clip: Clip | None = None
        self.frame: ClipFrame | None = None
        self.frames = 0
        self.failed = False
        self._rng = rng
        self._notices = notices
        self._mute_allowed = mute_allowed
        self._open_player = open_player
        self._probe = probe
        self._playlists: dict[tuple[str, int], Playlist] = {}
        self._player: ClipPlayer | None = None

    def open(self, choice: PlayerChoice) -> None:
        """Open the player.

        Raises:
            ClipError: when the one that was asked for cannot be had.
        """
        self._player = self._open_player(choice)
        if choice == "auto" and self._player.name != "vlc":
            self._notices.say(NoticeKind.NO_VLC)
        self._tell_of_sound()

    def replace_player(self, choice: PlayerChoice) -> None:
        """Open another player in the place of one that failed, which nobody waits for.

        Raises:
            ClipError: when it cannot be had; the old one stays.
        """
        old = self.player
        self.failed = False
        self._player = self._open_player(choice)
        log.warning("The clip player %s is replaced.", old.name)
        self._tell_of_sound()
        threading.Thread(target=old.close, name="clip-player-end", daemon=True).start()

    def _tell_of_sound(self) -> None:
        if self.player.sound:
            self._notices.settle(NoticeKind.NO_SOUND)
        else:
            self._notices.say(NoticeKind.NO_SOUND)

    def close(self) -> None:
        """Stop and free the player."""
        if self._player is not None:
            self._player.close()

    @property
    def player(self) -> ClipPlayer:
        """The player; only after :meth:`open`."""
        assert self._player is not None
        return self._player

    def title(self, clip_id: str, language: Language) -> str:
        """Return the title of the newest clip if that is meant, or else ""."""
        known = self.clip is not None and self.clip.clip_id == clip_id
        return self.clip.title(language) if self.clip is not None and known else ""

    def play_next(
        self,
        mode: str,
        level: int,
        language: Language,
        begin_s: Callable[[str, float], float] | None = None,
    ) -> bool:
        """Play the next clip that can be played; return whether there is one.

        Args:
            mode: of the clip.
            level: of the clip.
            language: of what is said about a clip that is skipped.
            begin_s: from a clip's name and its length to where it begins, both seconds.
        """
        self.frame = None
        playlist = self._playlist(mode, level)
        while (clip_id := playlist.draw()) is not None:
            if self.play_again(clip_id, language, begin_s):
                return True
        self._notices.say(NoticeKind.NO_CLIPS, f"{mode}/{level}")
        # What was left out is tried again the next time: it may have been the player's fault.
        del self._playlists[mode, level]
        return False

    def play_again(
        self,
        clip_id: str,
        language: Language,
        begin_s: Callable[[str, float], float] | None = None,
    ) -> bool:
        """Play this clip, whatever was played before; return whether it can be played.

        Args:
            clip_id: one of the library's.
            language: of what is said about a clip that is skipped.
            begin_s: see :meth:`play_next`.
        """
        self.frame = None
        self.clip = self.library.get(clip_id)
        fault, length_s = self._look_into(self.clip)
        if fault:
            self._skip(self.clip, fault, language)
            return False
        self.player.play(self.clip.path, 0.0 if begin_s is None else begin_s(clip_id, length_s))
        return True

    def stop(self) -> None:
        """End the clip."""
        self.player.stop()
        self.frame = None

    def poll(self) -> bool:
        """Take the player's news; return whether there is a new picture."""
        frame = self.player.poll()
        if frame is None:
            return False
        self.frame = frame
        self.frames += 1
        return True

    @property
    def ended(self) -> bool:
        """Whether the clip has shown its last picture."""
        return self.player.state is PlayerState.ENDED

    def drop_failed(self, language: Language) -> bool:
        """Take a clip that failed out of the game; return whether one did."""
        if self.player.state is not PlayerState.FAILED or self.clip is None:
            return False
        self._skip(self.clip, self.player.error, language)
        self.player.stop()
        self.failed = True
        return True

    def _look_into(self, clip: Clip) -> tuple[str, float]:
        """Return why a clip cannot be used, "" if it can, and its length in seconds.

        Only a file that was asked for may be mute.
        """
        try:
            probe = self._probe(clip.path)
        except ClipError as error:
            return error.message, 0.0
        mute = not probe.has_sound and not self._mute_allowed
        return ("it has no sound." if mute else ""), probe.duration_s

    def _skip(self, clip: Clip, fault: str, language: Language) -> None:
        log.warning("The clip %s is skipped: %s", clip.path, fault)
        self._notices.say(NoticeKind.CLIP_SKIPPED, clip.title(language))
        self._playlist(clip.mode, clip.level).remove(clip.clip_id)

    def _playlist(self, mode: str, level: int) -> Playlist:
        if (mode, level) not in self._playlists:
            clip_ids = [clip.clip_id for clip in self.library.clips(mode, level)]
            self._playlists[mode, level] = Playlist(clip_ids, self._rng)
        return self._playlists[mode, level]
