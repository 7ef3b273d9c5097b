"""The whole way, on the shipped pictures with the shipped networks."""

import io
import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

import futoshiki
from futoshiki import picture_file
from futoshiki.board_result import BoardResult
from futoshiki.errors import EntryError
from futoshiki.evaluation.answers import evaluate_folder, score
from futoshiki.evaluation.truth import truth_pairs
from futoshiki.geometry import Orientation
from futoshiki.networks.grid import SIDE
from futoshiki.networks.shipped import Networks, shipped_network
from futoshiki.photo import Photo, load_photo
from futoshiki.puzzle import Cell, Clue, Puzzle
from futoshiki.reading import reader as reader_module
from futoshiki.reading.close_up import views
from futoshiki.reading.found import Found, Refused, Sighting
from futoshiki.reading.handwriting import see_handwriting
from futoshiki.reading.limits import Limits
from futoshiki.reading.locate import Area
from futoshiki.reading.orientation import most_likely
from futoshiki.reading.reader import PhotoReader, Reader
from futoshiki.reading.recognize import recognize
from futoshiki.reading.search import WHOLE
from futoshiki.result import Result
from futoshiki.solving.generate import random_puzzle
from tests.helpers import SAMPLES, case, dimmed, flat_board, printed, scores_of

PICTURES = [picture for picture, _ in truth_pairs(SAMPLES)]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_every_sample_is_read_and_solved_exactly(picture):
    truth = json.loads(picture.with_suffix(".json").read_text())
    result = futoshiki.solve_image(picture)
    found = score(picture.stem, result, truth)
    assert found.exact
    assert found.solution
    assert not found.silent_error
    assert found.corner_iou > 0.93
    board = result.board
    pitch = np.linalg.norm(np.subtract(truth["corners"][1], truth["corners"][0])) / truth["size"]
    assert np.abs(np.subtract(board.cells, truth["cells"])).max() < 0.2 * pitch


def test_path_bytes_pil_and_array_give_the_same_answer():
    path = SAMPLES / "small_4x4.jpg"
    image = Image.open(io.BytesIO(path.read_bytes()))
    results = [futoshiki.solve_image(source) for source in (path, str(path), path.read_bytes(), image, np.asarray(image))]
    assert {result.board.solution for result in results} == {results[0].board.solution}
    assert all(result.status == results[0].status for result in results)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_photo_with_digits_gives_the_same_puzzle(turns):
    path = SAMPLES / "puzzle_book_9x9.jpg"
    upright = futoshiki.solve_image(path)
    turned = futoshiki.solve_image(np.rot90(load_photo(path).pixels, -turns).copy())
    assert turned.board.puzzle == upright.board.puzzle
    assert turned.board.solution == upright.board.solution


def test_a_mirrored_photo_is_solved_as_what_it_is():
    path = SAMPLES / "puzzle_book_9x9.jpg"
    upright = futoshiki.solve_image(path).board
    mirrored = futoshiki.solve_image(load_photo(path).pixels[:, ::-1].copy()).board
    assert mirrored.puzzle == upright.puzzle
    with Image.open(path) as image:
        width = image.width
    assert np.abs(np.array(mirrored.corners) - (np.array(upright.corners) * [-1, 1] + [width - 1, 0])).max() < 6


def test_results_turn_into_json_and_back():
    result = futoshiki.solve_image(SAMPLES / "newspaper.jpg")
    data = json.loads(json.dumps(result.to_dict()))
    again = Result.from_dict(data)
    assert again.boards == result.boards
    assert again.to_dict() == result.to_dict()
    assert list(data) == ["schema", "source", "status", "boards", "timings_ms", "error"]
    board = data["boards"][0]
    assert list(board) == [
        "status", "size", "confidence", "corners", "cells", "givens", "less", "solution", "solutions", "complete", "doubts",
        "cut", "entries", "covered", "game_id",
    ]  # fmt: skip
    assert futoshiki.parse(board["game_id"]) == result.board.puzzle


