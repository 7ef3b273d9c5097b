"""Solutions drawn into copies of PDF files."""

import io
import random
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from futoshiki.board_result import BoardResult, Doubt
from futoshiki.documents import page, page_count
from futoshiki.drawing.answer import annotate
from futoshiki.drawing.doubts import RING
from futoshiki.drawing.pdf_overlay import annotate_pdf
from futoshiki.errors import ArgumentError, UnreadableFileError
from futoshiki.geometry import transform
from futoshiki.photo import Photo
from futoshiki.puzzle import Cell, Puzzle
from futoshiki.result import Result
from futoshiki.solving.generate import random_latin_square
from tests.pdf_files import encrypted, pdf_page

pypdfium2 = pytest.importorskip("pypdfium2", reason="reading PDF needs pypdfium2: pip install 'futoshiki[pdf]'")

SIZE = 5
SOLUTION = random_latin_square(SIZE, random.Random(3))
GIVEN = Cell(1, 2)
LINE = b"0 g 20 280 60 4 re f "
"""What stands on a page: a black bar."""


def board_on(photo: Photo, angle: float = 0.0) -> BoardResult:
    """A board in the middle of a photo, turned by that angle and seen in perspective."""
    height, width = photo.pixels.shape[:2]
    pitch = min(height, width) / (1.7 * SIZE)
    xs, ys = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    flat = np.stack([xs, ys], axis=-1).reshape(-1, 2) - (SIZE - 1) / 2
    ends = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (SIZE - 0.3) / 2
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0.012, 0.006, 1]])
    cells, corners = (transform(points.astype(float), matrix) * pitch + (width / 2, height / 2) for points in (flat, ends))
    given = [(*GIVEN, SOLUTION[GIVEN.row][GIVEN.column])]
    rows = tuple(tuple(map(tuple, row)) for row in cells.reshape(SIZE, SIZE, 2).tolist())
    return BoardResult("solved", Puzzle.of(SIZE, given, []), 1.0, tuple(map(tuple, corners.tolist())), rows, SOLUTION, 1)


def solved_page(data: bytes, board: BoardResult) -> tuple[np.ndarray, np.ndarray]:
    """The page as the copy of the PDF shows it, and as a picture of the page is drawn."""
    result = Result("a", "solved", (board,))
    return page(annotate_pdf(data, {1: result}), 1).pixels, annotate(page(data, 1), result)


def blue(pixels: np.ndarray) -> np.ndarray:
    return (pixels[..., 2] > 150) & (pixels[..., 0] < 120)


def red(pixels: np.ndarray) -> np.ndarray:
    return (pixels[..., 0] > 150) & (pixels[..., 1] < 90)


PAGES = {
    "plain": pdf_page(LINE),
    "turned": pdf_page(LINE, entries=b"/Rotate 90"),
    "upside down": pdf_page(LINE, entries=b"/Rotate 180"),
    "turned and cropped": pdf_page(LINE, entries=b"/Rotate 270/CropBox[15 25 190 260]"),
    "box not at the origin": pdf_page(LINE, box=b"-100 -50 300 500"),
    "state left behind": pdf_page(b"0.5 0.1 0 0.5 30 40 cm 3 Tr 5 Tz 0.2 g " + LINE),
    "in two parts": pdf_page(LINE + b" q 2 0 0 2 0 0 cm").replace(b"/Contents 4 0 R", b"/Contents[4 0 R 4 0 R]"),
    "encrypted": encrypted(b""),
    "clipped": pdf_page(LINE + b" 0 0 10 10 re W n"),
}


