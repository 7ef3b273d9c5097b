"""Where the open puzzles are in each frame of a video, also while something passes over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from futoshiki.geometry import DUPLICATE_OVERLAP, fill_polygons, mean_pitch, overlap, transform
from futoshiki.live.session import LOST_AFTER, Pace, Session, Sight
from futoshiki.live.visible import PageLook
from futoshiki.photo import Photo
from futoshiki.reading.puzzle_areas import outline_of, puzzle_areas
from futoshiki.reading.puzzle_mask import puzzle_mask
from futoshiki.reading.reader import Reader

PACE = Pace(pause=0.3, rest=2.0, enough=3)
"""How often a puzzle is read. Only where it lies matters, following it tells that better, and reading costs most time."""


@dataclass(frozen=True, eq=False)
class MaskedFrame:
    """A frame (H x W x 3 uint8 RGB) and where open puzzles are in it, H x W uint8 of 0 and 1.

    `followed` means that the mask is that of puzzles that were read; otherwise it is that of `puzzle_mask`.
    """

    pixels: np.ndarray
    mask: np.ndarray
    followed: bool


def mask_frames(
    frames: Iterable[np.ndarray], reader: Reader, *, fps: float = 30.0, visible: bool = False
) -> Iterator[MaskedFrame]:
    """The open puzzles in each frame of a video that can wait.

    `frames` are H x W x 3 uint8 RGB, all of one size, `fps` of them a second. Where a puzzle was read, its page is followed,
    and the mask holds while something passes over it; with `visible`, what lies on the page is left out. Before that, and
    after the page is lost, the mask is that of `puzzle_mask`.
    """
    session = Session(reader, threaded=False, pace=PACE)
    page: _Page | None = None
    seen_at = 0.0
    try:
        for number, pixels in enumerate(frames):
            seconds = number / fps
            sight = session.step(pixels, seconds)
            if sight.place is not None:
                seen_at = seconds
                if page is None or page.since != sight.place.since:
                    page = _Page(sight, reader, visible=visible)
            elif seconds - seen_at > LOST_AFTER:
                page = None
            mask = page.mask(sight) if page else puzzle_mask(pixels, reader.networks.grid)
            yield MaskedFrame(pixels, mask, followed=page is not None)
    finally:
        session.close()


class _Page:
    """The areas of a followed page: that of the board which is read again and again, and those of other boards beside it."""

    def __init__(self, sight: Sight, reader: Reader, *, visible: bool) -> None:
        assert sight.place is not None
        assert sight.board is not None
        self.since = sight.place.since
        back = np.linalg.inv(sight.place.homography)
        found = puzzle_areas(Photo(sight.pixels, "frame"), reader)
        corners = np.array(sight.board.corners)
        beside = [area.outline for area in found if not area.guess and overlap(area.outline, corners) < DUPLICATE_OVERLAP]
        self._beside = [transform(outline, back) for outline in beside]
        self._outlines: list[np.ndarray] = []
        own = transform(outline_of(sight.board), back)
        pitch = mean_pitch(transform(np.array(sight.board.cells), back))
        self._look = PageLook(sight.pixels, sight.place.homography, [own, *self._beside], pitch) if visible else None
        self._covered: np.ndarray | None = None

    def mask(self, sight: Sight) -> np.ndarray:
        """The areas in a frame as a mask, H x W uint8 of 0 and 1; where they were last if the page is hidden."""
        if sight.place is not None and sight.board is not None:
            own = [] if sight.board.complete else [outline_of(sight.board)]
            self._outlines = own + [transform(outline, sight.place.homography) for outline in self._beside]
            if self._look is not None:
                self._covered = self._look.covered(sight.pixels, sight.place.homography)
        mask = fill_polygons(self._outlines, *sight.pixels.shape[:2])[..., 0]
        return mask if self._covered is None else np.where(self._covered, np.uint8(0), mask)
