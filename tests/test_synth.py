"""The generator of synthetic photos; needs fonts but no torch."""

import random
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="the train extra is not installed")
pytest.importorskip("safetensors", reason="the train extra is not installed")

from futoshiki.errors import MissingPartError
from futoshiki.geometry import TINY
from futoshiki.puzzle import Puzzle
from futoshiki.solving import solve
from futoshiki.solving.generate import random_puzzle
from futoshiki.training.synth.board import BoardTruth, draw_board
from futoshiki.training.synth.camera import MOIRE_SHARES, random_view, take_photo
from futoshiki.training.synth.canvas import Canvas
from futoshiki.training.synth.clutter import Clutter, hidden_blocks
from futoshiki.training.synth.fonts import print_fonts
from futoshiki.training.synth.handwriting import random_writer
from futoshiki.training.synth.legibility import Exposure
from futoshiki.training.synth.marks import Marks, random_marks
from futoshiki.training.synth.page import Draft, Page, begin_page
from futoshiki.training.synth.puzzle_page import compose_puzzle_page, random_layout
from futoshiki.training.synth.sample import EDGE, Mix, board_from_truth, make_sample, truth_dict
from futoshiki.training.synth.store import read_samples, write_sample
from futoshiki.training.synth.strokes import stencil
from futoshiki.training.synth.style import CELL_KINDS, SIGN_KINDS, board_style, paper_colour

try:
    print_fonts()
except MissingPartError as error:
    pytest.skip(str(error), allow_module_level=True)

SEEDS = range(20)


@pytest.fixture(scope="module")
def made():
    return [make_sample(seed) for seed in SEEDS]


def test_the_same_seed_gives_the_same_photo(made):
    again = make_sample(3)
    assert (again.photo == made[3].photo).all()
    assert [b.puzzle for b in again.boards] == [b.puzzle for b in made[3].boards]


def test_buttons_lie_on_no_board(monkeypatch):
    drawn = []
    box = Canvas.box

    def noted(canvas, x0, y0, x1, y1, **options):
        drawn.append((x0, y0, x1, y1))
        box(canvas, x0, y0, x1, y1, **options)

    monkeypatch.setattr(Canvas, "box", noted)
    canvas, rng = Canvas(400, 400, (255, 255, 255)), random.Random(0)
    style = board_style(rng, screen=True, paper=(255, 255, 255))
    other = draw_board(canvas, rng, Puzzle(4, ((0,) * 4,) * 4), style, 210, 160, 20)
    draft = Draft(rng, canvas, style, 20.0, (0, 0, 0), [(100.0, 100.0, 200.0, 200.0)], [other])
    drawn.clear()
    for _ in range(60):
        draft.add_buttons()
    assert drawn  # there is room for some
    (left, top), (right, bottom) = other.corners.min(axis=0), other.corners.max(axis=0)
    assert not any(x0 < right and x1 > left and y0 < bottom and y1 > top for x0, y0, x1, y1 in drawn)


def test_photos_hold_what_their_truth_says(made):
    boards = [(sample, board) for sample in made for board in sample.boards]
    assert len(boards) >= len(SEEDS) // 2
    for sample, board in boards:
        h, w = sample.photo.shape[:2]
        n = board.puzzle.size
        assert board.cells.shape == (n, n, 2)
        assert board.quads.shape == (n, n, 4, 2)
        assert board.is_whole == bool(((board.cells > EDGE) & (board.cells < np.array([w, h]) - EDGE)).all())
        assert 0 < board.shown <= 1
        assert np.abs(board.quads.mean(axis=2) - board.cells).max() < 6
        assert board.complete == board.puzzle.is_full
        assert solve(board.puzzle, limit=1).status == "one"


def test_truth_and_photo_come_back_from_disk(tmp_path, made):
    sample = next(s for s in made if s.boards)
    write_sample(tmp_path, sample)
    (stored,) = read_samples(tmp_path)
    assert stored.photo().shape == sample.photo.shape
    assert np.abs(stored.photo().astype(int) - sample.photo).mean() < 6
    for mine, theirs in zip(sample.boards, stored.boards, strict=True):
        assert mine.puzzle == theirs.puzzle
        assert np.abs(mine.cells - theirs.cells).max() < 0.01
        assert abs(mine.shown - theirs.shown) < 0.001
        assert board_from_truth(truth_dict(mine)).puzzle == mine.puzzle
        assert theirs.hidden == mine.hidden
        assert theirs.vague == mine.vague
        assert board_from_truth(truth_dict(replace(mine, vague=((1, 2),)))).vague == ((1, 2),)
        older = {key: value for key, value in truth_dict(mine).items() if key not in ("hidden", "vague")}
        assert board_from_truth(older).hidden == board_from_truth(older).vague == ()


