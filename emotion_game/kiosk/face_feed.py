"""The booth's camera: off until a player agrees, and waited for when it fails."""

from __future__ import annotations

from emotion_game.addresses import safe_name
from emotion_game.app.face_feed import FaceFeed
from emotion_game.app.notices import Notices
from emotion_game.errors import CameraError
from emotion_game.settings import CameraSettings
from emotion_game.timing import Timings
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.vision.camera import Camera


class RestingCamera(Camera):
    """Stands for a camera that is off: it opens nothing and has no thread."""

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self.error: CameraError | None = None
        self.frames = 0

    def age_s(self) -> float:
        """See :class:`Camera`."""
        return 0.0

    def is_lost(self) -> bool:
        """See :class:`Camera`: nobody has asked it for anything."""
        return False

    def rewind(self) -> None:
        """See :class:`Camera`."""

    def close(self) -> None:
        """See :class:`Camera`."""


class BoothFaceFeed(FaceFeed):
    """The camera and what looks through it; one that fails is no error, and nobody stands in.

    Args:
        spec: the booth's camera.
        settings: how it is opened.
        notices: where faults are said.
        timings: gets the stages.

    Attributes:
        resting: it is off.
    """

    def __init__(
        self, spec: str, settings: CameraSettings, notices: Notices, timings: Timings
    ) -> None:
        self.resting = True
        super().__init__(spec, None, settings, notices, timings)

    def rest(self) -> None:
        """Turn the camera off."""
        self.resting = True
        self._change(self.camera.spec)

    def wake(self) -> None:
        """Turn the camera on."""
        self.resting = False
        self._change(self.camera.spec)

    @property
    def ready(self) -> bool:
        """See :class:`FaceFeed`."""
        return super().ready and not self.resting

    def view(self, *, recording: bool = False) -> CameraView:
        """See :class:`FaceFeed`."""
        if self.resting:
            return CameraView(safe_name(self.camera.spec), CameraStatus.STARTING)
        return super().view(recording=recording)

    def _watch_first_picture(self) -> None:
        pass

    def _open(self, spec: str) -> Camera:
        return RestingCamera(spec) if self.resting else super()._open(spec)
