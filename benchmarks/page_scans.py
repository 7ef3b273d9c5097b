"""How many boards are solved when they are small and on the scan of a whole page.

usage: python benchmarks/page_scans.py [PICTURE ...] [--sides 200 300 420]
Pictures of one board, by default the samples, are cropped to their board and pasted into a page of text of 2400 x 3200 pixels,
with the board as many pixels wide as `--sides` says. Pictures that are not solved by themselves are left out.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.api import solve_image
from futoshiki.photo import load_photo
from futoshiki.puzzle import Grid

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
WIDTH, HEIGHT = 2400, 3200
MARGIN = 20
"""White pixels around the board on the page."""
AROUND = 8
"""Pixels around the board that are cropped with it."""
WORDS = ("the", "puzzle", "of", "day", "7", "news", "market", "council", "24", "people", "years", "water", "1987", "3", "percent")


def page_of_text(rng: random.Random) -> Image.Image:
    """A page of columns of words, with a grey picture here and there."""
    page = Image.new("L", (WIDTH, HEIGHT), rng.randint(225, 255))
    draw = ImageDraw.Draw(page)
    columns, size = rng.randint(3, 6), rng.randint(22, 32)
    font, width = ImageFont.load_default(size), WIDTH // columns
    for left in range(15, WIDTH - width + 16, width):
        top = 60
        while top < HEIGHT - 60:
            if rng.random() < 0.04:
                below = min(top + rng.randint(150, 500), HEIGHT - 60)
                draw.rectangle((left, top, left + width - 30, below), fill=rng.randint(90, 200))
                top = below + 20
            else:
                line = ""
                while draw.textlength(longer := f"{line} {rng.choice(WORDS)}", font) < width - 30:
                    line = longer
                draw.text((left, top), line, fill=30, font=font)
                top += round(1.25 * size)
    return page.convert("RGB")


def single_boards(pictures: list[Path]) -> Iterator[tuple[str, Image.Image, Grid]]:
    """Name, crop and solution of each picture's board; only of pictures that hold just one and are solved."""
    for picture in pictures:
        result = solve_image(picture)
        solution = result.boards[0].solution if len(result.boards) == 1 and result.status == "solved" else None
        if solution:
            corners = np.array(result.boards[0].corners)
            (left, top), (right, bottom) = np.maximum(corners.min(axis=0) - AROUND, 0), corners.max(axis=0) + AROUND
            pixels = load_photo(picture).pixels[int(top) : int(bottom), int(left) : int(right)]
            yield picture.name, Image.fromarray(pixels), solution


def scan(board: Image.Image, side: int, rng: random.Random) -> np.ndarray:
    """A page with the board on it, at most `side` pixels wide and high."""
    page, factor = page_of_text(rng), side / max(board.size)
    small = board.resize((round(board.width * factor), round(board.height * factor)), Image.Resampling.LANCZOS)
    left, top = rng.randint(40, WIDTH - small.width - 40), rng.randint(40, HEIGHT - small.height - 40)
    page.paste((255, 255, 255), (left - MARGIN, top - MARGIN, left + small.width + MARGIN, top + small.height + MARGIN))
    page.paste(small, (left, top))
    return np.array(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", nargs="*", type=Path)
    parser.add_argument("--sides", nargs="+", type=int, default=[200, 300, 420])
    arguments = parser.parse_args()
    boards = list(single_boards(arguments.pictures or sorted(SAMPLES.glob("*.jpg"))))
    for side in arguments.sides:
        solved, wrong, seconds = 0, [], []
        for number, (name, board, solution) in enumerate(boards):
            page = scan(board, side, random.Random(f"{number} {side}"))
            started = time.perf_counter()
            answers = solve_image(page).boards
            seconds.append(time.perf_counter() - started)
            solved += any(answer.status == "solved" and answer.solution == solution for answer in answers)
            wrong += [name for answer in answers if answer.status == "solved" and answer.solution != solution]
        print(
            f"{side} pixels, {side**2 / WIDTH / HEIGHT:.1%} of the page: {solved} of {len(boards)} solved, "
            f"{statistics.median(seconds):.2f} s; wrong but called solved: {', '.join(wrong) or 'none'}"
        )


if __name__ == "__main__":
    main()
