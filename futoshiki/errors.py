"""How things end: the errors that this package raises on purpose, statuses, and exit codes.

Each message says what to do next.

FutoshikiError
├── PuzzleError           a puzzle, or the text of one, breaks the rules of its notation
│   ├── EntryError        an entry or a clue does not fit the puzzle
│   ├── NoSolutionError   the clues contradict each other
│   └── SeveralSolutionsError
├── ArgumentError         a value that a function does not accept
├── LabelError            a label file has faults; the message lists all of them
├── TrainingError         a training run cannot start, or its result cannot be used
│   └── RunExistsError    the folder already holds another run
├── UnreadableFileError   not an image, too large, or truncated
│   └── SourceError       a camera or video gives no frames
├── OutputError           a file cannot be written
├── MissingPartError      an optional package or a model is missing or broken
├── ClusterError          the processes or machines that share the work cannot do it
├── TimeUp                a limit of time or of search nodes was reached
└── InternalError         a bug in this package
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import ClassVar, Literal

BoardStatus = Literal["solved", "read", "contradictory", "ambiguous", "doubtful"]
"""Status of a board. `read` is a board whose clues are trusted and whose solution was not asked for."""
Status = Literal[BoardStatus, "failed", "unreadable_file", "no_puzzle"]
"""Status of a picture: that of its best board, or why there is none. `failed` is not the picture's fault."""


class ExitCode(IntEnum):
    """Exit codes of the command line; each status has the code of its own name."""

    SOLVED = 0
    READ = 0
    FAILED = 1
    USAGE = 2
    UNREADABLE_FILE = 3
    NO_PUZZLE = 4
    CONTRADICTORY = 5
    AMBIGUOUS = 6
    DOUBTFUL = 7
    MISSING_PART = 8
    CANNOT_WRITE = 9
    INTERRUPTED = 130
    BROKEN_PIPE = 141

    @classmethod
    def of(cls, status: Status) -> ExitCode:
        """The exit code of a status."""
        return cls[status.upper()]

    @classmethod
    def worst(cls, codes: Iterable[ExitCode]) -> ExitCode:
        """The exit code of several inputs: a bug outweighs everything, otherwise the highest code wins."""
        return max(codes, key=lambda code: (code == cls.FAILED, code), default=cls.SOLVED)


class FutoshikiError(Exception):
    """Base of all errors that a caller may want to catch; `exit_code` is the one of the command line."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREADABLE_FILE


class PuzzleError(FutoshikiError, ValueError):
    """The puzzle, or the text that describes it, is malformed."""


class EntryError(PuzzleError):
    """An entry or a clue lies outside the puzzle, or two entries share a cell."""

    exit_code = ExitCode.USAGE


class NoSolutionError(PuzzleError):
    """The clues contradict each other; the message names a small set of clues that do."""

    exit_code = ExitCode.CONTRADICTORY


class SeveralSolutionsError(PuzzleError):
    """The puzzle has more than one solution; the message names the cells in which two of them differ."""

    exit_code = ExitCode.AMBIGUOUS


class ArgumentError(FutoshikiError, ValueError):
    """A function was called with a value that it does not accept."""

    exit_code = ExitCode.USAGE


class LabelError(FutoshikiError):
    """A label file cannot be used; the message names each fault with its file, line and remedy."""


class TrainingError(FutoshikiError):
    """A training run cannot start, or what it made cannot be used."""


class RunExistsError(TrainingError):
    """A training run would overwrite another one."""

    exit_code = ExitCode.USAGE


class UnreadableFileError(FutoshikiError):
    """The file or the bytes cannot be read as a picture."""


class SourceError(UnreadableFileError):
    """A camera, stream or video cannot be opened, or gives no more frames."""


class OutputError(FutoshikiError):
    """A file cannot be written; one that was there is as it was."""

    exit_code = ExitCode.CANNOT_WRITE


class MissingPartError(FutoshikiError):
    """Something has to be installed first: an extra or a model."""

    exit_code = ExitCode.MISSING_PART


class ClusterError(FutoshikiError):
    """The processes or machines that share the work cannot be reached, or lack what it needs."""

    exit_code = ExitCode.MISSING_PART


class TimeUp(FutoshikiError, TimeoutError):
    """A limit of time or of search nodes was reached before the question was answered."""

    exit_code = ExitCode.AMBIGUOUS


class InternalError(FutoshikiError, AssertionError):
    """A bug in this package; please report it."""

    exit_code = ExitCode.FAILED


def failure(error: Exception) -> tuple[Status, str]:
    """Status and message of a picture or text whose reading ended with an error, so that the others are still answered."""
    if isinstance(error, UnreadableFileError | ArgumentError | PuzzleError):
        return "unreadable_file", str(error)
    if isinstance(error, MissingPartError | OutputError):
        return "failed", str(error)
    return "failed", f"unexpected {type(error).__name__}: {error}; please report it with the picture"
