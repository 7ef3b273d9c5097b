"""Solve a Futoshiki from a photo."""
