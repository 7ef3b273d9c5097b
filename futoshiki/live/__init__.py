"""Puzzles in moving pictures: sources of frames, following a page, adding up evidence, drawing."""
