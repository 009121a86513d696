"""``python -m emotion_game``."""

from emotion_game.cli import main

main()
