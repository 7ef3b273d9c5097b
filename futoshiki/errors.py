"""Every error this package raises on purpose. Each message says what to do next.

FutoshikiError
├── PuzzleError           a puzzle or a text that breaks the rules of its notation
│   ├── NoSolutionError   its clues contradict each other
│   └── SeveralSolutionsError
├── UnreadableFileError   not an image, too large, truncated
└── MissingPartError      an optional package or a model file is not installed
"""

from __future__ import annotations

from typing import ClassVar


class FutoshikiError(Exception):
    """Base of all errors that a caller may want to catch; `exit_code` is that of the command line."""

    exit_code: ClassVar[int] = 3


class PuzzleError(FutoshikiError, ValueError):
    """The puzzle, or the text that describes one, is malformed."""


class NoSolutionError(PuzzleError):
    """The clues contradict each other; the message names a smallest set that does."""

    exit_code = 5


class SeveralSolutionsError(PuzzleError):
    """More than one grid fits; the message names the cells in which two of them differ."""

    exit_code = 6


class UnreadableFileError(FutoshikiError):
    """The file or the bytes cannot be read as a picture."""


class MissingPartError(FutoshikiError):
    """Something that has to be installed first: an extra or a model."""

    exit_code = 8
