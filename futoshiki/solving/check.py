"""An independent judge of a filled grid: shares no code with the solver."""

from __future__ import annotations

from futoshiki.puzzle import Grid, Puzzle


def violations(puzzle: Puzzle, grid: Grid) -> list[str]:
    """Every rule that `grid` (N rows of N values) breaks, as sentences; empty when it is a solution."""
    n = puzzle.size
    if len(grid) != n or any(len(row) != n for row in grid):
        return [f"the grid must have {n} rows of {n} values"]
    wanted = set(range(1, n + 1))
    found = []
    for k in range(n):
        if set(grid[k]) != wanted:
            found.append(f"row {k + 1} does not hold 1 to {n} once each")
        if {row[k] for row in grid} != wanted:
            found.append(f"column {k + 1} does not hold 1 to {n} once each")
    for r, c, value in puzzle.given_cells:
        if grid[r][c] != value:
            found.append(f"r{r + 1}c{c + 1} must be {value}, not {grid[r][c]}")
    for r1, c1, r2, c2 in puzzle.less:
        if not grid[r1][c1] < grid[r2][c2]:
            found.append(f"r{r1 + 1}c{c1 + 1} must be less than r{r2 + 1}c{c2 + 1}")
    return found
