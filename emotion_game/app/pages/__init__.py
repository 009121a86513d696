"""The pages of the game: each knows what it shows and what a press does there."""
