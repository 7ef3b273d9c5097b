"""Digits written by hand, on boards drawn by the generator."""

import random
from dataclasses import replace

import numpy as np
import pytest

from futoshiki.geometry import Orientation
from futoshiki.networks.canvas import board_canvas
from futoshiki.networks.clues import PRINTED
from futoshiki.networks.shipped import shipped_network
from futoshiki.puzzle import Puzzle
from futoshiki.reading.handwriting import RULES, Handwriting, see_handwriting
from futoshiki.reading.recognize import scores_of as scores_from
from tests.helpers import scores_of


def lattice(size: int, pitch: float = 40.0, start: float = 60.0) -> np.ndarray:
    along = start + pitch * np.arange(size)
    return np.stack(np.meshgrid(along, along), axis=-1).astype(np.float32)


def by_hand(size: int, chances: dict[tuple[int, int], dict[int, float]]) -> np.ndarray:
    """Log-probabilities of what is written by hand; a cell without any is certainly empty."""
    table = np.full((size, size, PRINTED + 1), 1e-6)
    table[..., 0] = 1
    for cell, values in chances.items():
        table[cell] = 1e-6
        for value, chance in values.items():
            table[cell][value] = chance
    return np.log(table / table.sum(-1, keepdims=True)).astype(np.float32)


def seen(chances: dict[tuple[int, int], dict[int, float]]) -> Handwriting:
    return see_handwriting(replace(scores_of(Puzzle.blank(4)), by_hand=by_hand(4, chances)))


def test_nothing_is_written_where_nobody_looked_or_nothing_was_seen():
    for handwriting in (see_handwriting(scores_of(Puzzle.blank(4))), seen({})):
        assert not handwriting.is_there
        assert handwriting.entries(Puzzle.blank(4).givens) == ()


def test_one_cell_counts_only_beyond_doubt_and_two_count_together():
    blank = Puzzle.blank(4).givens
    assert not seen({(0, 0): {1: 0.7, PRINTED: 0.3}}).is_there
    assert seen({(0, 0): {1: 0.97, PRINTED: 0.03}}).entries(blank) == ((0, 0, 1),)
    both = seen({(0, 0): {1: 0.7, PRINTED: 0.3}, (2, 3): {4: 0.6, PRINTED: 0.4}, (3, 3): {2: 0.4, PRINTED: 0.6}})
    assert both.entries(blank) == ((0, 0, 1), (2, 3, 4), (3, 3, 2))


def test_on_real_pages_less_print_looks_like_handwriting_than_where_the_network_has_learnt():
    as_likely = seen({(0, 0): {1: 0.99}, (1, 1): {2: 0.5, PRINTED: 0.5}}).chances[1, 1]
    assert 0.6 < as_likely == pytest.approx(1 / (1 + np.exp(-RULES.prior)), abs=0.01)
    assert seen({(0, 0): {1: 0.99}, (1, 1): {2: 1e-4, PRINTED: 1.0}}).chances[1, 1] < 0.01


def test_a_scribble_that_may_be_several_digits_is_no_entry():
    written = seen({(0, 0): {1: 0.99}, (1, 1): {2: 0.5, 3: 0.5}})
    assert written.entries(Puzzle.blank(4).givens) == ((0, 0, 1),)


def test_what_was_written_by_hand_is_no_clue_and_what_is_printed_stays_one():
    printed = Puzzle.of(4, [(0, 0, 1), (1, 1, 2), (2, 3, 4)], [(0, 0, 0, 1)])
    scores = scores_of(printed, sure=6.0)
    chances = np.zeros((4, 4), np.float32)
    chances[1, 1] = 0.97
    cells = np.exp(scores.in_print(chances).cells)
    assert np.allclose(cells.sum(-1), 1, atol=1e-5)
    assert cells[1, 1, 0] > 0.95
    assert cells[2, 3, 4] > 0.95
    assert Handwriting(np.full((4, 4), 2), chances).entries(Puzzle.blank(4).givens) == ((1, 1, 2),)


@pytest.mark.parametrize("kind", ["strokes", "fonts"])
def test_digits_by_hand_are_read_where_they_were_written_and_print_is_not_taken_for_them(kind):
    pytest.importorskip("futoshiki.training.synth.fonts", reason="the train extra is not installed")
    rng = random.Random(4)
    asked = read = strays = 0
    for _ in range(8):
        pixels, wanted = written_board(rng, kind)
        canvas = board_canvas(pixels, lattice(6))
        found = see_handwriting(scores_from(shipped_network("clues")(canvas[None])[0], Orientation(0), 9.0))
        entries = set(found.entries(Puzzle.blank(6).givens))
        asked += len(wanted)
        read += len(entries & wanted)
        strays += len(entries - wanted)
    assert read > (0.85 if kind == "strokes" else 0.6) * asked
    assert strays < 0.05 * asked


def written_board(rng: random.Random, kind: str) -> tuple[np.ndarray, set[tuple[int, int, int]]]:
    """A 6 x 6 board of boxes in which some cells are printed and some filled by hand, and what was written."""
    from futoshiki.training.synth.canvas import Canvas
    from futoshiki.training.synth.fonts import hand_fonts, print_fonts
    from futoshiki.training.synth.handwriting import random_writer
    from futoshiki.training.synth.strokes import random_hand

    if kind == "fonts" and not hand_fonts():
        pytest.skip("no font that imitates handwriting is installed")
    canvas = Canvas(320, 320, (235, 232, 225))
    writer = replace(random_writer(rng), source=random_hand(rng) if kind == "strokes" else rng.choice(hand_fonts()))
    face = next(path for path in print_fonts() if "DejaVuSans." in path or "LiberationSans-Regular" in path)
    wanted = set()
    for r, row in enumerate(lattice(6)):
        for c, (x, y) in enumerate(row):
            canvas.box(x - 17, y - 17, x + 17, y + 17, line=(40, 40, 40), width=1.5)
            value, roll = rng.randint(1, 6), rng.random()
            if roll < 0.4:
                writer.write(canvas, rng, float(x), float(y), value, 24)
                wanted.add((r, c, value))
            elif roll < 0.6:
                canvas.text(float(x), float(y), str(value), face, 20, (20, 20, 20))
    return canvas.pixels, wanted