@pytest.mark.parametrize("kind", ["white", "noise", "tiny", "strip", "squared"])
def test_pictures_without_a_puzzle_say_so(kind):
    lines = np.arange(800) % 16 == 0  # squared paper: 2,500 boxes
    pictures = {
        "white": np.full((300, 400, 3), 255, np.uint8),
        "noise": np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8),
        "tiny": np.zeros((1, 1, 3), np.uint8),
        "strip": np.zeros((1, 2000, 3), np.uint8),
        "squared": np.repeat(np.where(np.add.outer(lines, lines), 160, 255).astype(np.uint8)[..., None], 3, axis=2),
    }
    result = futoshiki.solve_image(pictures[kind])
    assert result.status == "no_puzzle"
    assert result.boards == ()
    assert result.error


def test_read_image_gives_the_clues_and_never_says_solved_without_a_solution():
    path = SAMPLES / "newspaper.jpg"
    clue = Clue(Cell(0, 0), 8)
    result = futoshiki.read_image(path)
    assert result.board.puzzle.size == 8
    assert result.board.solution is None
    assert (result.status, result.board.status, result.exit_code) == ("read", "read", 0)
    assert futoshiki.read_image(path, settled=[clue]).board.puzzle.givens[0][0] == 8
    assert Result.from_dict(json.loads(json.dumps(result.to_dict()))).status == "read"


def test_a_result_is_settled_without_the_photo():
    reader = Reader()
    result = reader.read(SAMPLES / "newspaper.jpg")
    board = result.board
    wrong = next(Cell(r, c) for r in range(8) for c in range(8) if not board.puzzle.givens[r][c])
    value = board.solution[wrong.row][wrong.column]
    settled = reader.settle(result, [Clue(wrong, value)])
    assert settled.board.puzzle.givens[wrong.row][wrong.column] == value
    assert (settled.status, settled.board.solution) == ("solved", board.solution)
    assert settled.board.cells == board.cells
    other = reader.settle(result, [Clue(wrong, value % 8 + 1)])
    assert other.status != "solved" or other.board.solution != board.solution
    assert reader.settle(result) == result
    from_json = reader.settle(Result.from_dict(result.to_dict()), [Clue(wrong, value)])
    assert from_json.board.solution == board.solution
    with pytest.raises(EntryError):
        reader.settle(result, [Clue(Cell(9, 0), 1)])
    assert reader.settle(Result("none", "no_puzzle"), [Clue(wrong, value)]).status == "no_puzzle"


def test_a_reader_may_be_used_from_several_threads_and_always_says_the_same():
    reader = Reader(Networks(threads=1))
    paths = [SAMPLES / name for name in ("small_4x4.jpg", "newspaper.jpg", "shared_lines.jpg")]
    alone = [reader.read(path).boards for path in paths]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda path: reader.read(path).boards, paths * 4))
    assert together == alone * 4


def test_a_photo_whose_time_is_over_says_so():
    result = Reader(limits=Limits(seconds=0.0)).read(SAMPLES / "newspaper.jpg")
    assert result.status == "no_puzzle"
    assert "time limit of 0.0 seconds" in result.error
    assert Reader(limits=Limits(seconds=60.0)).read(SAMPLES / "newspaper.jpg").error is None


def test_only_the_networks_that_are_needed_are_run():
    def refuse(_batch):
        raise AssertionError("nothing to run this network for")

    result = Reader(Networks(text=refuse)).read(SAMPLES / "newspaper.jpg")
    assert result.status == "solved"
    blank = Reader(Networks(clues=refuse, text=refuse)).read(np.full((300, 400, 3), 255, np.uint8))
    assert blank.status == "no_puzzle"