@pytest.mark.parametrize("screen", [False, True])
def test_something_always_shows_where_the_cells_are(screen):
    rng = random.Random(5)
    styles = [board_style(rng, screen=screen, paper=paper_colour(rng)) for _ in range(400)]
    assert {style.cell_kind for style in styles} == set(CELL_KINDS)
    for style in styles:
        if style.cell_kind == "tint":
            assert style.cell_fill
            assert max(abs(a - b) for a, b in zip(style.cell_fill, style.backdrop or style.paper, strict=True)) >= 3
        if style.cell_kind == "bare":
            assert style.frame or style.blank_mark


def test_an_even_choice_draws_rare_kinds_as_often_as_others():
    rng = random.Random(4)
    styles = [board_style(rng, screen=False, paper=paper_colour(rng), even=True) for _ in range(1200)]
    for kinds, drawn in ((CELL_KINDS, [s.cell_kind for s in styles]), (SIGN_KINDS, [s.sign_kind for s in styles])):
        assert all(0.7 < drawn.count(kind) / len(styles) * len(kinds) < 1.3 for kind in kinds)


def test_a_mix_of_even_photos_differs_from_the_usual_one():
    usual, even = (make_sample(3, side=320, mix=Mix(even=share, several=0.0, empty=0.0)) for share in (0.0, 1.0))
    assert (usual.photo.shape != even.photo.shape) or (usual.photo != even.photo).any()


def test_some_photos_cut_their_boards_off(made):
    cut = [board.shown for seed in range(20, 60) for board in make_sample(seed).boards if not board.is_whole]
    assert min(cut) < 0.5 < max(cut) < 1


@pytest.mark.parametrize("wide", [False, True])
def test_puzzles_of_a_page_keep_their_distance(wide):
    for seed in range(40):
        layout = random_layout(random.Random(seed), wide=wide)
        assert layout.places[0].is_board
        for k, a in enumerate(layout.places):
            assert 0 <= a.x <= layout.width - a.size + TINY
            assert 0 <= a.y <= layout.height - a.size + TINY
            for b in layout.places[:k]:
                across, down = (max(p, q) - min(p + a.size, q + b.size) for p, q in ((a.x, b.x), (a.y, b.y)))
                assert max(across, down) > layout.gap - TINY


@pytest.mark.parametrize("screen", [False, True])
def test_a_page_of_puzzles_has_a_board_in_each_of_its_places(screen):
    for seed in range(6):
        rng = random.Random(seed)
        layout = random_layout(rng, wide=False)
        page = compose_puzzle_page(rng, 900, 20.0, layout, screen=screen)
        places = [place for place in layout.places if place.is_board]
        assert [board.puzzle.size for board in page.boards] == [place.size for place in places]
        corner = (900 - 20.0 * np.array([layout.width, layout.height])) / 2
        for board, place in zip(page.boards, places, strict=True):
            low = corner + 20.0 * np.array([place.x, place.y])
            assert (board.corners > low - 3).all()  # cells of forms that were laid out by hand stray a little
            assert (board.corners < low + 20.0 * place.size + 3).all()


def test_a_share_of_the_photos_shows_several_open_puzzles():
    openings = [sum(not board.complete for board in make_sample(seed, side=320).boards) for seed in range(100, 160)]
    assert 0.12 < np.mean(np.array(openings) > 1) < 0.45


def test_nothing_is_mirrored_beyond_the_edge_of_the_page():
    page = Page(np.zeros((40, 40, 3), np.uint8), np.zeros((40, 40, 3), np.uint8), (), (-9e3, -9e3, 9e3, 9e3), (200, 220, 240))
    rng = random.Random(1)
    view = random_view(rng, 40, 120, 120, 1.0, 0.5, "screenshot")
    photo = take_photo(random.Random(3), page, view, 120, 120, "screenshot")[0].photo
    assert np.abs(photo[:5, :5].astype(int) - (200, 220, 240)).max() < 6


