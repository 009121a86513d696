"""The shipped clips: a small drawing kit, a small synthesiser, and one function a clip."""