@pytest.mark.parametrize("later", [(0.3, 5), (0.8, 3), (0.8, 12)])
def test_a_board_that_was_read_is_not_lost_to_a_later_view_that_is_less_sure(later, monkeypatch):
    sure, less_sure = flat_board(5, score=0.9), flat_board(later[1], score=later[0])
    found = Found(None, None, BoardResult("doubtful", case(1)[0], 0.5, (), (), None, 0))
    monkeypatch.setattr(reader_module, "views", lambda *_, **__: iter([sure, less_sure]))
    monkeypatch.setattr(PhotoReader, "read_board", lambda _self, board: found if board is sure else None)
    page = PhotoReader(Reader(), load_photo(np.zeros((80, 80, 3), np.uint8)))
    assert page.read_area(Area(np.array([[0, 0], [50, 0], [50, 50], [0, 50.0]]), complete=False, score=1.0)) is found


def test_a_board_whose_outer_cells_lie_outside_the_photo_is_skipped_beside_another(monkeypatch):
    page = PhotoReader(Reader(), load_photo(np.zeros((400, 400, 3), np.uint8)))
    area = Area(np.array([[0, 0], [50, 0], [50, 50], [0, 50.0]]), complete=False, score=1.0)
    for start, reads in ((60.0, 2), (1.0, 2), (-1.0, 1)):  # what counts is whether a cell's middle lies in the photo
        board = flat_board(5, score=0.9, start=start)
        read = []
        monkeypatch.setattr(reader_module, "views", lambda *_, board=board, **__: iter([board]))
        monkeypatch.setattr(PhotoReader, "read_board", lambda _self, one, read=read: read.append(one))
        page.read_area(area)
        page.read_area(area, beside=True)
        assert len(read) == reads


@pytest.mark.parametrize(("status", "looked_at"), [("solved", False), ("contradictory", True)])
def test_a_strip_at_the_edge_is_looked_at_only_while_no_whole_board_was_read(status, looked_at, monkeypatch):
    corners = [np.array([[x0, 100], [x1, 100], [x1, 300], [x0, 300.0]]) for x0, x1 in ((150, 350), (0, 60))]
    areas = [Area(quad, complete=False, score=1.0) for quad in corners]
    read = []

    def read_area(_self, area, **_):
        read.append(area)
        board = flat_board(5, pitch=40, start=20)
        scores = scores_of(case(1)[0])
        sighting = Sighting(replace(board, cells=board.cells + area.quad[0]), scores, see_handwriting(scores), (400, 400))
        return Found(sighting, None, BoardResult(status, case(1)[0], 1.0, tuple(map(tuple, area.quad)), (), None, 1))

    monkeypatch.setattr(PhotoReader, "search", lambda _self, search: areas if search is WHOLE else [])
    monkeypatch.setattr(PhotoReader, "read_area", read_area)
    PhotoReader(Reader(), load_photo(np.zeros((400, 400, 3), np.uint8))).boards()
    assert any(area is areas[1] for area in read) == looked_at


def test_a_board_of_a_size_that_is_not_read_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr(reader_module, "views", lambda *_, **__: iter([flat_board(11, score=0.9)]))
    page = PhotoReader(Reader(), load_photo(np.zeros((80, 80, 3), np.uint8)))
    area = Area(np.array([[0, 0], [50, 0], [50, 50], [0, 50.0]]), complete=False, score=1.0)
    assert page.read_area(area) == Refused(11)
    monkeypatch.setattr(PhotoReader, "search", lambda _self, _search: [area])
    assert "11 x 11" in page.result().error


def test_a_board_with_clear_signs_and_illegible_digits_is_called_illegible(monkeypatch):
    scores = scores_of(case(1)[0])
    monkeypatch.setattr(reader_module, "recognize", lambda *_, **__: iter([replace(scores, cells=dimmed(scores.cells, 0.4))]))
    page = PhotoReader(Reader(), load_photo(np.zeros((300, 300, 3), np.uint8)))
    assert page.read_board(flat_board(5, pitch=40, start=20)) is None
    monkeypatch.setattr(PhotoReader, "search", lambda *_: [])
    assert "too little of it can be read" in page.result().error


