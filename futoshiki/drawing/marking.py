"""Which parts of a board to mark for a hint or a check. How they are drawn is said in `marks`."""

from __future__ import annotations

from dataclasses import dataclass

from futoshiki.puzzle import Cell
from futoshiki.solving.hints import Hint


@dataclass(frozen=True)
class Marks:
    """What to mark on a board: the cell to fill, those to look at, rows and columns, wrong entries, and one arrow."""

    targets: tuple[Cell, ...] = ()
    evidence: tuple[Cell, ...] = ()
    lines: tuple[tuple[Cell, ...], ...] = ()
    wrong: tuple[Cell, ...] = ()
    arrow: tuple[Cell, Cell] | None = None


def hint_marks(found: Hint, level: int) -> Marks:
    """What to mark for a hint at a level, 1 to 3.

    Level 1 does not mark a mistake, since its sentence names only the row. The evidence is marked from level 2 on, where
    the reason is given.
    """
    if found.kind == "mistake":
        return Marks(wrong=found.cells if level > 1 else ())
    if found.placed is None:
        return Marks()
    target = found.placed.cell
    if level == 1:
        return Marks((target,))
    evidence = tuple(cell for cell in found.cells if cell != target)
    return Marks((target,), evidence, found.lines, arrow=found.arrow)
