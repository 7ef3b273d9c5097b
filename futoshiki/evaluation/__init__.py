"""Scores of answers and of masks against the truth."""