def test_most_photos_of_screens_have_moire_and_none_is_bent():
    white = Page(
        np.full((80, 80, 3), 255, np.uint8), np.full((80, 80, 3), 255, np.uint8), (), (-9e3, -9e3, 9e3, 9e3), (255, 255, 255)
    )
    rippled = []
    for seed in range(24):
        view = random_view(random.Random(seed), 80, 80, 80, 1.0, 0.5, "screen")
        assert not view.waves
        photos = []
        for share in (0.0, 1.0):
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(MOIRE_SHARES, "screen", share)
                photos.append(take_photo(random.Random(seed), white, view, 80, 80, "screen")[0].photo)
        rippled.append((photos[0] != photos[1]).any())
    assert all(rippled)
    assert MOIRE_SHARES["screen"] > 0.5 > MOIRE_SHARES["paper"]


def drawn_board(puzzle, **changes):
    """A board in black on white, 400 x 400, in a font that every environment has."""
    font = str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))
    style = replace(board_style(random.Random(3), screen=True, paper=(255, 255, 255)), font=font, sign_font=font)
    black = dict.fromkeys(("line", "digit_colour", "sign_colour"), (0, 0, 0))
    plain = {"cell_fill": None, "backdrop": None, "given_fill": None, "frame": 0.0, "jitter": 0.0, "uneven": 0.0, "scatter": 0.0}
    boxes = {"paper": (255, 255, 255), "cell_kind": "boxes", "cell": 0.6, "dashed": False, "blank_mark": "", "aspect": 1.0}
    shape = {
        "sign": 0.3,
        "sign_depth": 0.8,
        "shaft": 1.4,
        "sign_width": 0.02,
        "segments": False,
        "stencil": None,
        "halo": False,
        "hidden_signs": False,
    }
    canvas = Canvas(400, 400, (255, 255, 255))
    draw_board(canvas, random.Random(0), puzzle, replace(style, **{**black, **plain, **boxes, **shape, **changes}), 20, 20, 90)
    return canvas.pixels[..., 0]


@pytest.mark.parametrize("kind", SIGN_KINDS)
def test_signs_of_every_kind_point_to_the_smaller_cell(kind):
    left, right = (drawn_board(Puzzle.of(4, [], [sign]), sign_kind=kind) for sign in ((0, 0, 0, 1), (0, 1, 0, 0)))
    between = np.s_[20:74, 80:104]  # in the gap between the first two cells
    assert (left[between] < 128).sum() > 8
    # a sign is widest where it opens, towards the larger cell; so is the head of an arrow with a short shaft
    widest = [int(_heights(picture[between]).argmax()) for picture in (left, right)]
    assert widest[0] - widest[1] > 4


def test_most_puzzles_have_as_few_signs_as_printed_ones(made):
    puzzles = [board.puzzle for sample in made for board in sample.boards]
    shares = [len(puzzle.less) / (2 * puzzle.size * (puzzle.size - 1)) for puzzle in puzzles]
    assert len(shares) >= 20
    assert 0.1 < np.median(shares) < 0.35
    assert max(shares) > 0.5


def test_brackets_stand_at_the_sides_of_a_cell_and_corner_marks_at_its_corners():
    empty = Puzzle.of(4, [], [])
    brackets, corners = (
        drawn_board(empty, cell_kind=kind, corner_mark=0.5, line_width=0.03, radius=0.0, shadow=0.0)
        for kind in ("brackets", "corners")
    )
    left, top, corner = np.s_[40:54, 17:24], np.s_[17:24, 40:54], np.s_[17:24, 17:24]  # the first cell is 54 pixels wide
    for picture, at_the_left in ((brackets, True), (corners, False)):
        assert (picture[left] < 128).any() == at_the_left
        assert not (picture[top] < 128).any()
        assert (picture[corner] < 128).any()


def _heights(picture):
    """The extent of the dark pixels of every column."""
    rows = [np.nonzero(column < 128)[0] for column in picture.T]
    return np.array([row[-1] - row[0] + 1 if len(row) else 0 for row in rows])


def test_seven_segments_show_every_digit_differently():
    digits = [drawn_board(Puzzle.of(9, [(0, 0, value)], []), segments=True, cell=0.95)[20:105, 20:105] for value in range(1, 10)]
    assert all((a != b).any() for k, a in enumerate(digits) for b in digits[:k])


