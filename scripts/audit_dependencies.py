"""Audit the pinned dependencies for known vulnerabilities (needs pip-audit and the network).

Exit code 1: a vulnerability is known. Where the advisory service cannot be reached, it says so and
exits 0: what could not be looked up is no finding. With --required, that is an error too::

    python scripts/audit_dependencies.py
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
LIMIT_S = 300


def audit(lock: Path) -> dict[str, Any] | str:
    """Return pip-audit's report, or why there is none."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {LIMIT_S} s"
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines()
        return lines[-1] if lines else f"pip-audit ended with exit code {done.returncode}"
    return report


def findings(report: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return a line for each known vulnerability, and the packages that were not looked up."""
    known, unseen = [], []
    for each in report["dependencies"]:
        if "skip_reason" in each:
            unseen.append(each["name"])
        for fault in each.get("vulns", ()):
            fixed = ", ".join(fault["fix_versions"]) or "no version yet"
            known.append(f"{each['name']} {each['version']}: {fault['id']}; fixed in {fixed}")
    return known, unseen


def main(arguments: list[str] | None = None) -> int:
    """Audit, tell, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lock", type=Path, default=LOCK)
    parser.add_argument("--required", action="store_true", help="not reachable: exit 1")
    given = parser.parse_args(arguments)
    report = audit(given.lock)
    if isinstance(report, str):
        print(f"NOT AUDITED: the advisory service gave no answer ({report}).", file=sys.stderr)
        return 1 if given.required else 0
    known, unseen = findings(report)
    for line in known:
        print(line, file=sys.stderr)
    count = len(report["dependencies"])
    if known:
        print(f"{len(known)} known vulnerabilities in {given.lock}.", file=sys.stderr)
        print("Raise the versions: make lock.", file=sys.stderr)
        return 1
    if unseen:
        print(
            f"NOT AUDITED: the advisory service (pypi.org) knows nothing of {len(unseen)} of"
            f" {count} packages; it is not reachable from here, or they are not on PyPI.",
            file=sys.stderr,
        )
        return 1 if given.required else 0
    print(f"{count} packages audited, no known vulnerability")
    return 0


if __name__ == "__main__":
    sys.exit(main())
