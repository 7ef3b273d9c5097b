"""Every error this package raises on purpose. Each message says what to do next.

FutoshikiError
├── PuzzleError           a puzzle or a text that breaks the rules of its notation
│   ├── EntryError        what a player has entered does not fit the puzzle
│   ├── NoSolutionError   its clues contradict each other
│   └── SeveralSolutionsError
├── LabelError            a file of outlines with faults, all of them named
├── RunExistsError        a folder that holds another training run
├── UnreadableFileError   not an image, too large, truncated
│   └── SourceError       a camera or video that gives no frames
└── MissingPartError      an optional package or a model file is not installed
"""

from __future__ import annotations

from typing import ClassVar


class FutoshikiError(Exception):
    """Base of all errors that a caller may want to catch; `exit_code` is that of the command line."""

    exit_code: ClassVar[int] = 3


class PuzzleError(FutoshikiError, ValueError):
    """The puzzle, or the text that describes one, is malformed."""


class EntryError(PuzzleError):
    """An entry, or a clue that was set, lies outside of the puzzle; or two entries stand in one cell."""

    exit_code = 2


class NoSolutionError(PuzzleError):
    """The clues contradict each other; the message names a small set that does, from which none can be left out."""

    exit_code = 5


class SeveralSolutionsError(PuzzleError):
    """More than one grid fits; the message names the cells in which two of them differ."""

    exit_code = 6


class LabelError(FutoshikiError):
    """A label file cannot be used; the message names each fault with file, line and remedy."""


class RunExistsError(FutoshikiError):
    """A training run would overwrite another."""

    exit_code = 2


class UnreadableFileError(FutoshikiError):
    """The file or the bytes cannot be read as a picture."""


class SourceError(UnreadableFileError):
    """A camera, stream or video cannot be opened, or has stopped giving frames."""


class MissingPartError(FutoshikiError):
    """Something that has to be installed first: an extra or a model."""

    exit_code = 8
