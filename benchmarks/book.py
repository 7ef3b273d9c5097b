"""Makes a puzzle book as a PDF, reads it page by page, and compares every board with the puzzle that was printed there.

usage: python benchmarks/book.py [--pages 200] [--per-page 4] [--sizes 4 7] [--dpi 200] [--workers 2] [--keep book.pdf]
It says how many boards were found, read right and solved right, and the seconds that a page takes. `--dpi` draws the pages with
another resolution than usual. `--workers` reads them as `futoshiki batch` does, in so many processes, instead of a loop in this
one; the seconds contain the time in which the processes start.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki import pdf
from futoshiki.batch.clusters import local_workers
from futoshiki.batch.items import part_size
from futoshiki.batch.reading import PictureReading
from futoshiki.batch.rows import from_parquet
from futoshiki.batch.run import run
from futoshiki.batch.sources import items
from futoshiki.batch.storage import Folder
from futoshiki.documents import page_count, pages
from futoshiki.drawing.page_layout import PER_PAGE
from futoshiki.drawing.print_sheet import Sheet
from futoshiki.notation import format_game_id
from futoshiki.reading.reader import Reader
from futoshiki.solving import solve
from futoshiki.solving.generate import LARGEST, SMALLEST, generate

Boards = Iterator[tuple[int, dict[str, Any]]]
"""Boards as in JSON, which the columns of a parquet file are named after, each with the number of its page."""


def boards_in_loop(book: Path) -> Boards:
    """The boards of a book, read in this process."""
    reader = Reader()
    for number, photo in enumerate(pages(book), 1):
        for board in reader.read(photo).boards:
            yield number, board.to_dict()


def boards_in_batch(book: Path, results: Path, workers: int, dpi: int) -> Boards:
    """The boards of a book, read by `futoshiki batch`, which writes its parts into a folder."""
    folder = Folder(str(results))
    with local_workers(workers) as client:
        client.run(draw_at, dpi)
        run(items([str(book)]), PictureReading.here(), folder, client, size=part_size(page_count(book), 64))
    for name in folder.names():
        for row in from_parquet(folder.read(name)):
            if row["board"] is not None:
                yield row["page"], row


def draw_at(dpi: int) -> None:
    """Draw the pages of PDF files at this resolution in this process."""
    if dpi != pdf.VECTOR_DPI:
        pdf.VECTOR_DPI, pdf.LEAST_SIDE = dpi, 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--per-page", type=int, default=4, choices=PER_PAGE)
    parser.add_argument("--sizes", type=int, nargs=2, default=(4, 7), choices=range(SMALLEST, LARGEST + 1))
    parser.add_argument("--dpi", type=int, default=pdf.VECTOR_DPI)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--keep", type=Path, help="where the book is written to, instead of a temporary folder")
    asked = parser.parse_args()
    first, last = asked.sizes
    count = asked.pages * asked.per_page
    puzzles = [generate(first + k % (last - first + 1), "easy", asked.seed + k) for k in range(count)]
    printed = {(k // asked.per_page + 1, format_game_id(puzzle)): puzzle for k, puzzle in enumerate(puzzles)}
    with tempfile.TemporaryDirectory() as folder:
        book = asked.keep or Path(folder) / "book.pdf"
        Sheet(puzzles, captions=["easy"] * count, per_page=asked.per_page, solutions=False).write(book)
        draw_at(asked.dpi)
        began, began_working = time.perf_counter(), sum(os.times()[:4])
        if asked.workers:
            boards = list(boards_in_batch(book, Path(folder) / "results.parquet", asked.workers, asked.dpi))
        else:
            boards = list(boards_in_loop(book))
        took, worked = time.perf_counter() - began, sum(os.times()[:4]) - began_working
    right, solved, wrong = 0, 0, 0
    for page, board in boards:
        puzzle = printed.pop((page, board["game_id"]), None)
        if puzzle is None:
            print(f"page {page}: {board['game_id']} was not printed there, or is found twice")
        is_answer = puzzle is not None and np.array_equal(board["solution"], solve(puzzle).solution)
        right += puzzle is not None
        solved += board["status"] == "solved" and is_answer
        wrong += board["status"] == "solved" and not is_answer
    for page, game_id in printed:
        print(f"page {page}: {game_id} was not found")
    print(f"{count} boards: {len(boards)} found, {right} read right, {solved} solved right, {wrong} wrong but reported as solved")
    print(f"{took / asked.pages:.2f} s a page, {worked / asked.pages:.2f} s of processor time")


if __name__ == "__main__":
    main()
