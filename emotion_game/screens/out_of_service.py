"""Nobody can play just now: why, and what to do about it."""

from __future__ import annotations

from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator, mark
from emotion_game.screens.kiosk_view import Closed, ClosedView
from emotion_game.screens.layout import Layout, page, rows, toast_strip
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.text import Weight
from emotion_game.screens.view import View
from emotion_game.screens.widgets import draw_poster

#: Headline and line for each reason.
WORDS: dict[Closed, tuple[str, str]] = {
    Closed.MOMENT: (mark("One moment…"), mark("The camera is looking for you. No round is lost.")),
    Closed.STAFF: (mark("One moment…"), mark("Please call the staff: the camera does not answer.")),
    Closed.BROKEN: (mark("Back soon"), mark("The game rests and will try again by itself.")),
    Closed.SWITCHED_OFF: (mark("Back soon"), mark("The booth is out of service for a while.")),
    Closed.HOURS: (mark("Closed"), mark("See you tomorrow!")),
}


def lay_out(screen: ClosedView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the mascot above headline and line; there is nothing to press."""
    face, head, line, _ = rows(page(size_px), (3.4, 1.5, 1.3, 0.4), 0)
    regions = {"face": face, "head": head, "line": line, "toast": toast_strip(size_px)}
    return Layout(regions, ())


def draw(
    painter: Painter, screen: ClosedView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the sleeping mascot and the words."""
    painter.ground()
    tr, regions = painter.tr, layout.regions
    asleep = screen.why not in (Closed.MOMENT, Closed.STAFF)
    painter.mascot(regions["face"], screen.mode, None, asleep=asleep)
    head, line = WORDS[screen.why]
    words = tr("Open from {time}", time=screen.opens) if screen.opens else tr(line)
    draw_poster(painter, tr(head), regions["head"], theme.POSTER, align="center")
    painter.text(words, regions["line"], theme.HEAD, weight=Weight.MEDIUM, lines=2)
