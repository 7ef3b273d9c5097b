"""From loose cell blobs to an N x N lattice of centres, on flat and on bent pages."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch

REACH = 0.4
"""A neighbour is accepted this far (in pitches) from where it is expected."""
MIN_FILLED = 0.75
"""Share of the cells that must have been seen; the others are interpolated."""
MIN_WHOLE = 0.5
"""Share of the cells that must have been seen whole; broken ones and those grown together are interpolated too."""
MIN_LINE = 0.45
"""An outer row or column with fewer cells than this share is not one of the board's."""
MIN_BLOB = 4
ALIKE = 2.2
"""Factor in area by which most blobs of one board differ at most from their middle one."""
ALIKE_BESIDE = 3.0
"""Factor in area between neighbours: seen from the side, cells shrink from one to the next."""
ODD = 1.6
"""Factor in area between a blob and those about it from which it is a fragment, or grown together with something."""
MAX_REACH = 5.0
"""Cells of one board lie nearer than this many sides of a blob: with gaps as wide as cells it is 3.3."""

Index = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Lattice:
    """`cells`: N x N x 2 centres in the view, row by row from its top left; `core`: median side of a blob.

    `filled` is the share of the cells that were seen, `rough` how far they lie from a smooth surface (RMS, in pitches):
    0.01 to 0.04 where all is well, 0.1 where other things were taken for cells.
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


def fit_lattice(centres: np.ndarray, areas: np.ndarray) -> Lattice | None:
    """The lattice that covers most of the view; None where the blobs form no square one.

    Boards with cells of another size may stand beside it: a walk begins with blobs of like area.
    The view must show the board about upright: rows within 30 degrees of the x axis.
    """
    best: tuple[float, Lattice] | None = None
    left = np.sort(areas)[::-1]
    while len(left) >= 4:
        middle = left[min(len(left) - 1, 8)]
        group = (areas > middle / ALIKE) & (areas < middle * ALIKE)
        left = left[left <= middle / ALIKE]
        lattice = _fit_group(centres, areas, group)
        if lattice is None:
            continue
        covered = lattice.size**2 * mean_pitch(lattice.cells) ** 2 * lattice.filled
        if best is None or covered > best[0]:
            best = covered, lattice
    return best[1] if best else None


def _fit_group(centres: np.ndarray, areas: np.ndarray, group: np.ndarray) -> Lattice | None:
    """Number blobs from neighbour to neighbour, beginning with those of one size (`group`, K bool)."""
    if group.sum() < 4:
        return None
    steps = _steps(centres[group])
    if steps is None:
        return None
    index = _largest_walk(centres, areas, group, *steps)
    grid = _square(index, centres)
    if grid is None:
        return None
    size = len(grid)
    seen = grid >= 0
    if seen.mean() < MIN_FILLED:
        return None
    filled, usual = float(seen.mean()), np.median(areas[grid[seen]])
    spots = np.where(seen, areas[grid], usual)
    odd = spots / cv2.medianBlur(spots.astype(np.float32), 3)
    whole = seen & (odd > 1 / ODD) & (odd < ODD)
    if whole.mean() < MIN_WHOLE:
        return None
    cells = np.zeros((size, size, 2))
    cells[whole] = centres[grid[whole]]
    smooth = _smooth(cells, whole)
    cells[~whole] = smooth[~whole]
    core, pitch = float(np.sqrt(usual)), mean_pitch(cells)
    rough = float(np.sqrt(((cells - smooth)[whole] ** 2).sum(axis=-1).mean())) / pitch
    return Lattice(cells, core, filled, rough) if pitch < MAX_REACH * core else None


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


def _largest_walk(
    centres: np.ndarray, areas: np.ndarray, group: np.ndarray, right: np.ndarray, down: np.ndarray
) -> dict[Index, int]:
    """The largest set of blobs found by walking in steps from one of the group, by (row, column)."""
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
    # each entry carries the steps as last measured nearby, so that a bent page is followed
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
            alike = 1 / ALIKE_BESIDE < areas[nearest] / areas[found[r, c]] < ALIKE_BESIDE
            if nearest in taken or not alike or gaps[nearest] > REACH * np.hypot(*step):
                continue
            found[place] = nearest
            taken.add(nearest)
            moved = 0.5 * step + 0.5 * (points[nearest] - here)
            queue.append((place, moved if dr == 0 and dc == 1 else -moved if dr == 0 else u,
                          moved if dr == 1 else -moved if dr == -1 else v))  # fmt: skip
    return found


def _square(index: dict[Index, int], centres: np.ndarray) -> np.ndarray | None:
    """N x N blob numbers, -1 where none was seen. None if there are fewer than 2 x 2.

    Thin outer lines are dropped; where more columns than rows are left, or the other way round (a
    neighbour's cells happen to continue the rows), the part with the evenest steps is taken.
    """
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
    size = min(grid.shape, default=0)
    if size < 2:
        return None
    longer = grid if grid.shape[0] >= grid.shape[1] else grid.T
    windows = [longer[k : k + size] for k in range(len(longer) - size + 1)]
    best = max(windows, key=lambda window: (window >= 0).mean() - _unevenness(window, centres))
    return best if longer is grid else best.T


def _unevenness(grid: np.ndarray, centres: np.ndarray) -> float:
    """Spread of the steps between neighbouring rows over their mean."""
    both = (grid[1:] >= 0) & (grid[:-1] >= 0)
    if not both.any():
        return 1.0
    steps = [
        np.linalg.norm(centres[below[seen]] - centres[above[seen]], axis=1).mean()
        for above, below, seen in zip(grid[:-1], grid[1:], both, strict=True)
        if seen.any()
    ]
    return float(np.std(steps) / np.mean(steps))


def _smooth(cells: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """All centres on a cubic (or, with few cells, lower) surface fitted to the seen ones: N x N x 2."""
    rows, columns = np.nonzero(np.ones_like(seen))
    degree = 3 if seen.sum() >= 30 else 2 if seen.sum() >= 12 else 1
    terms = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    design = np.stack([rows**i * columns**j for i, j in terms], axis=1).astype(float)
    flat = seen.ravel()
    weights, *_ = np.linalg.lstsq(design[flat], cells.reshape(-1, 2)[flat], rcond=None)
    return (design @ weights).reshape(cells.shape)
