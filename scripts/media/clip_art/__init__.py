"""The shipped clips: a small drawing kit, a small synthesiser, and one file a clip.

A new clip is a new file in ``happy/`` or ``surprise/`` with a ``SCENE`` in it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from clip_art import happy, surprise
from clip_art.kit import Scene


def all_scenes() -> tuple[Scene, ...]:
    """Return every clip, in the order of their files."""
    scenes = [
        import_module(f"{room.__name__}.{module.name}").SCENE
        for room in (happy, surprise)
        for module in iter_modules(room.__path__)
    ]
    return tuple(sorted(scenes, key=lambda scene: scene.file))
