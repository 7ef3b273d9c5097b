"""Synthetic photos of puzzle pages, with exact truth."""
