"""The window: draws a View, turns input into intents, decides nothing."""
