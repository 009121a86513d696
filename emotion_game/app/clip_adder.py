"""Films that a player gives to the game: made into clips beside it, one after the other."""

from __future__ import annotations

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from emotion_game.clips.examine import Progress
from emotion_game.clips.library import Library, load_library
from emotion_game.clips.own import About, Added, add_clip, find_films
from emotion_game.errors import GameError
from emotion_game.media import describe
from emotion_game.screens.own_clips import ClipNews

log = logging.getLogger(__name__)

#: What became of so many films is remembered.
_NEWS = 4
#: A film that is being made into a clip is given up within this time when the game ends.
_END_S = 5.0

Add = Callable[[Path, str, int, About, Progress], Added]


class _GivenUpError(Exception):
    """The game ends."""


class ClipAdder:
    """A queue of films, and the thread that adds them as ``emotion-game clips add`` does.

    Args:
        add: makes a clip of a film.
        load: reads the library again when one came in.

    Attributes:
        now: the film at work, and how much of it is done, 0..1; None: none is.
        waiting: how many come after it.
    """

    def __init__(self, add: Add = add_clip, load: Callable[[], Library] = load_library) -> None:
        self._add = add
        self._load = load
        self._given: SimpleQueue[tuple[tuple[Path, ...], str, int] | None] = SimpleQueue()
        self._news: deque[ClipNews] = deque(maxlen=_NEWS)
        self._libraries: SimpleQueue[Library] = SimpleQueue()
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None
        self.now: tuple[str, float] | None = None
        self.waiting = 0

    @property
    def news(self) -> tuple[ClipNews, ...]:
        """What became of the newest films, the newest first."""
        return tuple(self._news)

    def start(self, paths: tuple[Path, ...], mode: str, level: int) -> None:
        """Add films, and those in folders, to a mode and level."""
        self._given.put((paths, mode, level))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="clip-adder", daemon=True)
            self._thread.start()

    def poll(self) -> Library | None:
        """Return the library as it is since the last call, or None where nothing came in."""
        newest = None
        while not self._libraries.empty():
            newest = self._libraries.get()
        return newest

    def close(self) -> None:
        """Give up what is not done; half a clip is never left behind."""
        self._ends.set()
        self._given.put(None)
        if self._thread is not None:
            self._thread.join(_END_S)

    def _run(self) -> None:
        while (given := self._given.get()) is not None:
            paths, mode, level = given
            # A folder may be a whole disk: it is looked through here, where nobody waits.
            left_out: Counter[str] = Counter()
            films = list(find_films(paths, left_out))
            if left_out:
                self._news.appendleft(ClipNews("", describe(left_out)))
            for number, path in enumerate(films, start=1):
                self.waiting = len(films) - number
                self.now = (path.name, 0.0)
                try:
                    self._news.appendleft(self._make(path, mode, level))
                except _GivenUpError:
                    return
            self.now = None

    def _make(self, path: Path, mode: str, level: int) -> ClipNews:
        """Make a clip of a film; return what became of it.

        Raises:
            _GivenUpError: the game ends.
        """
        try:
            added = self._add(path, mode, level, About(), self._watch)
            self._libraries.put(self._load())
        except GameError as error:
            log.warning("%s is not added: %s", path, error)
            return ClipNews(path.name, error.message)
        return ClipNews(added.entry.title_en)

    def _watch(self, share: float) -> None:
        if self._ends.is_set():
            raise _GivenUpError
        if self.now is not None:
            self.now = (self.now[0], share)
