"""The game's own sounds: that they are there, fade, duck, and never take a clip's channel."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from emotion_game.clips import Effect, Music, SoundBoard, audio
from emotion_game.clips import soundboard as module
from emotion_game.clips.audio import RATE_HZ, open_mixer

MUSIC_CHANNELS, EFFECT_CHANNELS = range(2), range(2, 6)


@pytest.fixture
def board() -> Iterator[SoundBoard]:
    board = SoundBoard(volume=0.8)
    yield board
    board.close()
    pygame.mixer.quit()


def fade(board: SoundBoard, start_s: float = 0.0, seconds: float = 1.0) -> float:
    """Let time pass for the board, in frames; return the time reached."""
    for number in range(round(seconds * 30) + 1):
        board.update(start_s + number / 30)
    return start_s + seconds


def levels() -> list[float]:
    return [round(pygame.mixer.Channel(n).get_volume(), 2) for n in MUSIC_CHANNELS]


@pytest.mark.parametrize("name", [*Effect, *Music])
def test_every_sound_is_shipped_and_sounds_without_clipping(name: str) -> None:
    assert open_mixer()
    samples = pygame.sndarray.array(pygame.mixer.Sound(str(module.SOUNDS / f"{name}.ogg")))
    peak = np.abs(samples.astype(int)).max() / 32_768
    assert 0.05 < peak < 0.9
    if name in list(Music):
        assert len(samples) == 16 * RATE_HZ  # to the sample: nothing padded at the seam
        steps = np.abs(np.diff(samples.astype(int), axis=0))
        seam = np.abs(samples[0].astype(int) - samples[-1].astype(int))
        assert seam.max() <= 1.2 * steps.max()


def test_music_fades_in_and_over(board: SoundBoard) -> None:
    board.set_music(Music.MENU)
    assert levels() == [0.0, 0.0]
    now_s = fade(board)
    assert sorted(levels()) == [0.0, 0.8]
    first = levels()
    board.set_music(Music.MENU)  # asked for every frame
    now_s = fade(board, now_s, 0.1)
    assert levels() == first
    board.set_music(Music.HAPPY)
    now_s = fade(board, now_s)
    assert levels() == first[::-1]
    assert sum(pygame.mixer.Channel(n).get_busy() for n in MUSIC_CHANNELS) == 1
    board.set_music(None)
    fade(board, now_s)
    assert not any(pygame.mixer.Channel(n).get_busy() for n in MUSIC_CHANNELS)


def test_a_clip_silences_music_and_softens_effects(board: SoundBoard) -> None:
    board.set_music(Music.SURPRISE)
    now_s = fade(board)
    board.set_ducked(True)
    now_s = fade(board, now_s)
    assert max(levels()) == 0.0
    assert any(pygame.mixer.Channel(n).get_busy() for n in MUSIC_CHANNELS)  # it goes on, unheard
    sounding = pygame.mixer.Channel(EFFECT_CHANNELS[0])
    # It sounds for a moment only, which a machine that stalls may miss.
    for _ in range(10):
        board.play(Effect.SELECT)
        if (sound := sounding.get_sound()) is not None:
            break
    assert sound is not None
    assert sound.get_volume() == pytest.approx(0.8 * module.DUCKED_EFFECTS, abs=0.02)
    board.set_ducked(False)
    fade(board, now_s)
    assert max(levels()) == 0.8


def test_volume_and_mute_hold_at_once(board: SoundBoard) -> None:
    board.set_music(Music.MENU)
    now_s = fade(board)
    board.set_volume(0.25)
    assert max(levels()) == 0.25
    board.set_muted(True)
    assert max(levels()) == 0.0
    board.play(Effect.SELECT)
    assert not any(pygame.mixer.Channel(n).get_busy() for n in EFFECT_CHANNELS)
    board.set_muted(False)
    assert max(levels()) == 0.25
    board.set_volume(7.0)
    assert max(levels()) == 1.0
    # A machine that slept moves the fades by one step, not to their end.
    board.set_music(None)
    board.update(now_s + 3_600)
    assert 0.0 < max(levels()) < 1.0


def test_however_many_effects_sound_a_clip_finds_a_channel(board: SoundBoard) -> None:
    board.set_music(Music.MENU)
    for effect in [*Effect] * 3:
        board.play(effect)
    sound = pygame.mixer.Sound(buffer=bytes(4 * RATE_HZ))
    assert sound.play() is not None
    ours = [pygame.mixer.Channel(n) for n in (*MUSIC_CHANNELS, *EFFECT_CHANNELS)]
    assert all(channel.get_sound() is not sound for channel in ours)


def test_without_a_device_all_who_ask_are_silent_and_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise pygame.error("ALSA: no such device.")

    pygame.mixer.quit()
    monkeypatch.setattr(pygame.mixer, "init", refuse)
    monkeypatch.setattr(audio, "_logged", set())
    with caplog.at_level(logging.WARNING):
        board = SoundBoard()
        assert not audio.has_loudspeaker()
        board.set_music(Music.HAPPY)
        board.play(Effect.WIN)
        board.set_ducked(True)
        board.set_volume(0.5)
        board.set_muted(True)
        fade(board)
        board.close()
    assert not board.available
    assert [record.message for record in caplog.records] == [
        "No sound device: the game is silent (ALSA: no such device)."
    ]


def test_a_mixer_that_somebody_closed_is_silence_not_a_crash(board: SoundBoard) -> None:
    board.set_music(Music.HAPPY)
    pygame.mixer.quit()
    board.play(Effect.WIN)
    board.set_music(Music.MENU)
    fade(board)
    board.set_muted(True)
    open_mixer()


def test_a_missing_file_is_silent_and_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "SOUNDS", tmp_path)
    (tmp_path / "win.ogg").write_text("no sound")
    with caplog.at_level(logging.WARNING):
        board = SoundBoard()
        board.play(Effect.WIN)
        board.play(Effect.WIN)
    board.close()
    assert len([r for r in caplog.records if "win.ogg" in r.message]) == 1


LISTEN = """
import os, time, pygame
from emotion_game.clips import Effect, Music, SoundBoard
board = SoundBoard()
assert board.available
board.set_music(Music.HAPPY)
for number in range(60):
    board.update(number / 30)
out = os.environ["SDL_DISKAUDIOFILE"]
faded_in = os.path.getsize(out)
while os.path.getsize(out) < faded_in + 4 * 44100:
    time.sleep(0.01)
pygame.mixer.quit()
"""


def test_what_reaches_the_device_is_music(tmp_path: Path) -> None:
    out = tmp_path / "heard.raw"
    environment = os.environ | {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(out)}
    subprocess.run([sys.executable, "-c", LISTEN], env=environment, check=True, timeout=300)
    heard = np.fromfile(out, np.int16).reshape(-1, 2)[-RATE_HZ // 3 :] / 32_768
    assert 0.005 < np.sqrt((heard**2).mean()) < 0.3
    assert np.abs(heard).max() < 0.9
