"""Faces of calls that the network got wrong, kept with consent for the next training.

- ``memory``  the faces of the running round.
- ``store``   what lies on the disk.
- ``review``  an operator says which emotion a kept face shows.
"""

from emotion_game.misreads.memory import FaceMemory, SeenFace, crop_to_keep
from emotion_game.misreads.store import DEFAULT_FOLDER, Misreads, RecordError

__all__ = ["DEFAULT_FOLDER", "FaceMemory", "Misreads", "RecordError", "SeenFace", "crop_to_keep"]
