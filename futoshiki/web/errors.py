"""Errors of the service, and the HTTP status of every error that an answer may end in."""

from __future__ import annotations

from futoshiki.errors import (
    FutoshikiError,
    InternalError,
    NoSolutionError,
    PuzzleError,
    SeveralSolutionsError,
    TimeUp,
    UnreadableFileError,
)


class RequestError(FutoshikiError):
    """A request is refused with the HTTP status `status`; `retry_after` says in how many seconds to try again."""

    def __init__(self, message: str, status: int, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.retry_after = status, retry_after


class BusyError(RequestError):
    """There is too much to do at the moment."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, 503, retry_after)


class TooLargeError(UnreadableFileError):
    """A picture has more pixels than the service reads."""


STATUS_OF: tuple[tuple[type[FutoshikiError], int], ...] = (
    (TooLargeError, 413),
    (UnreadableFileError, 415),
    (NoSolutionError, 409),
    (SeveralSolutionsError, 409),
    (TimeUp, 409),
    (PuzzleError, 400),
    (InternalError, 500),
)
"""The status of each kind of error; the first that fits counts."""
OTHER = 415
"""The status of all other errors: a part is missing that the picture needs, such as a decoder."""


def status_of(error: FutoshikiError) -> int:
    """The HTTP status that tells of an error."""
    if isinstance(error, RequestError):
        return error.status
    return next((status for kind, status in STATUS_OF if isinstance(error, kind)), OTHER)
