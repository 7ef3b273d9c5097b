"""From loose blobs, one for each cell, to an N x N lattice of centres, on flat and on bent pages."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch, smooth_surface


@dataclass(frozen=True)
class Rules:
    """What a walk from blob to blob accepts as one board."""

    reach: float = 0.4  # Distance, in pitches, of a neighbour from where it is expected
    min_filled: float = 0.75  # Least share of the cells that are seen; the others are interpolated
    min_whole: float = 0.5  # Least share of the cells that are seen whole; broken and merged ones are interpolated too
    min_line: float = 0.45  # Least share of the cells of an outer row or column; thinner ones do not belong to the board
    alike: float = 2.2  # Factor in area by which most blobs of one board differ at most from their middle one
    alike_beside: float = 3.0  # The same between neighbours: in a view from the side, cells shrink from one to the next
    apart: float = 1.2  # Factor by which a step between rows exceeds both beside it if it leads to another board
    odd: float = 1.6  # Factor in area between a blob and those around it above which it is a fragment, or merged with something


RULES = Rules()
CENTRED = 0.1
"""Weight of the distance from the middle of the view, in sides of the board, when a square part is chosen."""
BETWEEN = 0.1
"""Penalty for a square part that does not end where the lines end and the view would show another one."""
MIN_BLOB = 4
"""Pixels of the smallest blob."""
MAX_REACH = 5.0
"""Distance of neighbouring cells in sides of a blob; where gaps are as wide as cells it is 3.3."""
DEGREES = ((30, 3), (12, 2), (0, 1))
"""Least number of seen cells for a surface of that degree: few points do not carry a cubic."""

Index = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Lattice:
    """`cells`: N x N x 2 centres in the view, row by row from its top left; `core`: median side of a blob.

    `filled` is the share of the cells that were seen. `rough` is the distance of these from a smooth surface (RMS, in
    pitches): 0.01 to 0.04 on good lattices, 0.1 where other things were taken for cells.
    """

    cells: np.ndarray
    core: float
    filled: float
    rough: float

    @property
    def size(self) -> int:
        """N."""
        return len(self.cells)


def blobs(mask: np.ndarray, inside: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Centres (K x 2) and areas (K) of the connected spots of a mask that lie in `inside`."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    areas = stats[1:count, cv2.CC_STAT_AREA].astype(float)
    centres = centres[1:count]
    keep = areas >= MIN_BLOB
    if inside is not None and len(centres):
        xs, ys = np.round(centres).astype(int).T
        keep &= inside[ys, xs] > 0
    return centres[keep], areas[keep]


def fit_lattice(centres: np.ndarray, areas: np.ndarray, side: float) -> Lattice | None:
    """The lattice that covers most of a view of that side; None if the blobs form no square one.

    Boards with cells of another size may stand beside it, so each walk starts from blobs of similar area. The view must
    show the board roughly upright: rows within 30 degrees of the x axis.
    """
    best: tuple[float, Lattice] | None = None
    left = np.sort(areas)[::-1]
    while len(left) >= 4:
        usual = left[min(len(left) - 1, 8)]
        group = (areas > usual / RULES.alike) & (areas < usual * RULES.alike)
        left = left[left <= usual / RULES.alike]
        lattice = _fit_group(centres, areas, group, side)
        if lattice is None:
            continue
        covered = lattice.size**2 * mean_pitch(lattice.cells) ** 2 * lattice.filled
        if best is None or covered > best[0]:
            best = covered, lattice
    return best[1] if best else None


def _fit_group(centres: np.ndarray, areas: np.ndarray, group: np.ndarray, side: float) -> Lattice | None:
    """The lattice that a walk from neighbour to neighbour finds, starting from blobs of one size (`group`, K bool)."""
    if group.sum() < 4:
        return None
    steps = _steps(centres[group])
    if steps is None:
        return None
    index = _largest_walk(centres, areas, group, *steps)
    grid = _square(index, centres, side)
    if grid is None:
        return None
    size = len(grid)
    seen = grid >= 0
    if seen.mean() < RULES.min_filled:
        return None
    filled, usual = float(seen.mean()), np.median(areas[grid[seen]])
    spots = np.where(seen, areas[grid], usual)
    odd = spots / cv2.medianBlur(spots.astype(np.float32), 3)
    whole = seen & (odd > 1 / RULES.odd) & (odd < RULES.odd)
    if whole.mean() < RULES.min_whole:
        return None
    cells = np.zeros((size, size, 2))
    cells[whole] = centres[grid[whole]]
    degree = next(degree for count, degree in DEGREES if whole.sum() >= count)
    smooth = smooth_surface(cells, degree, whole)
    cells[~whole] = smooth[~whole]
    core, pitch = float(np.sqrt(usual)), mean_pitch(cells)
    rough = float(np.sqrt(((cells - smooth)[whole] ** 2).sum(axis=-1).mean())) / pitch
    return Lattice(cells, core, filled, rough) if pitch < MAX_REACH * core else None


def _steps(centres: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The median step to the right and down, from each blob's nearest neighbours."""
    difference = centres[None] - centres[:, None]
    distance = np.linalg.norm(difference, axis=-1)
    np.fill_diagonal(distance, np.inf)
    across = np.abs(difference[..., 0]) > 1.5 * np.abs(difference[..., 1])
    down = np.abs(difference[..., 1]) > 1.5 * np.abs(difference[..., 0])
    steps = []
    for allowed, axis in ((across, 0), (down, 1)):
        limited = np.where(allowed, distance, np.inf)
        nearest = limited.argmin(axis=1)
        reached = np.isfinite(limited[np.arange(len(centres)), nearest])
        if reached.sum() < 2:
            return None
        vectors = difference[np.arange(len(centres)), nearest][reached]
        vectors = vectors * np.sign(vectors[:, axis : axis + 1])
        steps.append(np.median(vectors, axis=0))
    return steps[0], steps[1]


