"""From loose cell blobs to an N x N lattice of centres, on flat and on bent pages."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

REACH = 0.4
"""A neighbour is accepted this far (in pitches) from where it is expected."""
MIN_FILLED = 0.75
"""Share of the cells that must have been seen; the others are interpolated."""
MIN_LINE = 0.45
"""An outer row or column with fewer cells than this share is not one of the board's."""
MIN_BLOB = 4

Index = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Lattice:
    """`cells`: N x N x 2 centres in the view, row by row from its top left; `core`: median side of a blob."""

    cells: np.ndarray
    core: float
    filled: float

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
    centres, areas = centres[keep], areas[keep]
    if len(areas):
        usual = np.median(areas)
        keep = (areas > 0.3 * usual) & (areas < 3 * usual)
        centres, areas = centres[keep], areas[keep]
    return centres, areas


def fit_lattice(centres: np.ndarray, areas: np.ndarray) -> Lattice | None:
    """Number the blobs from neighbour to neighbour; None where they form no square lattice.

    The view must show the board about upright: rows within 30 degrees of the x axis.
    """
    if len(centres) < 4:
        return None
    steps = _steps(centres)
    if steps is None:
        return None
    index = _largest_walk(centres, *steps)
    grid = _square(index)
    if grid is None:
        return None
    size = len(grid)
    seen = grid >= 0
    if seen.mean() < MIN_FILLED:
        return None
    cells = np.zeros((size, size, 2))
    cells[seen] = centres[grid[seen]]
    cells[~seen] = _interpolated(cells, seen)
    return Lattice(cells, float(np.sqrt(np.median(areas))), float(seen.mean()))


def _steps(centres: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The usual step to the right and down, from each blob's nearest neighbours."""
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


def _largest_walk(centres: np.ndarray, right: np.ndarray, down: np.ndarray) -> dict[Index, int]:
    """The largest set of blobs that can be walked to in steps, by (row, column)."""
    left_over = set(range(len(centres)))
    best: dict[Index, int] = {}
    while len(left_over) > len(best):
        walked = _walk(centres, left_over, right, down)
        left_over -= set(walked.values())
        if len(walked) > len(best):
            best = walked
    return best


def _walk(centres: np.ndarray, free: set[int], right: np.ndarray, down: np.ndarray) -> dict[Index, int]:
    members = np.array(sorted(free))
    points = centres[members]
    start = int(np.linalg.norm(points - np.median(points, axis=0), axis=1).argmin())
    found: dict[Index, int] = {(0, 0): start}
    taken = {start}
    # each entry carries the steps as last measured nearby, so that a bent page is followed
    queue = [((0, 0), right, down)]
    while queue:
        (r, c), u, v = queue.pop(0)
        here = points[found[r, c]]
        for (dr, dc), step in (((0, 1), u), ((0, -1), -u), ((1, 0), v), ((-1, 0), -v)):
            place = (r + dr, c + dc)
            if place in found:
                continue
            gaps = np.linalg.norm(points - (here + step), axis=1)
            nearest = int(gaps.argmin())
            if nearest in taken or gaps[nearest] > REACH * np.linalg.norm(step):
                continue
            found[place] = nearest
            taken.add(nearest)
            moved = 0.5 * step + 0.5 * (points[nearest] - here)
            queue.append((place, moved if dr == 0 and dc == 1 else -moved if dr == 0 else u,
                          moved if dr == 1 else -moved if dr == -1 else v))  # fmt: skip
    return {place: int(members[k]) for place, k in found.items()}


def _square(index: dict[Index, int]) -> np.ndarray | None:
    """N x N blob numbers, -1 where none was seen; thin outer lines are dropped. None if not square."""
    if len(index) < 4:
        return None
    rows, columns = zip(*index, strict=True)
    grid = np.full((max(rows) - min(rows) + 1, max(columns) - min(columns) + 1), -1)
    for (r, c), blob in index.items():
        grid[r - min(rows), c - min(columns)] = blob
    while grid.size:
        shares = {
            (0, 0): (grid[0] >= 0).mean(), (0, -1): (grid[-1] >= 0).mean(),
            (1, 0): (grid[:, 0] >= 0).mean(), (1, -1): (grid[:, -1] >= 0).mean(),
        }  # fmt: skip
        (axis, end), share = min(shares.items(), key=lambda item: item[1])
        if share >= MIN_LINE:
            break
        grid = np.delete(grid, end if end == 0 else grid.shape[axis] - 1, axis=axis)
    return grid if grid.shape[0] == grid.shape[1] and grid.shape[0] >= 2 else None


def _interpolated(cells: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Centres of the unseen cells from a cubic (or, with few cells, lower) surface through the seen ones."""
    rows, columns = np.nonzero(np.ones_like(seen))
    degree = 3 if seen.sum() >= 30 else 2 if seen.sum() >= 12 else 1
    terms = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    design = np.stack([rows**i * columns**j for i, j in terms], axis=1).astype(float)
    flat = seen.ravel()
    weights, *_ = np.linalg.lstsq(design[flat], cells.reshape(-1, 2)[flat], rcond=None)
    return (design @ weights)[~flat]
