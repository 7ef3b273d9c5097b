"""An independent judge of a filled grid: it shares no code with the solvers."""

from __future__ import annotations

from futoshiki.notation import as_puzzle
from futoshiki.puzzle import Cell, Grid, Puzzle


def violations(puzzle: Puzzle | str, grid: Grid) -> list[str]:
    """Every rule that `grid` (N rows of N values) breaks, as sentences; empty when it is a solution."""
    puzzle = as_puzzle(puzzle)
    n = puzzle.size
    if len(grid) != n or any(len(row) != n for row in grid):
        return [f"the grid must have {n} rows of {n} values"]
    expected = set(range(1, n + 1))
    found = []
    for k in range(n):
        if set(grid[k]) != expected:
            found.append(f"row {k + 1} does not hold 1 to {n} once each")
        if {row[k] for row in grid} != expected:
            found.append(f"column {k + 1} does not hold 1 to {n} once each")
    for r, c, value in puzzle.given_cells:
        if grid[r][c] != value:
            found.append(f"{Cell(r, c)} must be {value}, not {grid[r][c]}")
    for r1, c1, r2, c2 in puzzle.less:
        if not grid[r1][c1] < grid[r2][c2]:
            found.append(f"{Cell(r1, c1)} must be less than {Cell(r2, c2)}")
    return found