def test_the_drawn_picture_keeps_its_size_and_changes_only_inside_of_the_board():
    path = SAMPLES / "newspaper.jpg"
    photo = load_photo(path).pixels
    result = futoshiki.solve_image(path)
    drawn = futoshiki.annotate(path, result)
    assert drawn.shape == photo.shape
    ys, xs = np.nonzero((drawn != photo).any(axis=-1))
    corners = np.array(result.board.corners)
    changed = np.array([[xs.min(), ys.min()], [xs.max(), ys.min()], [xs.max(), ys.max()], [xs.min(), ys.max()]])
    assert (changed.min(axis=0) >= corners.min(axis=0) - 2).all()
    assert (changed.max(axis=0) <= corners.max(axis=0) + 2).all()
    assert len(xs) > 1000


def test_evaluate_scores_every_picture_with_truth():
    scores = list(evaluate_folder(SAMPLES))
    assert len(scores) == len(list(SAMPLES.glob("*.json"))) == len(PICTURES) == 7
    assert not [s.name for s in scores if s.missed]


def test_a_truth_without_an_orientation_takes_any_quarter_turn():
    picture = SAMPLES / "newspaper.jpg"
    truth = json.loads(picture.with_suffix(".json").read_text())
    turned = futoshiki.solve_image(picture).board.puzzle.rotated()
    board = futoshiki.solve_image(picture).board
    wrong_way = Result("x", "solved", (replace(board, puzzle=turned, solution=tuple(zip(*board.solution[::-1], strict=True)),
                                               corners=(board.corners[3], *board.corners[:3])),))  # fmt: skip
    assert not score("x", wrong_way, truth).exact
    assert score("x", wrong_way, {**truth, "orientation_cue": "none"}).exact


def test_a_png_with_transparency_is_solved_too():
    buffer = io.BytesIO()
    Image.fromarray(load_photo(SAMPLES / "small_4x4.jpg").pixels).convert("RGBA").save(buffer, "PNG")
    assert futoshiki.solve_image(buffer.getvalue()).board.puzzle.size == 4


FINISHED = ("4321", "3412", "1234", "2143")


def finished_board() -> np.ndarray:
    """Small print in wide cells, 430 x 440 x 3 uint8 RGB."""
    pixels = np.full((430, 440, 3), 255, np.uint8)
    for r, row in enumerate(FINISHED):
        for c, digit in enumerate(row):
            x, y = 60 + 104 * c, 56 + 102 * r
            cv2.rectangle(pixels, (x - 26, y - 26), (x + 26, y + 26), (40, 40, 40), 1)
            cv2.putText(pixels, digit, (x - 8, y + 8), cv2.FONT_HERSHEY_DUPLEX, 0.7, (40, 140, 40), 1, cv2.LINE_AA)
    for x, y in ((60, 107), (268, 107)):
        cv2.polylines(pixels, [np.array([[x - 13, y - 7], [x, y + 7], [x + 13, y - 7]])], False, (40, 40, 40), 1, cv2.LINE_AA)
    return pixels


def test_small_print_in_wide_cells_is_read_too():
    board = futoshiki.solve_image(finished_board()).board
    assert board.complete
    assert board.puzzle.givens == tuple(tuple(map(int, row)) for row in FINISHED)


@pytest.mark.parametrize("is_alone", [True, False])
def test_beside_a_small_finished_board_an_open_one_is_looked_for(is_alone):
    pixels = finished_board()
    if not is_alone:
        pixels = np.pad(pixels, ((0, 0), (0, 440), (0, 0)), constant_values=255)
    grid, sides = shipped_network("grid"), []

    def counted(batch):
        sides.append(max(batch.shape[1:3]))
        return grid(batch)

    assert futoshiki.solve_image(pixels, reader=Reader(Networks(grid=counted))).board.complete
    assert (max(sides) > SIDE) is not is_alone


