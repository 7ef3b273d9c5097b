"""Every error this package raises on purpose. Each message says what to do next.

FutoshikiError
├── PuzzleError           a puzzle or a text that breaks the rules of its notation
├── UnreadableFileError   not an image, too large, truncated
└── MissingPartError      an optional package or a model file is not installed
"""


class FutoshikiError(Exception):
    """Base of all errors that a caller may want to catch."""


class PuzzleError(FutoshikiError, ValueError):
    """The puzzle, or the text that describes one, is malformed."""


class UnreadableFileError(FutoshikiError):
    """The file or the bytes cannot be read as a picture."""


class MissingPartError(FutoshikiError):
    """Something that has to be installed first: an extra or a model."""
