"""Synthetic photos of puzzle pages, with exact ground truth."""