def test_where_digits_tell_the_orientation_cells_are_not_magnified_for_it():
    clues, canvases = shipped_network("clues"), []

    def counted(batch):
        canvases.append(len(batch))
        return clues(batch)

    pixels = np.rot90(load_photo(SAMPLES / "small_4x4.jpg").pixels, 2).copy()
    assert futoshiki.solve_image(pixels, reader=Reader(Networks(clues=counted))).status == "solved"
    assert canvases[:2] == [1, 3]
    assert 4 not in canvases


def shifted_crop(photo, corners, left, right):
    """The photo cropped beside a board by shares of its width, with all that is above and below."""
    low, width = corners[:, 0].min(), np.ptp(corners[:, 0])
    return photo[:, max(0, int(low + left * width)) : int(low + right * width)].copy()


def test_a_board_that_is_cut_off_is_not_claimed_to_be_solved():
    photo = load_photo(SAMPLES / "puzzle_book_9x9.jpg").pixels
    corners = np.array(futoshiki.solve_image(photo).board.corners)
    result = futoshiki.solve_image(shifted_crop(photo, corners, -1.0, 0.88))  # through the last column but one
    assert result.status != "solved"


@pytest.mark.parametrize("name", ["small_4x4", "newspaper"])
def test_a_picture_that_cuts_through_the_outer_cells_is_not_claimed_to_be_solved(name):
    photo = load_photo(SAMPLES / f"{name}.jpg").pixels
    board = futoshiki.solve_image(photo).board
    corners, n = np.array(board.corners), board.puzzle.size
    result = futoshiki.solve_image(shifted_crop(photo, corners, -1.0, 1 - 0.3 / n))
    assert result.boards
    assert result.status == "doubtful"
    assert result.board.cut


def test_a_first_look_that_solves_a_board_is_enough():
    canvases = []

    def counted(batch):
        canvases.extend(batch)
        return shipped_network("clues")(batch)

    result = Reader(Networks(clues=counted)).read(SAMPLES / "puzzle_book_9x9.jpg")
    assert result.status == "solved" and len(canvases) == 1


def test_a_part_of_a_board_is_not_claimed_to_be_solved():
    photo = load_photo(SAMPLES / "small_4x4.jpg")
    corners = np.array(futoshiki.solve_image(photo).board.corners)
    area = Area(corners, complete=False, score=1.0)
    board = list(views(photo, area, shipped_network("grid")))[-1]
    assert not board.goes_on
    page = PhotoReader(Reader(), photo)
    *_, scores = recognize(photo, board, shipped_network("clues"))
    assert page.answer(board, scores).result.status == "solved"
    part = page.answer(replace(board, beyond=(0.0, 1.0, 1.0, 0.0)), scores)
    # A 6 on a board of 4 x 4, and cells to its right
    larger = page.answer(replace(board, beyond=(0.0, 0.0, 0.0, 1.0)), replace(scores, too_large=0.9))
    for found in (part, larger):
        assert found.result.cut
        assert found.result.status == "doubtful"
        assert found.result.solution


@pytest.mark.parametrize("gap", [0, 14, 60])
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("first", [True, False])
def test_a_puzzle_beside_its_solution_is_not_mixed_with_it(gap, axis, first):
    puzzle, solution = random_puzzle(5, random.Random(3), signs=0.35)
    boards = [printed(puzzle), printed(puzzle, solution)]
    space = np.full((gap, 450, 3) if axis == 0 else (450, gap, 3), 255, np.uint8)
    pixels = np.concatenate([*boards[:: 1 if first else -1][:1], space, *boards[:: 1 if first else -1][1:]], axis=axis)
    result = futoshiki.solve_image(np.pad(pixels, ((80, 80), (80, 80), (0, 0)), constant_values=255))
    assert result.status in ("solved", "doubtful")
    for board in result.boards:
        assert board.solution == solution or board.status != "solved"
        # a mixture of both would have full lines and others with blanks
        full = np.array(board.puzzle.givens).all(axis=1 - axis)
        assert full.all() or not full.any() or board.status != "solved"
    if gap:  # without any gap nothing but the filling shows where one board ends
        best = result.board
        assert (best.puzzle.givens, best.solution) == (puzzle.givens, solution)


