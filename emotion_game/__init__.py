"""emotion_game: keep a straight face.

Rooms, and who may import whom (downwards only; import-linter holds it):

- ``cli``       commands: parses, then calls ``app`` or a tool.
- ``tools``     faces, judge, bench, doctor, review, models, scores, clips.
- ``app``       puts settings, camera, clips, rules and window together; the main loop.
- ``wrong_calls``  faces kept with consent, for the next training.
- ``screens``   the window: draws a View, decides nothing.
- ``clips``     the clip library and the two players.
- ``scores``    results and statistics in a database; not yet wired into the game.
- ``vision``    from camera frames to probabilities.
- ``game``      the rules, standard library only.
- ``settings``, ``errors``, ``paths``  below all.
- ``training``  the Keras side tower; nothing that plays imports it.
"""

import os

# pygame greets on stdout, where only JSON belongs.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

__version__ = "0.1.0"
