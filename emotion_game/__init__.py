"""emotion_game: keep a straight face.

Rooms, and who may import whom (downwards only; import-linter holds it):

- ``cli``       puts the commands together.
- ``commands``  one file a group: parses, then calls ``app``, ``kiosk`` or a tool.
- ``kiosk``     the booth: supervisor, consent, attract, operator's menu and page.
- ``tools``     faces, judge, bench, doctor, review, models, scores, clips.
- ``app``       puts settings, camera, clips, rules and window together; the main loop.
- ``monitor``   what watches over a running game: the kiosk, or nobody.
- ``misreads``  faces kept with consent, for the next training.
- ``screens``   the window: draws a View, decides nothing.
- ``clips``     the clip library, own clips, the two players, music and effects.
- ``scores``    results and statistics in a database.
- ``vision``    from camera frames to probabilities.
- ``game``      the rules, standard library only.
- ``files``     text that a person may have edited; ``media``  which files are pictures or films.
- ``settings``, ``timing``, ``errors``, ``paths``, ``memory``  below all.
- ``training``  the Keras side tower; nothing that plays imports it.
"""

import os

# pygame greets on stdout, where only JSON belongs.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

#: No picture has more; OpenCV reads its own bound once, when it is loaded.
MAX_PIXELS = 1 << 28
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))

__version__ = "0.1.0"
