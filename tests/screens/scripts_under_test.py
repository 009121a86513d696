"""What the tests of the screens use of scripts/, which is no package."""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.append(str(SCRIPTS))

import sample_views as contact_sheet  # noqa: E402

__all__ = ["SCRIPTS", "contact_sheet"]
