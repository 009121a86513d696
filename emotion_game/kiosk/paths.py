"""Where a booth keeps what it writes: log, crash reports, consents, the journal of events."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_APP = "emotion-game"


def log_folder() -> Path:
    """Return the folder of the log files."""
    return platformdirs.user_log_path(_APP)


def crash_folder() -> Path:
    """Return the folder that holds one folder for each crash."""
    return platformdirs.user_state_path(_APP) / "crashes"


def journal_file() -> Path:
    """Return the file with the events of the running round."""
    return platformdirs.user_state_path(_APP) / "events.jsonl"


def lock_file() -> Path:
    """Return the file that only one supervisor holds."""
    return platformdirs.user_state_path(_APP) / "kiosk.lock"


def consent_file() -> Path:
    """Return the log of consents."""
    return platformdirs.user_data_path(_APP) / "consents.jsonl"