def test_digits_of_strokes_are_print_and_all_alike():
    hand = stencil(random.Random(2))
    twice = Puzzle.of(9, [(0, 0, 4), (1, 1, 4), (0, 2, 7)], [])
    pixels = drawn_board(twice, stencil=hand, cell=0.95)
    first, second, other = (pixels[y : y + 85, x : x + 85] for x, y in ((20, 20), (110, 110), (200, 20)))
    assert (first < 128).sum() > 60
    assert (first == second).all()
    assert (first != other).any()


def test_raised_cells_have_a_shadow_at_their_lower_right():
    plain = {"cell_kind": "tint", "cell_fill": (250, 250, 250)}
    flat, raised = (drawn_board(Puzzle.of(4, [], []), **plain, shadow=shadow) for shadow in (0.0, 0.06))
    right, below, left = np.s_[30:70, 76:78], np.s_[76:78, 30:70], np.s_[30:70, 13:17]
    assert flat[right].min() > 240
    assert raised[right].max() < 220
    assert raised[below].max() < 220
    assert raised[left].min() > 240
    assert raised[40, 40] == 250  # the cell itself lies over its shadow


def test_an_entry_takes_the_place_of_a_question_mark_but_not_of_a_printed_dot():
    writer = replace(random_writer(random.Random(1)), height=0.5, colour=(128, 128, 128))
    for mark, stays in (("?", False), (".", True)):
        canvas, rng = Canvas(300, 300, (255, 255, 255)), random.Random(4)
        white = {"paper": (255, 255, 255), "cell_kind": "bare", "frame": 0.0, "backdrop": None}
        style = replace(board_style(rng, screen=True, paper=(255, 255, 255)), **white, blank_mark=mark, digit_colour=(0, 0, 0))
        draw_board(canvas, rng, Puzzle.of(4, [], []), style, 10, 10, 70, marks=Marks(writer, 1.0, 0.0))
        assert (canvas.pixels.min() < 60) == stays


def test_a_share_of_the_pages_has_specks():
    drafts = [begin_page(random.Random(seed), 200, 20, screen=False) for seed in range(150)]
    for draft in drafts:
        draft.speckle()
    other = [float((draft.canvas.pixels != np.array(draft.style.paper)).any(axis=-1).mean()) for draft in drafts]
    assert 4 < sum(share > 0 for share in other) < 35
    assert max(other) < 0.03


def test_a_halo_interrupts_the_line_below_a_sign():
    puzzle = Puzzle.of(4, [], [(0, 0, 0, 1)])
    plain, halo = (drawn_board(puzzle, cell=1.0, sign=0.2, sign_kind="chevron", halo=halo) for halo in (False, True))
    near = np.s_[52:58, 108:112]  # the line between the first two cells, above the sign
    assert plain[near].min() < 100 < halo[near].min()


def marked_cell(marks, seed):
    """The entry that counts in a white cell of 100 x 100 pixels, and its darkness (100 x 100)."""
    canvas = Canvas(100, 100, (255, 255, 255))
    style = board_style(random.Random(3), screen=False, paper=(255, 255, 255))
    entry = marks.draw(canvas, random.Random(seed), 4, 50, 50, 90, 6, style)
    return entry, 255 - canvas.pixels[..., 1].astype(int)


def test_one_writer_writes_digits_of_one_height():
    for seed in range(8):
        writer = random_writer(random.Random(seed))
        heights = []
        for k in range(12):
            entry, ink = marked_cell(Marks(writer, 1.0, 0.0), k)
            assert entry
            rows = np.nonzero(ink.max(axis=1) > 40)[0]
            heights.append((rows[-1] - rows[0] + 1) / 90)
        assert abs(np.median(heights) - writer.height) < 0.12
        assert np.std(heights) < 0.1


def test_players_enter_digits_of_the_solution_but_for_their_mistakes():
    writer = random_writer(random.Random(1))
    right = [marked_cell(Marks(writer, 1.0, 0.0, corrections=0.5), seed)[0] for seed in range(20)]
    assert {4} < set(right) <= {0, 4}
    wrong = [marked_cell(Marks(writer, 1.0, 0.0, mistakes=1.0), seed)[0] for seed in range(60)]
    assert set(wrong) == {1, 2, 3, 5, 6}
    puzzle = random_puzzle(4, random.Random(5), signs=0.5)[0]
    rng = random.Random(2)
    style = board_style(rng, screen=False, paper=(255, 255, 255))
    board = draw_board(Canvas(300, 300, (255, 255, 255)), rng, puzzle, style, 10, 10, 70, marks=Marks(writer, 1.0, 0.0))
    assert (np.array(puzzle.givens) + board.entries == solve(puzzle).solution).all()


