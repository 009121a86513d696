"""The rules of the game: standard library only; no clock, window, camera or network."""
