"""What the doctor says of the kiosk's own settings."""

from __future__ import annotations

from emotion_game import paths
from emotion_game.clips.library import load_library
from emotion_game.kiosk.settings import (
    FILE_NAME,
    game_settings_of,
    kiosk_file,
    load_kiosk_settings,
    offered_modes,
)
from emotion_game.tools.health import Check, Status, guard


def examine() -> list[Check]:
    """Check the ``kiosk.toml`` that holds here."""
    return [guard("kiosk", _kiosk)]


def _kiosk() -> Check:
    path = kiosk_file()
    settings = load_kiosk_settings(path)
    modes = offered_modes(settings, game_settings_of(settings).modes)
    offered = ((mode, level) for mode in modes for level in settings.game.levels)
    if empty := load_library().empty(offered):
        hint = "Add clips there (emotion-game clips add), or offer less in [game]."
        found = f"{path}: offers {', '.join(empty)}, which has no clip"
        return Check("kiosk", Status.FAIL, found, hint)
    shipped = load_kiosk_settings(paths.CONFIGS / FILE_NAME)
    if not settings.operator.pin_hash:
        hint = "For a booth: emotion-game kiosk pin."
        return Check("kiosk", Status.WARN, f"{path}: no PIN is set", hint)
    if settings.notice.run_by == shipped.notice.run_by:
        hint = "Write who runs the booth under [notice]; players are asked to agree to it."
        return Check("kiosk", Status.WARN, f"{path}: the notice names nobody", hint)
    return Check("kiosk", Status.OK, str(path))
