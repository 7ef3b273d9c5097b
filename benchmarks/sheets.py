"""Whether printed sheets are read back: pages with puzzles of every size, for every number per page.

usage: python benchmarks/sheets.py [--sizes 4-9] [--paper a4 --paper letter]
A line says how many of the puzzles on a page were read exactly, how many of these are `solved`, how many other boards were
reported, and how wide a board is printed. Pages are read as PNG files of 200 dots per inch.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from futoshiki import solve_image
from futoshiki.drawing.page_layout import PER_PAGE
from futoshiki.drawing.print_sheet import Sheet
from futoshiki.drawing.printed_pages import PAPERS, POINTS
from futoshiki.solving.generate import random_puzzle

MILLIMETRES = 25.4
"""Millimetres per inch."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="4-9")
    parser.add_argument("--paper", action="append", choices=PAPERS)
    arguments = parser.parse_args()
    least, most = map(int, arguments.sizes.split("-"))
    read = solved = printed = others = 0
    for paper in arguments.paper or PAPERS:
        for size in range(least, most + 1):
            for per_page in PER_PAGE:
                right, sure, more, side = _read_back(size, per_page, paper)
                page = f"{paper}, {size} x {size}, {per_page} per page, {side:.0f} mm"
                print(f"{page}: {right} read, {sure} solved, {more} others", flush=True)
                read, solved, printed, others = read + right, solved + sure, printed + per_page, others + more
    print(f"{read} of {printed} puzzles read exactly, {solved} solved, {others} other boards")


def _read_back(size: int, per_page: int, paper: str) -> tuple[int, int, int, float]:
    """Puzzles of a page that are read exactly, those of them that are solved, other boards, and a board's side in mm."""
    puzzles = [random_puzzle(size, random.Random(1000 * size + k))[0] for k in range(per_page)]
    sheet = Sheet(
        puzzles,
        captions=[f"{134 + k} points, seed {123456 + k}" for k in range(per_page)],
        about=f"{size} × {size}, tricky",
        footer=f"futoshiki generate -s {size} -d tricky -n {per_page} --seed 123456",
        per_page=per_page,
        solutions=False,
        paper=paper,
    )
    with TemporaryDirectory() as folder:
        (path,) = sheet.write(Path(folder) / "page.png")
        boards = solve_image(path).boards
    right = [board for board in boards if board.puzzle in puzzles]
    solved = sum(board.status == "solved" for board in right)
    return len(right), solved, len(boards) - len(right), sheet.pages()[0].boards[0].side / POINTS * MILLIMETRES


if __name__ == "__main__":
    main()
