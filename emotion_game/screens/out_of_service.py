"""Nobody can play just now: why, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator, mark
from emotion_game.ui.layout import Layout, page, rows, toast_strip
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster


#: Headline and line for each reason.
class Closed(Enum):
    """Why nobody can play."""

    MOMENT = auto()  # the camera is gone, or the game is starting
    STAFF = auto()  # it takes too long: staff is wanted
    UNSAVED = auto()  # nothing can be written, a consent neither: staff is wanted
    BROKEN = auto()  # the game keeps failing; it is tried again
    SWITCHED_OFF = auto()  # by the operator
    HOURS = auto()  # outside the opening hours


WORDS: dict[Closed, tuple[str, str]] = {
    Closed.MOMENT: (mark("One moment…"), mark("The camera is looking for you. No round is lost.")),
    Closed.STAFF: (mark("One moment…"), mark("Please call the staff: the camera does not answer.")),
    Closed.UNSAVED: (
        mark("One moment…"),
        mark("Please call the staff: this machine cannot save anything."),
    ),
    Closed.BROKEN: (mark("Back soon"), mark("The game rests and will try again by itself.")),
    Closed.SWITCHED_OFF: (mark("Back soon"), mark("The booth is out of service for a while.")),
    Closed.HOURS: (mark("Closed"), mark("See you tomorrow!")),
}


@dataclass(frozen=True, slots=True)
class ClosedView(Screen):
    """Nobody can play just now; ``opens`` is the time of the day, "10:00", or ""."""

    why: Closed
    opens: str = ""

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the mascot above headline and line; there is nothing to press."""
        face, head, line, _ = rows(page(size_px), (3.4, 1.5, 1.3, 0.4), 0)
        regions = {"face": face, "head": head, "line": line, "toast": toast_strip(size_px)}
        return Layout(regions, ())

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the sleeping mascot and the words."""
        painter.ground()
        tr, regions = painter.tr, layout.regions
        asleep = self.why not in (Closed.MOMENT, Closed.STAFF, Closed.UNSAVED)
        painter.mascot(regions["face"], self.mode, None, asleep=asleep)
        head, line = WORDS[self.why]
        words = tr("Open from {time}", time=self.opens) if self.opens else tr(line)
        draw_poster(painter, tr(head), regions["head"], theme.POSTER, align="center")
        painter.text(words, regions["line"], theme.HEAD, weight=Weight.MEDIUM, lines=2)