@pytest.mark.parametrize("angle", [0, 25, 180])
@pytest.mark.parametrize("name", PAGES)
def test_digits_stand_where_a_picture_of_the_page_has_them(name, angle):
    data = PAGES[name]
    board = board_on(page(data, 1), angle)
    vector, picture = map(blue, solved_page(data, board))
    assert (vector & picture).sum() > 0.5 * (vector | picture).sum()
    centres = np.array(board.cells)
    for row, column in np.ndindex(SIZE, SIZE):
        pitch = np.linalg.norm(centres[row, 1] - centres[row, 0])
        reach = int(pitch * 0.45)
        x, y = np.round(centres[row, column]).astype(int)
        ys, xs = np.nonzero(vector[y - reach : y + reach, x - reach : x + reach])
        if (row, column) == GIVEN:
            assert not len(xs)
        else:
            middle = np.array([xs.min() + xs.max(), ys.min() + ys.max()]) / 2 - reach
            assert np.abs(middle).max() < 0.12 * pitch


def test_a_rim_keeps_digits_legible_on_a_dark_page():
    data = pdf_page(b"0 g 0 0 200 300 re f")
    vector, _ = solved_page(data, board_on(page(data, 1)))
    white = (vector > 240).all(axis=-1)
    assert 0.3 < white.sum() / blue(vector).sum() < 1


def test_the_copy_keeps_every_page_and_stays_sharp():
    buffer = io.BytesIO()
    first, *others = (Image.new("L", (300, 400), level) for level in (250, 200, 150))
    first.save(buffer, "PDF", save_all=True, append_images=others)
    data = buffer.getvalue()
    solved = annotate_pdf(data, {2: Result("a", "solved", (board_on(page(data, 2)),))})
    assert page_count(solved) == 3
    for number in (1, 3):
        assert np.array_equal(page(solved, number).pixels, page(data, number).pixels)
    assert blue(page(solved, 2).pixels).any()
    assert kinds_on(data, 2) == []
    assert kinds_on(solved, 2) == [pypdfium2.raw.FPDF_PAGEOBJ_TEXT] * 2 * (SIZE * SIZE - 1)  # each digit, and its rim


def kinds_on(data: bytes, number: int) -> list[int]:
    """The kinds of the objects in the only annotation of a page; none if it has no annotation."""
    raw = pypdfium2.raw
    with pypdfium2.PdfDocument(data) as document:
        one = document[number - 1]
        if not raw.FPDFPage_GetAnnotCount(one):
            return []
        stamp = raw.FPDFPage_GetAnnot(one, 0)
        count = raw.FPDFAnnot_GetObjectCount(stamp)
        kinds = [raw.FPDFPageObj_GetType(raw.FPDFAnnot_GetObject(stamp, k)) for k in range(count)]
        raw.FPDFPage_CloseAnnot(stamp)
        one.close()
    return kinds


def test_wrong_digits_of_the_player_are_covered_and_doubts_get_rings():
    data = pdf_page(LINE)
    board = board_on(page(data, 1))
    wrong = (0, 0, SOLUTION[0][0] % SIZE + 1)
    right = (0, 1, SOLUTION[0][1])
    doubt = Doubt(GIVEN, "3", 0.6, "8", False)
    vector, _ = solved_page(data, replace(board, entries=(wrong, right), doubts=(doubt,)))
    reach = int(board.cells[0][1][0] - board.cells[0][0][0]) // 3
    covered, kept = (vector[int(y) - reach : int(y) + reach, int(x) - reach : int(x) + reach] for x, y in board.cells[0][:2])
    assert red(covered).any()
    assert not blue(covered).any()
    assert (kept == 255).all()
    orange = np.abs(vector - np.array(RING)).max(axis=-1) < 20
    x, y, width, height = cv2.boundingRect(orange.astype(np.uint8))
    middle = x + (width - 1) / 2, y + (height - 1) / 2
    assert middle == pytest.approx(board.cells[GIVEN.row][GIVEN.column], abs=0.4)


def test_what_is_no_pdf_and_pages_that_are_not_there_are_refused():
    buffer = io.BytesIO()
    Image.new("L", (30, 40)).save(buffer, "PNG")
    with pytest.raises(UnreadableFileError, match=r"not a PDF; draw into a picture with futoshiki\.annotate"):
        annotate_pdf(buffer.getvalue(), {})
    with pytest.raises(ArgumentError, match="no page 2"):
        annotate_pdf(pdf_page(), {2: Result("a", "no_puzzle")})