def test_struck_entries_count_only_with_another_digit_beside_them():
    writer = replace(random_writer(random.Random(1)), height=0.5, colour=(0, 0, 0))
    cells = [marked_cell(Marks(writer, 1.0, 0.0, corrections=1.0), seed) for seed in range(60)]
    given_up = [ink.sum() for entry, ink in cells if not entry]
    corrected = [ink.sum() for entry, ink in cells if entry]
    assert 3 < len(given_up) < 25
    assert np.mean(corrected) > 1.15 * np.mean(given_up) > 0


def test_pens_are_light_on_a_dark_ground():
    for seed in range(20):
        dark, light = (random_writer(random.Random(seed), light=light).colour for light in (False, True))
        assert sum(dark) < 3 * 160
        assert sum(light) > 3 * 100
        assert tuple(255 - level for level in dark) == light


def test_some_boards_are_filled_in_by_hand_as_a_whole():
    marks = [random_marks(random.Random(seed), (255, 255, 255), screen=False, scans=None) for seed in range(200)]
    written = [mark.entries for mark in marks if mark]
    assert 60 < len(written) < 140
    assert 0.2 < np.mean(np.array(written) == 1.0) < 0.5


def test_a_cell_and_its_signs_are_hidden_by_what_covers_them():
    cells = np.stack(np.meshgrid(np.arange(4), np.arange(4)), axis=-1) * 20.0 + 30
    cover = np.zeros((120, 120), np.uint8)
    assert hidden_blocks(cells, cover) == ()
    cover[47:54, 67:74] = 255  # around the middle of cell (1, 2), but not of the gaps beside it
    assert hidden_blocks(cells, cover) == ((3, 5),)
    cover[47:54, 57:74] = 255  # and the gap to its left
    assert (3, 4) in hidden_blocks(cells, cover)
    cover[:] = 255
    assert len(hidden_blocks(cells, cover)) == 16 + 24


def test_things_over_a_board_hide_some_of_its_cells():
    rng = random.Random(5)
    cells = np.stack(np.meshgrid(np.arange(5), np.arange(5)), axis=-1) * 40.0 + 100
    counts = []
    for _ in range(80):
        clutter = Clutter(rng, np.full((1, 360, 360, 3), 200, np.float32))
        clutter.add(cells.reshape(-1, 2))
        counts.append(len(hidden_blocks(cells, clutter.cover)))
        assert (clutter.photos[0, clutter.cover == 0] <= 200).all()  # beside them there is shadow at most
    assert 10 < np.count_nonzero(counts) < 60


def test_ink_can_be_taken_off_a_page():
    canvas, rng = Canvas(300, 300, (250, 250, 250)), random.Random(0)
    style = replace(board_style(rng, screen=False, paper=(250, 250, 250)), hidden_signs=True, blank_mark="")
    draw_board(canvas, rng, Puzzle.of(4, [], []), style, 40, 40, 50)
    empty = canvas.pixels.copy()
    canvas, rng = Canvas(300, 300, (250, 250, 250)), random.Random(0)
    style = replace(board_style(rng, screen=False, paper=(250, 250, 250)), hidden_signs=True, blank_mark="")
    draw_board(canvas, rng, Puzzle.of(4, [(0, 0, 3)], [(0, 0, 0, 1)]), style, 40, 40, 50)
    assert (canvas.pixels != empty).any()
    assert (canvas.without_ink() == empty).all()


@pytest.mark.parametrize(
    ("contrast", "grain", "blur", "is_lost"), [(120, 4, 0.0, False), (4, 12, 0.0, True), (120, 1, 9.0, True)]
)
def test_clues_that_are_faint_or_blurred_are_illegible(contrast, grain, blur, is_lost):
    noise, mask = np.random.default_rng(0), np.zeros((200, 200, 3), np.uint8)
    cv2.putText(mask, "3", (32, 52), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (contrast,) * 3, 2)
    ink = -mask.astype(np.float32)
    cells = np.stack(np.meshgrid(np.arange(4), np.arange(4)), axis=-1) * 40.0 + 42
    board = BoardTruth(Puzzle.of(4, [(0, 0, 3)], []), False, cells, np.zeros((4, 4, 4, 2)), ((0,) * 4,) * 4)
    seen = cv2.GaussianBlur(ink, (0, 0), blur) if blur else ink
    photo, blank = (200 + kind + noise.normal(0, grain, ink.shape) for kind in (seen, 0))
    exposure = Exposure(photo.astype(np.uint8), blank.astype(np.uint8), ink)
    judged = exposure.judged(board, [(2, 2)])
    assert (judged.hidden, judged.vague) == (((1, 1), (2, 2)) if is_lost else ((2, 2),), ())