def _largest_walk(
    centres: np.ndarray, areas: np.ndarray, group: np.ndarray, right: np.ndarray, down: np.ndarray
) -> dict[Index, int]:
    """The largest set of blobs that a walk from one of the group reaches, by (row, column)."""
    starts = set(np.flatnonzero(group).tolist())
    best: dict[Index, int] = {}
    while len(starts) > len(best):
        walked = _walk(centres, areas, starts, right, down)
        starts -= set(walked.values())
        if len(walked) > len(best):
            best = walked
    return best


def _walk(points: np.ndarray, areas: np.ndarray, starts: set[int], right: np.ndarray, down: np.ndarray) -> dict[Index, int]:
    members = np.array(sorted(starts))
    middle = np.median(points[members], axis=0)
    start = int(members[np.linalg.norm(points[members] - middle, axis=1).argmin()])
    found: dict[Index, int] = {(0, 0): start}
    taken = {start}
    # Each entry carries the steps as last measured nearby, so that the walk follows a bent page.
    queue = [((0, 0), right, down)]
    while queue:
        (r, c), u, v = queue.pop(0)
        here = points[found[r, c]]
        for (dr, dc), step in (((0, 1), u), ((0, -1), -u), ((1, 0), v), ((-1, 0), -v)):
            place = (r + dr, c + dc)
            if place in found:
                continue
            gaps = np.hypot(*(points - (here + step)).T)
            nearest = int(gaps.argmin())
            alike = 1 / RULES.alike_beside < areas[nearest] / areas[found[r, c]] < RULES.alike_beside
            if nearest in taken or not alike or gaps[nearest] > RULES.reach * np.hypot(*step):
                continue
            found[place] = nearest
            taken.add(nearest)
            moved = 0.5 * step + 0.5 * (points[nearest] - here)
            queue.append((place, moved if dr == 0 and dc == 1 else -moved if dr == 0 else u,
                          moved if dr == 1 else -moved if dr == -1 else v))  # fmt: skip
    return found


