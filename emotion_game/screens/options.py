"""What can be set by the player."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import OWN_NAMES, Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import ChangeOption, Intent, Option
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import LONGEST_NAME, shorten_middle
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster, draw_progress

_STEPS = 10


@dataclass(frozen=True, slots=True)
class OptionsView(Screen):
    """The options as they are; ``ChangeOption`` changes one, ``BACK`` leaves.

    Attributes:
        volume: 0..1 in steps of 0.1.
        camera: its name, as in ``CameraView``.
    """

    volume: float
    muted: bool
    music: bool
    fullscreen: bool
    camera: str
    high_contrast: bool
    reduced_motion: bool

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place one row an option, and the volume with a key on each side."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        if is_tall(size_px):
            head, body, bar = rows(page(size_px), (1.1, 8, 0.9), 2 * gap)
            places = rows(body, [1] * 8, gap)
        else:
            head, body, bar = rows(page(size_px), (1.3, 6, 1.15), 2 * gap)
            left, right = columns(body, (1, 1), 2 * gap)
            places = [*rows(left, [1] * 4, gap), *rows(right, [1] * 4, gap)]
        volume, mute, music, language, camera, full, contrast, motion = places
        less, level, more = _volume(volume, gap)

        def switch(
            name: str, place: Rect, label: str, option: Option, icon: Icon, on: bool
        ) -> Button:
            value = tr("on") if on else tr("off")
            intent = ChangeOption(option)
            return Button(name, place, label, intent, ButtonStyle.SWITCH, icon, value=value, on=on)

        def choice(
            name: str, place: Rect, label: str, option: Option, icon: Icon, at: str
        ) -> Button:
            return Button(
                name, place, label, ChangeOption(option), ButtonStyle.SWITCH, icon, value=at
            )

        camera_name = shorten_middle(self.camera, LONGEST_NAME)
        buttons = (
            Button(
                "volume.less",
                less,
                tr("Quieter"),
                ChangeOption(Option.VOLUME, -1),
                ButtonStyle.KEY,
                Icon.MINUS,
            ),
            Button(
                "volume.more",
                more,
                tr("Louder"),
                ChangeOption(Option.VOLUME, 1),
                ButtonStyle.KEY,
                Icon.PLUS,
            ),
            switch("mute", mute, tr("Mute"), Option.MUTE, Icon.SOUND_OFF, self.muted),
            switch("music", music, tr("Music"), Option.MUSIC, Icon.MUSIC, self.music),
            choice(
                "language",
                language,
                tr("Language"),
                Option.LANGUAGE,
                Icon.LANGUAGE,
                OWN_NAMES[view.language],
            ),
            choice("camera", camera, tr("Camera"), Option.CAMERA, Icon.CAMERA, camera_name),
            switch(
                "full", full, tr("Full screen"), Option.FULLSCREEN, Icon.FULLSCREEN, self.fullscreen
            ),
            switch(
                "contrast",
                contrast,
                tr("High contrast"),
                Option.HIGH_CONTRAST,
                Icon.CONTRAST,
                self.high_contrast,
            ),
            switch(
                "motion",
                motion,
                tr("Less motion"),
                Option.REDUCED_MOTION,
                Icon.MOTION,
                self.reduced_motion,
            ),
            Button("back", _middle(bar), tr("Done"), Intent.BACK, ButtonStyle.MAIN, Icon.CHECK),
        )
        regions = {"head": head, "volume": level, "toast": toast_strip(size_px)}
        return Layout(regions, buttons, "back")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the headline and the volume's scale."""
        painter.ground()
        palette, tr = painter.palette, painter.tr
        head = layout.regions["head"]
        side = head.height
        painter.mascot(Rect(head.left, head.top, side, side), self.mode, 0.0)
        left = head.left + side + painter.px(2)
        draw_poster(painter, tr("Options"), Rect(left, head.top, head.right - left, head.height))
        area = layout.regions["volume"]
        words, bar = rows(area, (1.3, 1), painter.px(0.4))
        icon = Icon.SOUND_OFF if self.muted else Icon.SOUND
        sign = Rect(words.left, words.top, words.height, words.height)
        painter.icon(icon, sign.inflate(-sign.width * 0.3, -sign.height * 0.3), palette.text)
        label = Rect(sign.right + painter.px(1), words.top, words.right - sign.right, words.height)
        percent = round(self.volume * 100)
        painter.text(tr("Volume {percent} %", percent=percent), label, theme.BODY, align="left")
        scale = bar.inflate(0, -max(0, bar.height - painter.px(2.6)))
        draw_progress(painter, scale, 0.0 if self.muted else self.volume)


def _volume(row: Rect, gap_px: int) -> tuple[Rect, Rect, Rect]:
    """Return the places of the lower key, the scale and the higher key."""
    side = min(row.height * 3 // 2, row.width // 5)
    less = Rect(row.left, row.top, side, row.height)
    more = Rect(row.right - side, row.top, side, row.height)
    scale = Rect(less.right + gap_px, row.top, more.left - less.right - 2 * gap_px, row.height)
    return less, scale, more


def _middle(bar: Rect) -> Rect:
    return bar.inflate(-bar.width // 2, 0)
