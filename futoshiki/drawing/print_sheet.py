"""Puzzles to print, several per page and with their solutions at the end: sheets as PDF, SVG or PNG, and booklets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from futoshiki.drawing.booklet import booklet_figures, title_page
from futoshiki.drawing.page_content import LINE, Page, PlacedBoard, Text, text_height, text_lines
from futoshiki.drawing.page_layout import MARGIN, PER_PAGE, Layout, best_layout
from futoshiki.drawing.printed_board import GREY, Figure, board_pitch, digit_size
from futoshiki.drawing.printed_pages import PAPERS, POINTS, check_format, save_pages
from futoshiki.errors import PuzzleError
from futoshiki.notation import format_game_id
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving import solve

ABOUT_IDS = "The text below a solution is the puzzle's game ID, which futoshiki and Simon Tatham's Unequal understand."
LEAST_DIGIT = 6.0
"""Least size of a digit in a solution; as many solutions stand on a page as this allows."""


@dataclass(frozen=True)
class PageStyle:
    """Sizes of the texts of a page in points."""

    heading: float = 14
    about: float = 10
    intro: float = 9
    least_caption: float = 7.5
    most_caption: float = 11
    caption: float = 0.03  # Between these two, as a share of the board's side
    number: float = 1.3  # The puzzle's number, in sizes of its caption
    caption_gap: float = 0.7  # White between a caption and its board, in sizes of the caption
    small: float = 7  # Game IDs and the last line
    note_gap: float = 2  # White between a board and the text below it
    head_gap: float = 8  # White below the heading and the introduction
    gap: float = 1.7  # Least white between two boards, in distances of cell centres; with less they seem to be one board


PAGE = PageStyle()


@dataclass(frozen=True)
class Section:
    """Puzzles under one heading. `captions`, `filled` and `notes` go with the puzzles: above, in and below their boards."""

    heading: str
    about: str
    intro: str  # Below the heading
    puzzles: Sequence[Puzzle]
    captions: Sequence[str]
    filled: Sequence[Grid | None]
    notes: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """Puzzles to print, and how.

    Raises:
        PuzzleError: there is no puzzle, or a value is not one of those that are known.
    """

    puzzles: Sequence[Puzzle]
    captions: Sequence[str] = ()  # What stands above each puzzle, beside its number
    about: str = ""  # What all puzzles have in common; stands beside the heading
    footer: str = ""  # The last line of each page
    per_page: int = 4  # Room for so many puzzles on a page; fewer puzzles are printed larger
    solutions: bool = True  # Whether pages with the solutions and the game IDs follow
    paper: str = "a4"
    booklet: bool = False  # Whether the pages are those of a booklet: half a sheet of paper each, and a title page

    def __post_init__(self) -> None:
        if self.per_page not in PER_PAGE or self.paper not in PAPERS or not self.puzzles:
            known = f"{', '.join(map(str, PER_PAGE))} per page, and paper {' or '.join(PAPERS)}"
            raise PuzzleError(f"expected puzzles, {known}")

    def write(self, path: Path) -> list[Path]:
        """Write the pages to a .pdf, .svg or .png file. Returns the files written.

        A PDF holds all pages. Several pages as SVG or PNG become several files: NAME-1.svg, NAME-2.svg, and so on. A booklet
        is a PDF with two pages on each side of its sheets, to be printed on both sides and folded.

        Raises:
            PuzzleError: a puzzle has no solution to print, or the format is not known.
            OutputError: a file cannot be written.
        """
        check_target(path, self.booklet)
        pages = self.pages()
        return save_pages(path, booklet_figures(pages) if self.booklet else [_figure(page) for page in pages], "Futoshiki")

    def pages(self) -> list[Page]:
        """The pages in reading order. A page stands upright or on its side, whichever leaves room for larger boards.

        Raises:
            PuzzleError: a puzzle has no solution to print.
        """
        width, height = (POINTS * inches for inches in PAPERS[self.paper])
        papers = [(height / 2, width)] if self.booklet else [(width, height), (height, width)]
        puzzles, rules, none = self.puzzles, _rules(self.puzzles), [""] * len(self.puzzles)
        captions, blank = [*self.captions, *none[len(self.captions) :]], [None] * len(puzzles)
        pages = [title_page(*papers[0], len(puzzles), self.about, rules)] if self.booklet else []
        play = Section("Futoshiki", self.about, "" if self.booklet else rules, puzzles, captions, blank, none)
        pages += _pages(play, _layout(play, papers, self.per_page))
        if self.solutions:
            filled, ids = [_solution(puzzle) for puzzle in puzzles], [format_game_id(puzzle) for puzzle in puzzles]
            end = Section("Solutions", self.about, ABOUT_IDS, puzzles, none, filled, ids)
            pages += _pages(end, _solution_layout(end, papers))
        return [_with_footer(page, k + 1, self.footer) for k, page in enumerate(pages)]


def check_target(path: Path, booklet: bool) -> None:
    """Refuse a name whose ending is not that of a format.

    Raises:
        PuzzleError: sheets cannot be written in this format, or a booklet cannot.
    """
    check_format(path)
    if booklet and path.suffix.lower() != ".pdf":
        raise PuzzleError(f"{path}: a booklet is a PDF; choose a name that ends in .pdf")


def _rules(puzzles: Sequence[Puzzle]) -> str:
    sizes = {puzzle.size for puzzle in puzzles}
    numbers = f"the numbers 1 to {sizes.pop()}" if len(sizes) == 1 else "the numbers from 1 to the number of its cells"
    return (
        f"Write a number into every empty cell so that each row and each column holds {numbers}, once each.\n"
        "A sign between two cells points to the smaller number."
    )


def _solution(puzzle: Puzzle) -> Grid:
    solution = solve(puzzle, limit=1).solution
    if solution is None:
        raise PuzzleError("a puzzle without a solution cannot be printed with its solution")
    return solution


def _layout(section: Section, papers: Sequence[tuple[float, float]], per_page: int) -> Layout:
    """The layout for the section's puzzles, at most `per_page` on a page."""
    count = next(count for count in PER_PAGE if count >= min(per_page, len(section.puzzles)))
    longest = max(section.notes, key=len)

    def head(width: float) -> float:
        return PAGE.heading * LINE + text_height(section.intro, PAGE.intro, width) + PAGE.head_gap

    def below(width: float) -> float:
        return PAGE.note_gap + text_height(longest, PAGE.small, width)

    size = max(puzzle.size for puzzle in section.puzzles)
    return best_layout(papers, count, PAGE.gap * board_pitch(1, size), head, below)