def _square(index: dict[Index, int], centres: np.ndarray, side: float) -> np.ndarray | None:
    """N x N blob numbers, -1 where none was seen. None if there are fewer than 2 x 2.

    What lies beyond a wider step, and thin outer rows and columns are dropped. If the rest is not square, because a
    neighbour's cells happen to continue the rows or columns, a square part is taken: one with regular steps, at an end of what
    is seen, and in the middle of the view.
    """
    if len(index) < 4:
        return None
    rows, columns = zip(*index, strict=True)
    grid = np.full((max(rows) - min(rows) + 1, max(columns) - min(columns) + 1), -1)
    for (r, c), blob in index.items():
        grid[r - min(rows), c - min(columns)] = blob
    for _ in range(2):
        grid = _largest_part(grid, centres, side).T
    while grid.size:
        shares = {
            (0, 0): (grid[0] >= 0).mean(), (0, -1): (grid[-1] >= 0).mean(),
            (1, 0): (grid[:, 0] >= 0).mean(), (1, -1): (grid[:, -1] >= 0).mean(),
        }  # fmt: skip
        (axis, end), share = min(shares.items(), key=lambda item: item[1])
        if share >= RULES.min_line:
            break
        grid = np.delete(grid, end if end == 0 else grid.shape[axis] - 1, axis=axis)
    size = min(grid.shape, default=0)
    if size < 2:
        return None
    longer = grid if grid.shape[0] >= grid.shape[1] else grid.T
    last = len(longer) - size
    starts = range(0, last + 1, size if len(longer) % size == 0 else 1)  # several boards of one size, side by side
    ends = [k for k, lines in ((0, longer), (last, longer[::-1])) if _ends_inside(lines, centres, side)]

    def quality(start: int) -> float:
        window = longer[start : start + size]
        seen = window >= 0
        if not seen.any():
            return -np.inf
        spots = centres[window[seen]]
        off = float(np.linalg.norm(spots.mean(axis=0) - side / 2) / max(np.ptp(spots, axis=0).max(), 1e-6))
        return float(seen.mean()) - _unevenness(window, centres) - CENTRED * off - BETWEEN * (start not in ends)

    best = max(starts, key=quality)
    window = longer[best : best + size]
    return window if longer is grid else window.T


def _largest_part(grid: np.ndarray, centres: np.ndarray, side: float) -> np.ndarray:
    """The rows with the most blobs between steps that are wider than both beside them; among equals those nearest the middle.

    In a view from the side, steps grow from one row to the next, but only between two boards is one wider than both.
    """
    steps = _row_steps(grid, centres)
    wide = np.flatnonzero(steps[1:-1] > RULES.apart * np.maximum(steps[:-2], steps[2:])) + 2

    def extent(part: np.ndarray) -> tuple[int, float]:
        spots = centres[part[part >= 0]]
        return len(spots), -float(np.linalg.norm(spots.mean(axis=0) - side / 2)) if len(spots) else -np.inf

    return max(np.split(grid, wide), key=extent)


def _ends_inside(lines: np.ndarray, centres: np.ndarray, side: float) -> bool:
    """Whether another line of cells before the first one would lie in the view; if none is seen, the board ends there."""
    first, last = (centres[line[line >= 0]].mean(axis=0) for line in (lines[0], lines[-1]))
    before = first - (last - first) / (len(lines) - 1)
    return bool(((before > 0) & (before < side)).all())


def _unevenness(grid: np.ndarray, centres: np.ndarray) -> float:
    """Spread of the steps between neighbouring rows over their mean."""
    steps = _row_steps(grid, centres)
    return float(np.nanstd(steps) / np.nanmean(steps)) if np.isfinite(steps).any() else 1.0


def _row_steps(grid: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The mean distance from the blobs of each row to those below them; NaN where there are none."""
    steps = np.full(max(len(grid) - 1, 0), np.nan)
    for k, (above, below) in enumerate(itertools.pairwise(grid)):
        both = (above >= 0) & (below >= 0)
        if both.any():
            steps[k] = np.linalg.norm(centres[below[both]] - centres[above[both]], axis=1).mean()
    return steps