def test_every_puzzle_of_a_printed_sheet_is_found(tmp_path):
    pytest.importorskip("matplotlib", reason="sheets need matplotlib")
    from futoshiki.drawing.print_sheet import Sheet

    puzzles = [futoshiki.generate(size, "easy", seed=size) for size in (4, 5, 6, 7)]
    Sheet(puzzles, per_page=4, solutions=False).write(tmp_path / "sheet.png")
    result = futoshiki.solve_image(tmp_path / "sheet.png")
    assert [board.status for board in result.boards] == ["solved"] * 4
    assert [board.puzzle for board in result.in_page_order()] == puzzles
    assert result.only(3).board.puzzle == puzzles[2]
    with pytest.raises(EntryError, match="there are 4 boards"):
        result.only(5)


def test_a_picture_cropped_close_to_its_board_on_one_side_is_solved():
    puzzle, solution = random_puzzle(6, random.Random(5), signs=0.35)
    page = np.pad(printed(puzzle), ((150, 150), (150, 150), (0, 0)), constant_values=255)
    for cropped in (page[:, :-150], page[140:], page[:-155]):
        result = futoshiki.solve_image(np.ascontiguousarray(cropped))
        assert (result.status, result.board.solution) == ("solved", solution)


def test_separate_boxes_without_any_sign_are_a_puzzle_if_their_digits_have_one_solution():
    _, solution = case(2)
    puzzle = Puzzle.of(5, [(r, c, solution[r][c]) for r in range(5) for c in range(5) if (r + c) % 5 and r != c], ())
    assert futoshiki.solve(puzzle).status == "one"
    page = np.pad(printed(puzzle), 100, constant_values=255)[..., 100:-100]
    assert futoshiki.solve_image(np.ascontiguousarray(page)).status == "solved"


def test_boards_that_are_no_futoshiki_end_the_search_after_a_while(monkeypatch):
    read = []
    monkeypatch.setattr(PhotoReader, "_read_board", lambda _self, board: read.append(board))
    monkeypatch.setattr(reader_module, "views", lambda *_, **__: iter([flat_board(5, score=0.9)]))
    spots = [Area(np.array([[x, 0], [x + 50, 0], [x + 50, 50], [x, 50.0]]), complete=False, score=1.0) for x in range(0, 900, 90)]
    monkeypatch.setattr(PhotoReader, "search", lambda _self, _search: spots)
    Reader(limits=Limits(strangers=4)).read(np.zeros((80, 1000, 3), np.uint8))
    assert len(read) == 4
    result = BoardResult("doubtful", case(1)[0], 0.5, ((0.0, 0.0),) * 4, (), None, 0, cut=True)
    found = Found(Sighting(flat_board(5), None, None, (80, 1000)), None, result)
    answers = iter([None, None, found, *[None] * 7])
    monkeypatch.setattr(PhotoReader, "_read_board", lambda _self, board: read.append(board) or next(answers))
    Reader(limits=Limits(strangers=4)).read(np.zeros((80, 1000, 3), np.uint8))
    assert len(read) == 4 + 6  # the third of these is a Futoshiki, so one more is read


def test_a_board_is_read_again_where_others_of_the_page_stand_another_way(monkeypatch):
    read = []
    monkeypatch.setattr(PhotoReader, "_read_board", lambda _self, board, by_page: read.append((board, most_likely(by_page)[0])))
    photo = Photo(np.zeros((100, 100, 3), np.uint8), "page")
    reader = PhotoReader(Reader(), photo)

    def found(turns: int, margin: float) -> Found:
        scores = replace(scores_of(case(1)[0]), orientation=Orientation(turns), margin=margin)
        return Found(Sighting(flat_board(5), scores, None, (100, 100)), None, None)

    others = [found(2, 30.0), found(2, 8.0), found(1, 3.0)]
    for turns, margin, is_read in ((0, 6.5, True), (0, 30.0, True), (0, np.inf, True), (2, 1.0, False)):
        read.clear()
        one = found(turns, margin)
        assert reader._turned_as_others(one, [*others, one]) is one
        assert read == ([(one.board, Orientation(2))] if is_read else [])


