"""The one owner of the sound device: everybody who makes sound opens it here."""

from __future__ import annotations

import logging

import pygame

logger = logging.getLogger(__name__)

RATE_HZ = 44_100
CHANNELS = 2
#: 16-bit signed, as pygame writes it.
SAMPLE_FORMAT = -16
#: 1,024 samples are 23 ms: short enough to be in time, long enough for a busy machine.
BUFFER_SAMPLES = 1_024

#: Reasons logged already: every player and the effects ask for the device.
_logged: set[str] = set()

#: SDL drivers that keep time but reach no loudspeaker.
_MUTE_DRIVERS = ("dummy", "disk")


def open_mixer() -> bool:
    """Open the sound device as 16-bit stereo at 44.1 kHz, or say that there is none.

    Calling it again is free. A mixer that somebody opened in another format is reopened:
    the players write samples straight into its sounds and rely on this one.

    Returns:
        False when no sound device can be opened; the reason is logged, once.
    """
    wanted = (RATE_HZ, SAMPLE_FORMAT, CHANNELS)
    found = pygame.mixer.get_init()
    if found == wanted:
        return True
    if found is not None:
        logger.warning("The mixer was open as %s; reopening it as %s.", found, wanted)
        pygame.mixer.quit()
    try:
        # allowedchanges=0: SDL converts for the device, we always get the format asked for.
        pygame.mixer.init(RATE_HZ, SAMPLE_FORMAT, CHANNELS, BUFFER_SAMPLES, allowedchanges=0)
    except pygame.error as error:
        if (reason := str(error)) not in _logged:
            _logged.add(reason)
            logger.warning("No sound device: the game is silent (%s).", reason.rstrip("."))
        return False
    return True


def has_loudspeaker() -> bool:
    """Say whether sound made outside SDL, by VLC, has a device to go to."""
    return open_mixer() and pygame.mixer.get_driver() not in _MUTE_DRIVERS
