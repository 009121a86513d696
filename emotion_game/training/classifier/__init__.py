"""The expression network: built, trained, calibrated, exported and explained."""
