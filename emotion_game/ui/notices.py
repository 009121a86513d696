"""What is said to the player for a few seconds: which notices there are, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.layout import columns
from emotion_game.ui.painter import Painter
from emotion_game.ui.text import LONGEST_NAME, Weight, shorten_middle


class NoticeKind(Enum):
    """Faults and fallbacks that are said once on screen."""

    NO_CAMERA_DEMO = auto()  # no webcam: the demo player stands in
    CAMERA_FAILED = auto()  # detail: the camera's name
    NO_VLC = auto()  # the embedded player is used
    NO_SOUND = auto()  # no audio device
    CLIP_SKIPPED = auto()  # detail: the clip's name
    NO_CLIPS = auto()  # detail: mode/level
    FACES_KEPT = auto()  # detail: how many
    FACES_NOT_KEPT = auto()  # detail: the folder
    PICTURE_NOT_FILED = auto()  # detail: the file
    SCORES_WAIT = auto()  # the score board is away; the result is kept and delivered later
    SCORE_NOT_KEPT = auto()  # the result is in memory only; detail: the folder
    MOMENT_SAVED = auto()  # the replay was saved; detail: the whole path
    MOMENT_NOT_SAVED = auto()  # detail: the folder
    PREFERENCES_NOT_KEPT = auto()  # the options hold until the game ends; detail: the file
    GAMEPAD_FOUND = auto()  # detail: its name
    GAMEPAD_LOST = auto()  # detail: its name
    CANNOT_PAUSE = auto()  # while the ring is filling, at the end, or while the clip opens
    CAMERA_CHOSEN = auto()  # detail: its name
    MUTED = auto()
    UNMUTED = auto()
    DROP_LATER = auto()  # a film was dropped in the middle of a round
    USE_ARROWS = auto()  # Enter where no button has the focus


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for the player; ``detail`` is a name, never a sentence."""

    kind: NoticeKind
    detail: str = ""


#: More would not be read.
AT_ONCE = 2
#: What is wrong, the gravest first; it is said before everything else.
FAULTS = (
    NoticeKind.NO_CAMERA_DEMO,
    NoticeKind.CAMERA_FAILED,
    NoticeKind.NO_SOUND,
    NoticeKind.SCORE_NOT_KEPT,
    NoticeKind.SCORES_WAIT,
    NoticeKind.PREFERENCES_NOT_KEPT,
    NoticeKind.NO_CLIPS,
    NoticeKind.MOMENT_NOT_SAVED,
    NoticeKind.FACES_NOT_KEPT,
    NoticeKind.PICTURE_NOT_FILED,
    NoticeKind.CLIP_SKIPPED,
)
#: Faults that last: they are shown until they are over.
LASTING = frozenset(FAULTS[: FAULTS.index(NoticeKind.PREFERENCES_NOT_KEPT) + 1])
NOTICES: dict[NoticeKind, tuple[Icon, str]] = {
    NoticeKind.NO_CAMERA_DEMO: (Icon.CAMERA, mark("No camera: a demo player stands in")),
    NoticeKind.CAMERA_FAILED: (Icon.CAMERA, mark("Camera {detail} does not work")),
    NoticeKind.NO_VLC: (Icon.FILM, mark("No VLC: using the built-in player")),
    NoticeKind.NO_SOUND: (Icon.SOUND_OFF, mark("No sound device: playing silently")),
    NoticeKind.CLIP_SKIPPED: (Icon.FILM, mark("Skipped a broken clip: {detail}")),
    NoticeKind.NO_CLIPS: (Icon.FILM, mark("No clips for {detail} yet")),
    NoticeKind.FACES_KEPT: (Icon.CHECK, mark("Pictures kept: {detail}")),
    NoticeKind.FACES_NOT_KEPT: (Icon.WARNING, mark("No pictures kept, cannot write to {detail}")),
    NoticeKind.PICTURE_NOT_FILED: (Icon.WARNING, mark("Left where it is: {detail}")),
    NoticeKind.SCORES_WAIT: (Icon.TROPHY, mark("The score board is away: kept for later")),
    NoticeKind.SCORE_NOT_KEPT: (Icon.WARNING, mark("Score not saved, cannot write to {detail}")),
    NoticeKind.MOMENT_SAVED: (Icon.CHECK, mark("Saved: {detail}")),
    NoticeKind.MOMENT_NOT_SAVED: (Icon.WARNING, mark("Not saved, cannot write to {detail}")),
    NoticeKind.PREFERENCES_NOT_KEPT: (
        Icon.WARNING,
        mark("Options hold until the end, cannot write {detail}"),
    ),
    NoticeKind.GAMEPAD_FOUND: (Icon.GAMEPAD, mark("Gamepad: {detail}")),
    NoticeKind.GAMEPAD_LOST: (Icon.GAMEPAD, mark("Gamepad unplugged: {detail}")),
    NoticeKind.CANNOT_PAUSE: (Icon.PAUSE, mark("No pause right now")),
    NoticeKind.CAMERA_CHOSEN: (Icon.CAMERA, mark("Camera: {detail}")),
    NoticeKind.MUTED: (Icon.SOUND_OFF, mark("Sound off")),
    NoticeKind.UNMUTED: (Icon.SOUND, mark("Sound on")),
    NoticeKind.DROP_LATER: (Icon.FILM, mark("Films can come in after the round")),
    NoticeKind.USE_ARROWS: (Icon.NEXT, mark("Choose with the arrow keys, then Enter")),
}


def draw_notices(painter: Painter, area: Rect, notices: tuple[Notice, ...]) -> None:
    """Draw the first notices side by side in the strip ``area``."""
    shown = notices[:AT_ONCE]
    if not shown:
        return
    palette = painter.palette
    for notice, place in zip(shown, columns(area, [1] * len(shown), painter.px(2)), strict=True):
        kind, words = NOTICES[notice.kind]
        message = painter.tr(words, detail=shorten_middle(notice.detail, LONGEST_NAME))
        pad = painter.px(1.6)
        side = min(painter.px(theme.BODY), place.height - 2)
        needed = painter.width_of(message, theme.SMALL, Weight.MEDIUM) + side + 4 * pad
        place = Rect(place.left, place.top, min(place.width, needed), place.height)
        painter.card(place, shadow=0.4)
        sign = Rect(place.left + pad, place.centery - side // 2, side, side)
        painter.icon(kind, sign, palette.accent)
        left = sign.right + pad
        inner = place.inflate(0, -painter.px(1.8)).move(0, -painter.px(0.2))
        label = Rect(left, inner.top, place.right - pad - left, inner.height)
        painter.text(
            message, label, theme.SMALL, palette.text, weight=Weight.MEDIUM, lines=2, align="left"
        )


def draw_demo_badge(painter: Painter, area: Rect) -> Rect:
    """Say at the right end of the strip ``area`` that a film plays the player; return the rest."""
    palette = painter.palette
    words = painter.tr("DEMO")
    pad = painter.px(1.6)
    badge = Rect(0, 0, painter.width_of(words, theme.BODY) + 4 * pad, painter.px(5.4))
    badge.midright = area.midright
    painter.framed(badge, palette.danger, palette.on_danger, painter.px(0.35), badge.height // 3)
    painter.text(words, badge, theme.BODY, palette.on_danger)
    return Rect(area.left, area.top, badge.left - pad - area.left, area.height)
