"""Makes a puzzle book as a PDF, reads it page by page, and compares every board with the puzzle that was printed there.

usage: python benchmarks/book.py [--pages 200] [--per-page 4] [--sizes 4 7] [--dpi 200] [--keep book.pdf]
It says how many boards were found, read right and solved right, and the seconds that a page takes. `--dpi` draws the pages with
another resolution than usual.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from futoshiki import pdf
from futoshiki.documents import pages
from futoshiki.drawing.page_layout import PER_PAGE
from futoshiki.drawing.print_sheet import Sheet
from futoshiki.notation import format_game_id
from futoshiki.reading.reader import Reader
from futoshiki.solving import solve
from futoshiki.solving.generate import LARGEST, SMALLEST, generate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--per-page", type=int, default=4, choices=PER_PAGE)
    parser.add_argument("--sizes", type=int, nargs=2, default=(4, 7), choices=range(SMALLEST, LARGEST + 1))
    parser.add_argument("--dpi", type=int, default=pdf.VECTOR_DPI)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where the book is written to, instead of a temporary folder")
    asked = parser.parse_args()
    first, last = asked.sizes
    count = asked.pages * asked.per_page
    puzzles = [generate(first + k % (last - first + 1), "easy", asked.seed + k) for k in range(count)]
    if asked.dpi != pdf.VECTOR_DPI:
        pdf.VECTOR_DPI, pdf.LEAST_SIDE = asked.dpi, 0
    with tempfile.TemporaryDirectory() as folder:
        book = asked.keep or Path(folder) / "book.pdf"
        Sheet(puzzles, captions=["easy"] * count, per_page=asked.per_page, solutions=False).write(book)
        reader, found, right, solved, wrong = Reader(), 0, 0, 0, 0
        began, began_working = time.perf_counter(), time.process_time()
        for number, photo in enumerate(pages(book)):
            printed = {format_game_id(puzzle) for puzzle in puzzles[number * asked.per_page :][: asked.per_page]}
            for board in reader.read(photo).boards:
                is_right = format_game_id(board.puzzle) in printed
                is_solved = is_right and board.status == "solved" and board.solution == solve(board.puzzle).solution
                found, right, solved = found + 1, right + is_right, solved + is_solved
                wrong += board.status == "solved" and not is_solved
                if not is_right:
                    print(f"page {number + 1}: {format_game_id(board.puzzle)} was not printed there")
    took, worked = time.perf_counter() - began, time.process_time() - began_working
    print(f"{count} boards: {found} found, {right} read right, {solved} solved right, {wrong} wrong but reported as solved")
    print(f"{took / asked.pages:.2f} s a page, {worked / asked.pages:.2f} s of processor time")


if __name__ == "__main__":
    main()
