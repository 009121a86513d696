"""The face detector: built, trained, exported and measured."""
