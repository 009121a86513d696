"""The moving pictures that screens share; the window keeps them from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from emotion_game.ui import theme
from emotion_game.ui.live import CameraPicture, FacePicture, Picture
from emotion_game.ui.plot import CurvePlot


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a screen's ``draw`` may show besides its View.

    Attributes:
        camera: the player, live.
        clip: the clip that plays.
        players: the faces of a match's players, live.
        moment_player: the player in the instant replay.
        moment_clip: the clip beside it.
        faces: of the players who gave way, large.
        plot: the score's curve.
    """

    camera: CameraPicture = field(default_factory=CameraPicture)
    clip: Picture = field(default_factory=Picture)
    players: tuple[FacePicture, ...] = field(
        default_factory=lambda: tuple(FacePicture() for _ in theme.PLAYERS)
    )
    moment_player: Picture = field(default_factory=Picture)
    moment_clip: Picture = field(default_factory=Picture)
    faces: tuple[Picture, ...] = field(
        default_factory=lambda: tuple(Picture() for _ in theme.PLAYERS)
    )
    plot: CurvePlot = field(default_factory=CurvePlot)

    def forget(self) -> None:
        """Drop what the last screen showed; the camera goes on."""
        for picture in (self.clip, self.moment_player, self.moment_clip, *self.faces):
            picture.forget()
