"""Make OpenCV importable on a system without the desktop libraries its usual wheel needs.

opencv-python links against libGL and libxcb, which a bare Linux lacks. opencv-python-headless is
the same release without OpenCV's own windows, which the game never opens. The two overwrite each
other, so one is removed before the other comes. Standard library only: it runs before anything
else is known to work.
"""

import subprocess
import sys
from importlib.metadata import version


def main() -> int:
    """Swap the wheel if, and only if, OpenCV cannot be imported."""
    python = sys.executable
    attempt = subprocess.run(
        [python, "-c", "import cv2"], capture_output=True, text=True, check=False
    )
    if attempt.returncode == 0:
        return 0
    reason = attempt.stderr.strip().splitlines()[-1]
    release = version("opencv-python")
    print(f"OpenCV needs desktop libraries that this system lacks ({reason}).")
    print(f"Using opencv-python-headless {release} instead: the same without windows.")
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "uninstall", "--yes", "opencv-python"], check=True)
    subprocess.run([*pip, "install", f"opencv-python-headless=={release}"], check=True)
    return subprocess.run([python, "-c", "import cv2"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