@pytest.mark.parametrize(("margin", "cut"), [(6, 4), (12, 4), (40, 0)])
def test_all_boards_of_a_page_that_is_cropped_close_to_them_are_read(margin, cut):
    puzzles = [random_puzzle(5, random.Random(seed), signs=0.35)[0] for seed in range(6)]
    rim = 40  # white around each board; `printed` leaves 0.19 pitches besides, a little more than 13 pixels
    tiles = [np.pad(printed(puzzle, pitch=72), ((rim, rim), (rim, rim), (0, 0)), constant_values=255) for puzzle in puzzles]
    page = np.concatenate([np.concatenate(row, axis=1) for row in (tiles[:3], tiles[3:])])
    left = rim + 13 - margin
    result = futoshiki.solve_image(np.ascontiguousarray(page[left:-left, left:-left]))
    assert [board.puzzle for board in result.in_page_order()] == puzzles
    assert sorted(board.status for board in result.boards) == ["doubtful"] * cut + ["solved"] * (6 - cut)  # the corners may go on


@pytest.mark.parametrize("columns", [4.0, 4.4, 4.9])
def test_what_the_edge_leaves_of_a_board_is_not_reported_beside_a_whole_one(columns):
    whole, cut = (random_puzzle(5, random.Random(seed), signs=0.35)[0] for seed in (1, 2))
    page = np.full((1150, 1150, 3), 255, np.uint8)
    page[60:510, 60:510], page[600:1050, 600:1050] = printed(whole), printed(cut)
    end = 600 + round(90 * columns)
    result = futoshiki.solve_image(np.ascontiguousarray(page[:end, :end]))
    assert [board.puzzle for board in result.boards if board.puzzle != cut] == [whole]
    assert result.status == "solved"


def test_boards_are_counted_as_one_reads_a_page():
    def at(x: float, y: float, *, complete: bool = False) -> BoardResult:
        corners = ((x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10))
        return BoardResult("solved", case(1)[0], 1.0, corners, (), None, 1, complete)

    right, left, below = at(50, 2), at(0, 0), at(3, 30, complete=True)
    result = Result("page", "solved", (right, below, left))
    assert result.in_page_order() == (left, right, below)
    assert result.chosen().boards == (left, right)
    assert result.chosen(every=True).boards == (left, right, below)
    assert result.only(3).boards == (below,)
    assert Result("page", "solved", (below,)).chosen().boards == (below,)


def test_results_of_a_reduced_picture_are_in_its_own_pixels_and_drawn_where_they_belong(monkeypatch):
    path = SAMPLES / "newspaper.jpg"
    full = futoshiki.solve_image(path)
    pixels = load_photo(path).pixels
    monkeypatch.setattr(picture_file, "WORKING_PIXELS", pixels.shape[0] * pixels.shape[1] // 2)
    photo = load_photo(path)
    result = futoshiki.solve_image(photo)
    assert photo.scale == pytest.approx(2, rel=0.01)
    assert (result.board.status, result.board.solution) == ("solved", full.board.solution)
    assert np.abs(np.array(result.board.corners) - np.array(full.board.corners)).max() < 4
    drawn = futoshiki.annotate(photo, result)
    for r, c in np.ndindex(full.board.puzzle.size, full.board.puzzle.size):
        x, y = np.round(np.array(full.board.cells[r][c]) / photo.scale).astype(int)
        around = np.s_[y - 3 : y + 4, x - 3 : x + 4]
        assert bool((drawn[around] != photo.pixels[around]).any()) == (full.board.puzzle.givens[r][c] == 0)
