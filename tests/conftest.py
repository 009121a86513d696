"""Who the tests look at: two public-domain portraits and a recording of the demo player."""

from __future__ import annotations

import os
import tempfile
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run, however long one takes: a change fails by what it does, never by
# chance. Look further with `pytest --hypothesis-profile=default`.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

# The models, clips, scores, modes and booth of the developer are none of the tests' business.
# Set before anything asks, and inherited by every process that a test starts.
for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
    os.environ[variable] = tempfile.mkdtemp(prefix="emotion-game-tests-")
os.environ.pop("EMOTION_GAME_DATABASE_URL", None)


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """Eileen Collins, smiling broadly; (512, 512, 3) BGR."""
    import skimage.data

    return cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.fixture(scope="session")
def hopper_file() -> Path:
    """Grace Hopper, with a straight face; a JPEG file."""
    import matplotlib.cbook

    return Path(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))


@pytest.fixture(scope="session")
def hopper(hopper_file: Path) -> np.ndarray:
    """Grace Hopper, with a straight face; BGR."""
    from emotion_game.vision.pictures import read_picture

    return read_picture(hopper_file)


@pytest.fixture(scope="session")
def recorded_player(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of 5 s, 320 x 240 at 15 Hz: a straight face, a smile from 1 s to 3.5 s, straight."""
    import av

    from emotion_game.paths import VIDEOS
    from emotion_game.vision.camera import read_video

    film = [
        picture for _, picture in islice(read_video(VIDEOS / "demo_player.mp4"), 270, 660)
    ]  # from 9 s to 22 s; the demo player smiles from 10 s to 20 s
    path = tmp_path_factory.mktemp("recordings") / "녹화 player.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=15, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for picture in [*film[:75:2], *film[285::2]]:
            small = cv2.resize(picture, (320, 240), interpolation=cv2.INTER_AREA)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(small, format="bgr24")))
        container.mux(stream.encode(None))
    return path