def _solution_layout(section: Section, papers: Sequence[tuple[float, float]]) -> Layout:
    """The layout with the most solutions on a page whose digits can be read."""
    size = max(puzzle.size for puzzle in section.puzzles)
    layouts = [_layout(section, papers, count) for count in reversed(PER_PAGE)]
    return next((fit for fit in layouts if digit_size(board_pitch(fit.side, size), size) >= LEAST_DIGIT), layouts[-1])


def _pages(section: Section, layout: Layout) -> Iterator[Page]:
    per_page = layout.columns * layout.rows
    size = min(max(layout.side * PAGE.caption, PAGE.least_caption), PAGE.most_caption)
    for first in range(0, len(section.puzzles), per_page):
        texts, boards = _heading(section, layout.width - 2 * MARGIN), []
        for k in range(first, min(first + per_page, len(section.puzzles))):
            x, y = layout.corner(k - first)
            baseline = y - size * PAGE.caption_gap
            texts.append(Text(x, baseline, str(k + 1), size * PAGE.number, weight="bold"))
            texts.append(Text(x + layout.side, baseline, section.captions[k], size, align="right"))
            texts += text_lines(x, y + layout.side + PAGE.note_gap, section.notes[k], PAGE.small, layout.side, GREY)
            boards.append(PlacedBoard(x, y, layout.side, section.puzzles[k], section.filled[k]))
        yield Page(layout.width, layout.height, tuple(texts), tuple(boards))


def _heading(section: Section, width: float) -> list[Text]:
    y = MARGIN + PAGE.heading * 0.8
    return [
        Text(MARGIN, y, section.heading, PAGE.heading, weight="bold"),
        Text(MARGIN + width, y, section.about, PAGE.about, align="right"),
        *text_lines(MARGIN, MARGIN + PAGE.heading * LINE, section.intro, PAGE.intro, width),
    ]


def _with_footer(page: Page, number: int, footer: str) -> Page:
    y = page.height - MARGIN
    left = Text(MARGIN, y, footer, PAGE.small, color=GREY)
    right = Text(page.width - MARGIN, y, str(number), PAGE.small, align="right", color=GREY)
    return replace(page, texts=(*page.texts, left, right))


def _figure(page: Page) -> Figure:
    figure = Figure(figsize=(page.width / POINTS, page.height / POINTS))
    page.draw(figure)
    return figure
