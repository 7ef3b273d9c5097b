"""Puzzles in videos: sources of frames, following a page, adding up evidence, and drawing."""
