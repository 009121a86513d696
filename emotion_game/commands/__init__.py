"""The commands, one file a family: each parses, calls ``app`` or a tool, and prints."""