@pytest.mark.parametrize(("less", "block"), [((1, 1, 1, 2), (3, 4)), ((2, 1, 1, 1), (4, 3))])
@pytest.mark.parametrize(("half", "is_vague"), [(6, False), (4, False), (1, True)])
def test_a_blurred_sign_of_three_pixels_does_not_tell_which_way_it_points(less, block, half, is_vague):
    drawn = np.zeros((1600, 1600, 3), np.float32)  # eight pixels for one of the photo
    x, y = 16 + 8 * 40 * (block[1] / 2 - 0.5) + 320, 16 + 8 * 40 * (block[0] / 2 - 0.5) + 320
    tip, ends = np.array([x, y - 8 * half]), np.array([[x - 8 * half, y + 8 * half], [x + 8 * half, y + 8 * half]])
    if less[0] == less[2]:
        tip, ends = np.array([x - 8 * half, y]), np.array([[x + 8 * half, y - 8 * half], [x + 8 * half, y + 8 * half]])
    for end in ends:
        cv2.line(drawn, tip.astype(int).tolist(), end.astype(int).tolist(), (120.0,) * 3, 8)
    ink = -cv2.resize(drawn, (200, 200), interpolation=cv2.INTER_AREA)
    cells = np.stack(np.meshgrid(np.arange(4), np.arange(4)), axis=-1) * 40.0 + 42
    board = BoardTruth(Puzzle.of(4, [], [less]), False, cells, np.zeros((4, 4, 4, 2)), ((0,) * 4,) * 4)
    photo, blank = cv2.GaussianBlur(200 + ink, (0, 0), 1.3), np.full_like(ink, 200)
    exposure = Exposure(photo, blank, ink)
    judged = exposure.judged(board)
    assert judged.vague == ((block,) if is_vague else ())
    assert not judged.hidden
    assert judged.is_readable is not is_vague
    covered = exposure.judged(board, [block])
    assert (covered.hidden, covered.vague) == ((block,), ())


@pytest.mark.parametrize(("height", "is_vague"), [(24, False), (12, False), (5, True)])
def test_a_blurred_digit_of_five_pixels_does_not_tell_which_it_is(height, is_vague):
    canvas = Canvas(1600, 1600, (255, 255, 255))  # eight pixels for one of the photo
    givens = [(0, 0, 3), (1, 1, 4), (2, 2, 2)]
    for row, column, value in givens:
        x, y = (8 * (42 + 40 * place) for place in (column, row))
        canvas.text(x, y, str(value), print_fonts()[0], 8 * height, (0, 0, 0))
    ink = cv2.resize(canvas.pixels, (200, 200), interpolation=cv2.INTER_AREA).astype(np.float32) - 255
    cells = np.stack(np.meshgrid(np.arange(4), np.arange(4)), axis=-1) * 40.0 + 42
    board = BoardTruth(Puzzle.of(4, givens, []), False, cells, np.zeros((4, 4, 4, 2)), ((0,) * 4,) * 4)
    noise = np.random.default_rng(0)
    photo, blank = (255 + cv2.GaussianBlur(kind, (0, 0), 1.3) + noise.normal(0, 4, ink.shape) for kind in (ink, 0 * ink))
    exposure = Exposure(photo.astype(np.float32), blank.astype(np.float32), ink)
    judged = exposure.judged(board)
    assert (judged.hidden, judged.vague, judged.is_readable) == ((), ((5, 5),) if is_vague else (), not is_vague)
    assert exposure.judged(replace(board, puzzle=Puzzle.of(4, givens[:1], []))).is_readable  # there is nothing to mistake it for


def test_hardly_any_clue_of_a_screenshot_is_illegible(made):
    mix = Mix(screen=0.0, screenshot=1.0, several=0.0, empty=0.0)
    boards = [board for seed in range(6) for board in make_sample(seed, mix=mix).boards if board.is_whole]
    assert all(board.is_legible for board in boards)
    assert sum(len(board.hidden) for board in boards) <= 0.1 * sum(len(board.marked_blocks) for board in boards)
    dark = replace(boards[0], hidden=boards[0].marked_blocks)
    assert not dark.is_legible
