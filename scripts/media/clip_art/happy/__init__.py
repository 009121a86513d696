"""Clips that make it hard not to smile: a build-up, a pause, and something else than expected."""
