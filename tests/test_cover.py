"""Things that lie on a board."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from futoshiki.photo import load_photo
from futoshiki.reading.cover import covered_area, covered_cells
from futoshiki.reading.reader import Reader
from tests.helpers import SAMPLES


def page(size: int = 5, pitch: int = 50, tint: tuple[int, int, int] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """White boxes with a 3 in each, every second box tinted, and the middles of the boxes."""
    along = pitch + pitch * np.arange(size)
    cells = np.stack(np.meshgrid(along, along), axis=-1).astype(np.float32)
    pixels = np.full((pitch * (size + 1),) * 2 + (3,), (244, 240, 230), np.uint8)
    for k, (x, y) in enumerate(cells.reshape(-1, 2).astype(int)):
        if tint and k % 2:
            cv2.rectangle(pixels, (x - 17, y - 17), (x + 17, y + 17), tint, -1)
        cv2.rectangle(pixels, (x - 17, y - 17), (x + 17, y + 17), (30, 30, 30), 2)
        cv2.putText(pixels, "3", (x - 8, y + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (190, 30, 30), 2)
    return pixels, cells


@pytest.mark.parametrize("tint", [None, (255, 220, 150)])
def test_print_and_tints_and_shadows_cover_nothing(tint):
    pixels, cells = page(tint=tint)
    shade = np.where(np.arange(300) > 120, 0.4, 1.0)[None, :, None]
    for picture in (pixels, (pixels * shade).astype(np.uint8)):
        assert not covered_cells(picture, cells).any()


@pytest.mark.parametrize(("colour", "width"), [((215, 165, 140), 40), ((30, 60, 160), 16)])
def test_a_finger_and_a_pen_cover_the_cells_they_lie_on(colour, width):
    pixels, cells = page()
    cv2.line(pixels, (150, 150), (150, 320), colour, width)
    assert {(int(r), int(c)) for r, c in np.argwhere(covered_cells(pixels, cells))} == {(2, 2), (3, 2), (4, 2)}


@pytest.mark.parametrize("turns", [0, 1])
def test_covered_cells_are_named_in_the_puzzles_own_orientation_where_it_is_in_doubt(turns):
    photo = load_photo(SAMPLES / "newspaper.jpg")
    board = Reader().read(photo).board
    assert board is not None
    assert (board.status, board.covered) == ("solved", ())
    cells = np.array(board.cells)
    pitch = float(np.hypot(*(cells[7, 0] - cells[6, 0])))
    finger = np.round([cells[5, 3], 3 * cells[7, 3] - 2 * cells[6, 3]]).astype(int).tolist()
    pixels = photo.pixels.copy()
    cv2.line(pixels, *finger, (215, 150, 130), round(0.8 * pitch))
    covered = Reader().read(replace(photo, pixels=np.ascontiguousarray(np.rot90(pixels, turns)))).board
    assert covered is not None
    assert (covered.status, covered.covered) == ("ambiguous", ((5, 3), (6, 3), (7, 3)))


def test_the_part_of_an_outline_that_a_finger_covers_is_found():
    pixels, _ = page(size=6, pitch=60)
    outline = np.array([[30, 30], [390, 30], [390, 390], [30, 390]], float)
    assert not covered_area(pixels, outline).any()
    finger = cv2.line(np.zeros(pixels.shape[:2], np.uint8), (200, 200), (200, 420), 1, 50)
    pixels[finger > 0] = (215, 165, 140)
    found = covered_area(pixels, outline)[30:390, 30:390]
    there = finger[30:390, 30:390] > 0
    assert (found & there).sum() / (found | there).sum() > 0.85
    assert not covered_area(pixels, outline + 1000).any()  # out of the picture
