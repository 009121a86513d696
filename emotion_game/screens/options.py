"""What can be set by the player."""

from __future__ import annotations

from emotion_game.screens import plain
from emotion_game.screens.i18n import OWN_NAMES, Translator
from emotion_game.screens.layout import Layout
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import ChangeOption, Intent, Option, OptionsView, View


def lay_out(screen: OptionsView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line and buttons."""

    def switch(label: str, on: bool) -> str:
        return f"{label}: {tr('on') if on else tr('off')}"

    volume = tr("Volume {percent} %", percent=round(screen.volume * 100))
    specs: list[plain.Spec] = [
        ("back", tr("Back"), Intent.BACK),
        ("language", OWN_NAMES[view.language], ChangeOption(Option.LANGUAGE)),
        ("volume.less", f"{volume} −", ChangeOption(Option.VOLUME, -1)),
        ("volume.more", f"{volume} +", ChangeOption(Option.VOLUME, 1)),
        ("mute", switch(tr("Mute"), screen.muted), ChangeOption(Option.MUTE)),
        ("music", switch(tr("Music"), screen.music), ChangeOption(Option.MUSIC)),
        ("full", switch(tr("Full screen"), screen.fullscreen), ChangeOption(Option.FULLSCREEN)),
        ("camera", tr("Camera {name}", name=screen.camera), ChangeOption(Option.CAMERA)),
        (
            "contrast",
            switch(tr("High contrast"), screen.high_contrast),
            ChangeOption(Option.HIGH_CONTRAST),
        ),
        (
            "motion",
            switch(tr("Less motion"), screen.reduced_motion),
            ChangeOption(Option.REDUCED_MOTION),
        ),
    ]
    return plain.lay_out(size_px, specs)


def draw(
    painter: Painter, screen: OptionsView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the headline; the window draws the buttons."""
    plain.draw(painter, layout, painter.tr("Options"))
