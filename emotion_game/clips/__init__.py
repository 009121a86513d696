"""The clip library and the two players that show a clip with its sound."""
