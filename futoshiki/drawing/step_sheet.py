"""The way to a solution to print: boards with the cells to fill, and the reasons below, as PDF, SVG or PNG."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from futoshiki.drawing.printed_board import Figure, draw_board, frame_cell
from futoshiki.drawing.printed_pages import PAPERS, POINTS, check_format, save_pages
from futoshiki.puzzle import Puzzle
from futoshiki.solving.hints import Hint


@dataclass(frozen=True)
class StepStyle:
    """Measures of a page with steps; shares are of the page's width and height, sizes in points."""

    margin: float = 0.06
    columns: int = 2
    rows: int = 3
    width: float = 0.92  # Width of a board and its text, as a share of its part of the page
    board: float = 0.6  # Height of a board, as a share of its part of the page
    gap: float = 0.008  # White between a board and its text, as a share of the page's height
    text: float = 7.5
    line: float = 1.3  # Height of a line of text, in sizes of a letter
    letter: float = 0.5  # Mean width of a letter, in sizes of a letter
    steps: int = 3  # Most steps to a board


STYLE = StepStyle()


def write_steps(path: Path, puzzle: Puzzle, steps: Sequence[Hint], *, paper: str = "a4") -> list[Path]:
    """Write hints that follow each other from the givens on, several to a board and several boards to a page.

    A board shows the digits up to its first step, and a numbered frame around the cell of each step. Returns the files written:
    one PDF, or NAME-1.png, NAME-2.png, and so on, if there are several pages.

    Raises:
        PuzzleError: the name says no format that can be written.
        OutputError: a file cannot be written.
    """
    check_format(path)
    return save_pages(path, list(_pages(puzzle, steps, PAPERS[paper])), "Futoshiki, step by step")


def _pages(puzzle: Puzzle, steps: Sequence[Hint], paper: tuple[float, float]) -> Iterator[Figure]:
    part_width, part_height = (1 - 2 * STYLE.margin) / STYLE.columns, (1 - 2 * STYLE.margin) / STYLE.rows
    inches = part_width * STYLE.width * paper[0], part_height * STYLE.board * paper[1]
    letters = int(inches[0] * POINTS / (STYLE.text * STYLE.letter))
    lines = int(part_height * (1 - STYLE.board) * paper[1] * POINTS / (STYLE.text * STYLE.line)) - 1
    groups = _groups([_lines(number + 1, step, letters) for number, step in enumerate(steps)], lines)
    per_page = STYLE.columns * STYLE.rows
    filled = [list(row) for row in puzzle.givens]
    for first in range(0, len(groups), per_page):
        figure = Figure(figsize=paper)
        for k, group in enumerate(groups[first : first + per_page]):
            row, column = divmod(k, STYLE.columns)
            left, top = STYLE.margin + column * part_width, 1 - STYLE.margin - row * part_height
            bottom = top - part_height * STYLE.board
            axes = figure.add_axes((left, bottom, part_width * STYLE.width, part_height * STYLE.board))
            pitch = min(inches) * POINTS / (puzzle.size + 0.5)
            draw_board(axes, puzzle, tuple(map(tuple, filled)), pitch, numbered=True)
            for number in group:
                placed = steps[number].placed
                if placed:
                    frame_cell(axes, placed.cell, str(number + 1), pitch)
                    filled[placed.row][placed.column] = placed.value
            text = "\n".join(line for number in group for line in _lines(number + 1, steps[number], letters))
            figure.text(left, bottom - STYLE.gap, text, va="top", fontsize=STYLE.text, linespacing=STYLE.line)
        yield figure


def _lines(number: int, step: Hint, letters: int) -> list[str]:
    """The reason of a step in lines of at most so many letters, after its number."""
    prefix = f"{number}  "
    return textwrap.wrap(step.why, letters, initial_indent=prefix, subsequent_indent=" " * (2 * len(prefix)))


def _groups(texts: Sequence[Sequence[str]], lines: int) -> list[list[int]]:
    """The numbers of the steps for each board: as many as there is room for below it, at least one."""
    groups: list[list[int]] = []
    for number, text in enumerate(texts):
        group = groups[-1] if groups else []
        used = sum(len(texts[other]) for other in group)
        if group and len(group) < STYLE.steps and used + len(text) <= lines:
            group.append(number)
        else:
            groups.append([number])
    return groups
