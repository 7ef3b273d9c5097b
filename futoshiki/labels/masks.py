"""Masks as COCO's run-length encoding holds them: column by column, the lengths of runs of background and area in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from futoshiki.labels.outlines import outlines_of

MOST_RUNS = 1_000_000
"""Runs of a mask; more are noise, whose outlines would fill the memory."""
MOST_PIXELS = 250_000_000
"""Pixels of a mask, a byte each while it is decoded; the largest phone sensors have 200 million."""
LONGEST_RUN = 60
"""Bits of a number of the compressed form above which it cannot be the length of a run."""


@dataclass(frozen=True, eq=False)
class Mask:
    """A mask as a label file holds it, with nothing checked yet.

    `size` should be [height, width] and `counts` a list of numbers, or their compressed form.
    """

    size: Any
    counts: Any

    def outlines(self, height: int, width: int) -> tuple[np.ndarray, ...]:
        """The outlines of its areas (see `outlines_of`), for a picture of that size.

        Nothing is decoded before the numbers are known to fit.

        Raises:
            ValueError: it is not a mask of that size, or holds no area.
        """
        if self.size != [height, width]:
            raise ValueError(f"its mask does not have the size of the picture, [{height}, {width}]; export it as a polygon")
        if height * width > MOST_PIXELS:
            raise ValueError(f"a mask of more than {MOST_PIXELS // 1_000_000} million pixels; export it as a polygon")
        runs = list(islice(self._runs(), MOST_RUNS + 1))
        if len(runs) > MOST_RUNS:
            raise ValueError("a mask of too many runs; export it as a polygon")
        if any(type(run) is not int or run < 0 for run in runs) or sum(runs) != height * width:
            raise ValueError("the runs of its mask do not add up to the picture; export it again, or as a polygon")
        area = (np.arange(len(runs)) & 1).astype(np.uint8)
        columns = np.repeat(area, runs).reshape(width, height)
        outlines = outlines_of(columns)
        if not outlines:
            raise ValueError("its mask is empty; draw it again or delete it")
        return tuple(outline[:, ::-1] for outline in outlines)

    def _runs(self) -> Iterator[Any]:
        if isinstance(self.counts, str):
            return _decompressed(self.counts)
        if isinstance(self.counts, list):
            return iter(self.counts)
        raise ValueError("a mask without counts; export it again, or as a polygon")


def _decompressed(text: str) -> Iterator[int]:
    """The runs in COCO's compressed form.

    Each character holds five bits of a number, lowest first, and one that says whether more follow. From the fourth number on
    it is the difference to the last but one.

    Raises:
        ValueError: it is not such a form.
    """
    runs = (0, 0)
    value = bits = index = 0
    for character in text:
        code = ord(character) - ord("0")
        if not 0 <= code < 64 or bits > LONGEST_RUN:
            raise ValueError("its mask is damaged; export it again, or as a polygon")
        value |= (code & 31) << bits
        bits += 5
        if code & 32:
            continue
        if code & 16:
            value -= 1 << bits
        runs = (runs[1], value + (runs[0] if index > 2 else 0))
        yield runs[1]
        value, bits, index = 0, 0, index + 1
    if bits:
        raise ValueError("its mask is cut short; export it again, or as a polygon")
