"""Solve a Futoshiki from a photo.

    >>> import futoshiki
    >>> result = futoshiki.solve_image("samples/newspaper.jpg")
    >>> result.status
    'solved'

The names below are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from futoshiki.errors import (
        FutoshikiError,
        MissingPartError,
        NoSolutionError,
        PuzzleError,
        SeveralSolutionsError,
        UnreadableFileError,
    )
    from futoshiki.notation import format_game_id, format_text, parse, parse_clue
    from futoshiki.puzzle import Clue, Puzzle
    from futoshiki.reading.pipeline import annotate, read_image, solve_image
    from futoshiki.result import BoardResult, ExitCode, Result
    from futoshiki.solving import Outcome, iter_solutions, solve, violations
    from futoshiki.solving.explain import explain, grade
    from futoshiki.solving.generate import generate
    from futoshiki.solving.hints import check, hint
    from futoshiki.solving.model import to_problem
    from futoshiki.solving.steps import Difficulty

_HOME = {
    "FutoshikiError": "errors", "MissingPartError": "errors", "NoSolutionError": "errors", "PuzzleError": "errors",
    "SeveralSolutionsError": "errors", "UnreadableFileError": "errors",
    "format_game_id": "notation", "format_text": "notation", "parse": "notation", "parse_clue": "notation",
    "annotate": "reading.pipeline", "read_image": "reading.pipeline", "solve_image": "reading.pipeline",
    "Clue": "puzzle", "Puzzle": "puzzle",
    "BoardResult": "result", "ExitCode": "result", "Result": "result",
    "Difficulty": "solving.steps", "check": "solving.hints", "explain": "solving.explain", "generate": "solving.generate",
    "grade": "solving.explain", "hint": "solving.hints", "to_problem": "solving.model",
    "Outcome": "solving", "iter_solutions": "solving", "solve": "solving", "violations": "solving",
}  # fmt: skip

__all__ = [
    "BoardResult", "Clue", "Difficulty", "ExitCode", "FutoshikiError", "MissingPartError", "NoSolutionError", "Outcome", "Puzzle",
    "PuzzleError", "Result", "SeveralSolutionsError", "UnreadableFileError", "annotate", "check", "explain",
    "format_game_id", "format_text", "generate", "grade", "hint", "iter_solutions", "parse", "parse_clue", "read_image", "solve",
    "solve_image", "to_problem", "violations",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'futoshiki' has no attribute {name!r}")
    return getattr(import_module(f"futoshiki.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
