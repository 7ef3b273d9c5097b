"""Which areas of a photo may hold another puzzle, once boards have been read."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from futoshiki.board_result import BoardResult
from futoshiki.geometry import quad_iou
from futoshiki.networks.shipped import Networks
from futoshiki.photo import Photo
from futoshiki.reading.found import Found, Sighting
from futoshiki.reading.locate import CELLS_TRUST, Area
from futoshiki.reading.reader import PhotoReader, Reader
from futoshiki.reading.search import (
    LARGE,
    LARGE_PHOTO,
    LINES,
    MAX_BESIDE,
    SEARCHES,
    SMALL,
    TINY,
    WHOLE,
    asks_for,
    ends_search,
    is_covered,
    is_cut_off,
    is_explained,
    places_beside,
    why_none,
    without_duplicates,
)
from tests.helpers import case, flat_board, printed

PHOTO = Photo(np.zeros((1000, 800, 3), np.uint8), "page")


def area(left: float, top: float, right: float, bottom: float) -> Area:
    return Area(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float), complete=False, score=1.0)


def found(left: float, top: float, side: float, *, status: str = "solved") -> Found:
    """A 5 x 5 board that was read, as a square of that side."""
    flat = flat_board(5, pitch=side / 5, start=side / 10)
    board = replace(flat, cells=flat.cells + (left, top))
    corners = tuple((float(x), float(y)) for x, y in board.corners)
    return Found(Sighting(board, None, None, (1000, 800)), None, BoardResult(status, case(1)[0], 1.0, corners, (), None, 1))


@pytest.mark.parametrize(
    ("quad", "cut"),
    [
        ((0, 300, 120, 700), True),  # a strip at the left edge
        ((300, 900, 700, 999), True),  # at the bottom
        ((300, 970, 500, 996), True),  # a thin one, as near to it as the maps tell
        ((0, 300, 400, 700), False),  # a whole board that reaches the edge
        ((100, 300, 220, 700), False),  # a strip within the page: two boards, or a word puzzle
    ],
)
def test_a_strip_at_the_edge_is_the_rest_of_something_that_the_edge_cuts_off(quad, cut):
    assert is_cut_off(area(*quad), PHOTO) == cut
    turned = area(*quad)
    assert is_cut_off(Area(np.roll(turned.quad, 1, axis=0), complete=False, score=1.0), PHOTO) == cut


def test_what_the_edge_cuts_off_is_no_other_puzzle():
    strip = area(0, 300, 120, 700)
    assert is_explained(strip, [found(200, 300, 400)], [], PHOTO)
    assert not is_explained(strip, [found(200, 300, 400, status="contradictory")], [], PHOTO)


def test_two_boards_that_merged_at_the_edge_are_not_explained_by_one_of_them():
    merged = area(0, 100, 300, 750)
    assert not is_explained(merged, [found(0, 430, 300)], [], PHOTO)
    assert is_explained(area(0, 430, 320, 760), [found(0, 430, 300)], [], PHOTO)


def test_far_smaller_areas_hold_no_other_puzzle_of_the_page():
    assert is_explained(area(600, 100, 750, 250), [found(100, 300, 400)], [], PHOTO)
    assert not is_explained(area(500, 20, 790, 290), [found(100, 300, 400)], [], PHOTO)
    for score in (0.1, CELLS_TRUST):  # may be a fragment of a larger one
        fragment = replace(area(600, 100, 750, 250), score=score)
        assert not is_explained(fragment, [found(100, 300, 400)], [], PHOTO)


@pytest.mark.parametrize("score", [CELLS_TRUST, 1.0])
def test_a_strip_at_the_edge_that_is_larger_than_a_board_may_be_several(score):
    strip = replace(area(0, 300, 250, 900), score=score)
    assert not is_explained(strip, [found(400, 300, 350)], [], PHOTO)
    assert is_explained(strip, [found(300, 300, 400)], [], PHOTO)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(
    ("extent", "read", "places"),
    [
        ((100, 100, 330, 200), (100, 100), {(230, 100)}),  # two beside each other, 0.3 sides apart
        ((100, 100, 200, 320), (100, 220), {(100, 100)}),  # one above the other
        ((100, 100, 340, 340), (240, 100), {(100, 100), (100, 240), (240, 240)}),
        ((90, 95, 465, 205), (222, 100), {(95, 100), (360, 100)}),  # three, seen with a border
        ((100, 100, 265, 200), (100, 100), {(165, 100)}),  # a smaller one beside it
        ((90, 95, 210, 225), (100, 100), set()),  # nothing but a border
    ],
)
def test_boards_that_merged_with_one_that_was_read_lie_beside_it_in_even_steps(extent, read, places, turns):
    one = found(*read, 100)
    one = replace(one, sighting=replace(one.sighting, board=replace(one.board, cells=np.rot90(one.board.cells, turns))))
    beside = places_beside(area(*extent), one)
    spots = [tuple(place.quad[0]) for place in beside]
    assert len(spots) == len(places)
    for x, y in places:
        assert min(np.hypot(x - a, y - b) for a, b in spots) < 6
    assert all(np.allclose(np.ptp(place.quad, axis=0), 100) for place in beside)


def test_the_places_beside_a_tiny_board_are_the_nearest_few():
    beside = places_beside(area(0, 0, 800, 1000), found(400, 500, 60))
    assert len(beside) == MAX_BESIDE
    assert max(np.abs(place.quad.mean(axis=0) - (430, 530)).max() for place in beside) < 3 * 60


@pytest.mark.parametrize(("search", "followed"), [(WHOLE, True), (LINES, False)])
def test_places_beside_a_board_are_looked_at_where_the_network_marks_more_than_it(search, followed, monkeypatch):
    page, looked, one = PhotoReader(Reader(), PHOTO), [], found(100, 100, 100)
    monkeypatch.setattr(page, "search", lambda proposed: [area(100, 100, 330, 200)] if proposed is search else [])
    monkeypatch.setattr(page, "read_area", lambda place, **_: looked.append(place) or (one if len(looked) == 1 else None))
    page.boards()
    assert len(looked) == 1 + followed


def test_two_boards_that_were_read_as_a_doubtful_one_are_looked_for_again():
    left, right, both = found(100, 100, 200), found(310, 100, 200), found(110, 0, 390, status="doubtful")
    assert is_covered(area(100, 100, 300, 300), [found(110, 0, 390)], [])
    assert not is_covered(area(100, 100, 300, 300), [both], [])
    assert is_covered(area(110, 0, 500, 390), [both], [])
    assert without_duplicates([both, left, right]) == [left, right]


def test_a_grid_that_is_no_futoshiki_leaves_no_room_for_one():
    other = area(100, 50, 500, 290)
    assert not is_explained(other, [found(100, 300, 400)], [], PHOTO)
    assert is_explained(other, [found(100, 300, 400)], [other.quad], PHOTO)
    assert not is_explained(other, [found(100, 300, 400)], [area(100, 50, 300, 290).quad], PHOTO)


def test_printed_lines_are_searched_for_whatever_is_unexplained_and_a_higher_resolution_only_for_cells():
    shown, faint = area(100, 50, 500, 290), replace(area(100, 50, 500, 290), score=0.1)
    assert all(asks_for(LINES, one, is_blank=blank) for one in (shown, faint) for blank in (False, True))
    assert asks_for(SMALL, shown, is_blank=False)
    assert not asks_for(SMALL, faint, is_blank=False) and not asks_for(SMALL, shown, is_blank=True)
    assert not asks_for(LARGE, shown, is_blank=False) and not asks_for(TINY, shown, is_blank=False)


def test_a_tiny_board_on_the_scan_of_a_whole_page_is_seen_by_the_last_search_alone():
    page = np.full((3200, 2400, 3), 235, np.uint8)
    board = cv2.resize(printed(case(2)[0]), None, fx=20 / 90, fy=20 / 90, interpolation=cv2.INTER_AREA)
    page[1100 : 1100 + len(board), 900 : 900 + len(board)] = board
    place = area(905, 1105, 895 + len(board), 1095 + len(board)).quad
    seen = {
        search: any(quad_iou(found.quad, place) > 0.7 for found in search(Photo(page, "page"), Networks().grid))
        for search in SEARCHES
    }
    assert [search for search, is_seen in seen.items() if is_seen] == [TINY]


@pytest.mark.parametrize(("side", "runs"), [(LARGE_PHOTO, 0), (LARGE_PHOTO + 1, 1)])
def test_a_photo_in_which_nothing_readable_is_tiny_is_spared_the_last_search(side, runs):
    seen = []

    def network(batch):
        seen.append(batch.shape)
        return np.zeros((1, 3, *batch.shape[1:3]), np.float32)

    assert not TINY(Photo(np.zeros((side, side // 2, 3), np.uint8), "page"), network)
    assert len(seen) == runs


def test_parts_of_boards_are_reported_beside_whole_ones_only_if_their_answer_is_sure():
    whole, first, second = found(100, 300, 400), found(550, 300, 200, status="doubtful"), found(0, 750, 200, status="doubtful")
    first, second = parts = [replace(part, result=replace(part.result, cut=True)) for part in (first, second)]
    assert without_duplicates([*parts, whole]) == [whole]
    sure = replace(second, is_sure=True)
    assert without_duplicates([first, sure, whole]) == [whole, sure]
    assert without_duplicates(parts) == parts
    contradictory = found(100, 300, 400, status="contradictory")
    assert without_duplicates([*parts, contradictory]) == [*parts, contradictory]


def test_a_board_that_is_cut_off_does_not_end_the_search():
    whole = found(100, 300, 400)
    assert ends_search(whole, PHOTO)
    assert not ends_search(replace(whole, result=replace(whole.result, cut=True)), PHOTO)


def test_the_reason_why_nothing_was_read_tells_what_to_do():
    assert "no Futoshiki was found" in why_none([])
    assert "no < > signs were found" in why_none([], 2)
    assert "too little of it can be read" in why_none([], 2, is_illegible=True)
