"""Booklets: a title page, and pages put two on a sheet in the order for folding."""

from __future__ import annotations

from collections.abc import Sequence

from futoshiki.drawing.page_content import LINE, Page, PlacedBoard, Text, text_lines
from futoshiki.drawing.page_layout import CAPTION, COLUMN_GAP, MARGIN
from futoshiki.drawing.printed_board import Figure
from futoshiki.drawing.printed_pages import POINTS
from futoshiki.notation import parse_game_id
from futoshiki.solving import solve

EXAMPLE = parse_game_id("4:0R,0,4,0,0D,0,0,0D,0,0,0,0L,0,1,0,0,")
"""The puzzle that the title page shows with its solution."""
TITLE_TOP, ABOUT_TOP, EXAMPLE_TOP = 0.18, 0.225, 0.36
"""Baselines of title and subtitle, and the upper edge of the example, as shares of the page's height."""
TITLE_SIZE, ABOUT_SIZE, RULES_SIZE, CAPTION_SIZE = 30.0, 12.0, 10.0, 9.0
"""Sizes of the texts of the title page."""


def title_page(width: float, height: float, count: int, about: str, rules: str) -> Page:
    """A page with the title, the number of puzzles and what they have in common, an example, and the rules."""
    side = (width - 2 * MARGIN - 2 * COLUMN_GAP) / 2
    left, right, middle, top = MARGIN, width - MARGIN - side, width / 2, height * EXAMPLE_TOP
    number = "1 puzzle" if count == 1 else f"{count} puzzles"
    texts = (
        Text(middle, height * TITLE_TOP, "Futoshiki", TITLE_SIZE, "center", "bold"),
        Text(middle, height * ABOUT_TOP, about, ABOUT_SIZE, "center"),
        Text(middle, height * ABOUT_TOP + ABOUT_SIZE * LINE, number, ABOUT_SIZE, "center"),
        Text(left, top - CAPTION / 2, "Example with the numbers 1 to 4", CAPTION_SIZE),
        Text(right, top - CAPTION / 2, "Its solution", CAPTION_SIZE),
        *text_lines(left, top + side + CAPTION, rules, RULES_SIZE, width - 2 * MARGIN),
    )
    boards = PlacedBoard(left, top, side, EXAMPLE), PlacedBoard(right, top, side, EXAMPLE, solve(EXAMPLE).solution)
    return Page(width, height, texts, boards)


def imposed(count: int) -> list[tuple[int, int]]:
    """The left and right page of each side of the sheets, where a booklet has `count` pages (a multiple of 4).

    Front and back of a sheet follow each other. Printed on both sides, turned over the short edge, laid on each other and
    folded in the middle, the pages are in order.
    """
    sides = []
    for front in range(0, count // 2, 2):
        sides += [(count - 1 - front, front), (front + 1, count - 2 - front)]
    return sides


def booklet_figures(pages: Sequence[Page]) -> list[Figure]:
    """The sides of the sheets of a booklet. Empty pages at the end make their number a multiple of 4."""
    width, height = pages[0].width, pages[0].height
    padded = [*pages, *[Page(width, height)] * (-len(pages) % 4)]
    figures = []
    for sheet in imposed(len(padded)):
        figure = Figure(figsize=(2 * width / POINTS, height / POINTS))
        left, right = figure.subfigures(1, 2, squeeze=False)[0]
        padded[sheet[0]].draw(left)
        padded[sheet[1]].draw(right)
        figures.append(figure)
    return figures
