"""What the networks saw in recordings, kept on disk: choosing numbers afterwards takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from emotion_game import decoding
from emotion_game.errors import GameError
from emotion_game.files import write_beside
from emotion_game.game.events import Observed
from emotion_game.game.replay import decode, encode
from emotion_game.game.types import Observation
from emotion_game.settings import GameSettings
from emotion_game.vision import bundle, yolo_detector
from emotion_game.vision.bundle import Bundle, DetectorBundle


class AnalysisCache:
    """A folder of analyses, each under the checksum of all that decides what it says.

    That is the recording, both networks, how the player is followed, and the code in between.
    One that cannot be read is made anew. The folder may be deleted at any time.

    Args:
        folder: made when missing.
        settings: how the player is followed.
        classifier: the contract of the network that reads the faces.

    Raises:
        GameError: when the folder cannot be made.
    """

    def __init__(self, folder: Path, settings: GameSettings, classifier: Bundle) -> None:
        self._folder = folder
        decided_by = hashlib.sha256()
        # Its contract holds each network's checksum.
        decided_by.update(classifier.model_dump_json().encode())
        detector = bundle.load_contract(yolo_detector.SHIPPED, DetectorBundle)
        decided_by.update(detector.model_dump_json().encode())
        decided_by.update(settings.track.model_dump_json().encode())
        for path in (Path(decoding.__file__), *sorted(Path(bundle.__file__).parent.glob("*.py"))):
            decided_by.update(path.read_bytes())
        self._decided_by = decided_by
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_keep(folder, error) from error

    def find(self, recording: Path) -> list[Observation] | None:
        """Return what was seen in a recording, frame by frame; None when that is not known."""
        try:
            lines = self._path(recording).read_text("utf-8").splitlines()
            seen = [event for _, event in map(decode, lines)]
        except (OSError, ValueError):
            return None
        kept = [event.sides[0] for event in seen if isinstance(event, Observed)]
        return kept or None

    def keep(self, recording: Path, seen: Sequence[Observation]) -> None:
        """Keep what was seen in a recording.

        Raises:
            GameError: when it cannot be written.
        """
        lines = [encode(Observed((each,)), each.t_s) + "\n" for each in seen]
        try:
            write_beside(self._path(recording), "".join(lines).encode())
        except OSError as error:
            raise _cannot_keep(self._folder, error) from error

    def _path(self, recording: Path) -> Path:
        checksum = self._decided_by.copy()
        with recording.open("rb") as file:
            checksum.update(hashlib.file_digest(file, "sha256").digest())
        return self._folder / f"{checksum.hexdigest()}.jsonl"


def _cannot_keep(folder: Path, error: OSError) -> GameError:
    return GameError(
        f"Cannot keep analyses in {folder}: {error.strerror or error}.",
        hint="Name another folder with --cache.",
    )
