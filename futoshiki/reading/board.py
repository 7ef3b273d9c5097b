"""A board found in a photo: where its cells are, before anything on it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from futoshiki.geometry import Orientation, mean_pitch

GOES_ON = 0.51
"""Share of cells seen in a row or column next to the lattice above which the board seems to continue there."""


@dataclass(frozen=True, eq=False)
class Board:
    """A board in pixels of its photo.

    `cells` are the N x N x 2 cell centres in rows as they lie in the photo, not yet turned to the puzzle's orientation.
    `cell_share` is the side of a cell over the pitch, 1 where cells touch. `complete` tells a board with every cell
    filled, `score` how sure the finder is (0 to 1). `beyond` is the share of cells that seem to follow in another row or
    column outside: above, below, left and right as the board lies in the photo.
    """

    cells: np.ndarray
    cell_share: float
    complete: bool
    score: float
    beyond: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def size(self) -> int:
        """N."""
        return len(self.cells)

    @property
    def pitch(self) -> float:
        """Mean distance of neighbouring cell centres in pixels."""
        return mean_pitch(self.cells)

    @property
    def goes_on(self) -> bool:
        """Whether it seems to be only a part of a larger board."""
        return max(self.beyond) >= GOES_ON

    def grown(self) -> Board:
        """The board with the rows and columns that seem to follow outside; it may not be square."""
        above, below, left, right = (share >= GOES_ON for share in self.beyond)
        cells = _with_lines(self.cells, above, below)
        cells = _with_lines(cells.swapaxes(0, 1), left, right).swapaxes(0, 1)
        return replace(self, cells=cells, beyond=(0.0, 0.0, 0.0, 0.0))

    def oriented(self, orientation: Orientation) -> Board:
        """The same board with its cells in the order of the upright puzzle."""
        return replace(self, cells=orientation.apply(self.cells))

    @property
    def corners(self) -> np.ndarray:
        """4 x 2: the outer corners of the first cell, the last of the first row, and so on clockwise."""
        c = self.cells
        half = self.cell_share / 2
        ends = ((0, 0), (0, -1), (-1, -1), (-1, 0))
        signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        found = []
        for (r, k), (sx, sy) in zip(ends, signs, strict=True):
            right = (c[r, 1] - c[r, 0]) if k == 0 else (c[r, -1] - c[r, -2])
            down = (c[1, k] - c[0, k]) if r == 0 else (c[-1, k] - c[-2, k])
            found.append(c[r, k] + half * (sx * right + sy * down))
        return np.array(found)

    @property
    def expected_edges(self) -> np.ndarray:
        """(4 N) x 2: where the outer sides of the outer cells must lie if these are as far apart as the cells inside.

        At the edge of the photo only a part of a cell may show, whose middle is nearer than that of the cell.
        """
        return self._expected(self.cell_share / 2)

    @property
    def expected_centres(self) -> np.ndarray:
        """(4 N) x 2: where the middles of the outer cells must lie, see `expected_edges`."""
        return self._expected(0.0)

    def _expected(self, steps: float) -> np.ndarray:
        """What lies so many pitches outside the middles of the outer cells, by the lines of cells inside."""
        columns = self.cells.swapaxes(0, 1)
        sides = (self.cells, self.cells[::-1], columns, columns[::-1])
        outer = min(1, self.size - 2)  # lines that are not used, which leaves two
        return np.concatenate([outside(lines[outer:], outer + steps) for lines in sides])


def outside(lines: np.ndarray, steps: float) -> np.ndarray:
    """Extrapolate `steps` pitches before the first line of cells (K x N x 2 -> N x 2)."""
    return lines[0] + steps * (lines[0] - lines[1])


def _with_lines(lines: np.ndarray, before: bool, after: bool) -> np.ndarray:
    """Lines of cells (K x N x 2) with one more line before and after them, where asked for."""
    first = [outside(lines, 1.0)[None]] if before else []
    last = [outside(lines[::-1], 1.0)[None]] if after else []
    return np.concatenate([*first, lines, *last])
