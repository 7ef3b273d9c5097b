"""Scores of boards on web pages, in styles that are defined here in CSS and occur in no training picture.

usage: python benchmarks/screens.py [--seed 1] [--each 2] [--keep FOLDER]
The pages are drawn by Chromium (for example Debian's `chromium`), which replaces fonts that are not installed.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from futoshiki.cli.evaluate import TABLE_WIDTH, summary
from futoshiki.evaluation.answers import evaluate_folder
from futoshiki.puzzle import Less, Puzzle
from futoshiki.solving import solve
from futoshiki.solving.generate import generate

LEVELS = ("easy", "tricky")
"""Difficulties of the puzzles."""
SIZES = (4, 9)
"""Least and largest size of the puzzles."""
CLUES = (0.1, 0.4)
"""Least and largest share of all digits and signs that are shown."""
SCALES = (1.0, 1.5, 2.0)
"""Device pixels per CSS pixel."""
ROOM = 260
"""Width and height that a page has besides its board, in CSS pixels."""
PLAIN, CARET, HEAVY, GUILLEMET, TRIANGLE, CURVED = "<>∧∨", "<>^v", "❮❯︿﹀", "‹›⌃⌄", "◀▶▲▼", "≺≻⋏⋎"
"""Characters for signs: less, greater, and the same two for a column."""
CANDIDATES = "<small style='font:9px Arial;color:#678'>1&nbsp; 3<br>&nbsp;2&nbsp;</small>"
"""Content of a blank cell with small candidates."""


@dataclass(frozen=True)
class Style:
    """A style in CSS: of the boxes, the signs, the boxes with a given, the frame and the page.

    `cell` and `gap` are in CSS pixels. `signs` are the four characters for signs, `blank` is the content of blank boxes,
    `above` and `below` is HTML around the board, and `aspect` is the ratio of a box's width to its height.
    """

    box: str
    sign: str
    cell: int = 46
    gap: int = 26
    signs: str = PLAIN
    given: str = ""
    frame: str = ""
    page: str = ""
    blank: str = ""
    above: str = ""
    below: str = ""
    aspect: float = 1.0


STYLES = {
    "plain": Style("border:1px solid #000;font:22px Verdana", "font:20px Verdana", 40, 24, above="<h2>Futoshiki</h2>"),
    "pastel": Style(
        "border-radius:10px;background:#fde8c8;font:bold 26px DejaVu Sans;color:#733", "font-size:20px;color:#a55", 52, 30, HEAVY,
        page="background:#fffaf2", above="<h1>Daily puzzle</h1><p>Each row and column holds all numbers once.</p>",
    ),
    "touching": Style("border:1px solid #333;font:24px Georgia,serif", "font:bold 22px Arial;color:#d00", 50, 0,
                      frame="outline:3px solid #000"),
    "dark": Style("background:#2b2f3a;font:600 24px Lato;border-radius:4px", "font:600 22px Lato;color:#4fd1c5",
                  page="background:#14161c;color:#fff"),
    "cards": Style("background:#fff;box-shadow:0 2px 6px #0006;border-radius:6px;font:28px Roboto",
                   "font:500 26px Roboto;color:#3949ab", 54, 34, page="background:#eceff1"),
    "form": Style(
        "border:2px inset #888;font:16px Arial", "font:16px monospace", 36, 30, CARET, above="<h3>Enter the puzzle</h3>",
        below="<p><button>Solve</button> <button>Clear</button><p>" + "".join(f"<button>{k}</button>" for k in range(1, 10)),
    ),
    "triangles": Style("border:2px solid #555;background:#f7f7f7;font:24px Arial", "font-size:13px;color:#c40", 46, 22, TRIANGLE),
    "circles": Style("border:2px solid #06c;border-radius:50%;background:#fff;font:24px Arial;color:#06c",
                     "font:bold 22px Arial;color:#333", 48, 30, page="background:#eef6ff"),
    "pale": Style("border:1px solid #ccc;font:20px Arial;color:#888", "font:300 20px Arial;color:#999", 44),
    "tiny": Style("border:1px solid #000;font:14px Arial", "font:12px Arial", 24, 14),
    "candidates": Style("border:1px solid #444;font:30px Arial", "font:22px Arial", 60, blank=CANDIDATES),
    "narrow": Style("border:2px solid #000;font:bold 26px Liberation Sans Narrow,Arial", "font:bold 18px Arial", 50, 12),
    "badges": Style("background:#dfe7f1;font:28px Lato",
                    "font:bold 15px Arial;background:#fff;border-radius:50%;padding:1px 4px;border:1px solid #345", 56, 2,
                    frame="background:#345;outline:2px solid #345"),
    "gradient": Style("background:#fffc;border:1px solid #a60;font:italic 24px Georgia", "font:bold 22px Georgia;color:#03a",
                      46, 24, page="background:linear-gradient(120deg,#fceabb,#f8b500)"),
    "dashed": Style("border:1px dashed #333;font:24px Comic Neue,cursive", "font-size:24px", 48, 28, CURVED),
    "grey givens": Style("border:1px solid #666;font:24px Arial", "font:26px Arial", signs=GUILLEMET,
                         given="background:#ddd;font-weight:bold", above="<p>Time 03:12 &nbsp; Level 2</p>"),
    "wide": Style("border:1px solid #000;background:#ffe;font:20px Arial", "font:bold 16px Arial", 36, 20, aspect=1.4),
    "tiles": Style("background:#777;font:bold 28px DejaVu Sans", "font:bold 18px DejaVu Sans;color:#ff0", 50, 20,
                   page="background:#333;color:#fff"),
    "airy": Style("border:1px solid #222;font:300 30px Roboto", "font:100 34px Roboto", 60, 46),
    "fat": Style("border:5px solid #222;border-radius:8px;font:900 30px Lato", "font:900 34px Lato", 56, 36),
    "fields": Style("background:#eee;font:22px Times New Roman", "font:20px Times New Roman", 40, 24, blank="·"),
    "no boxes": Style("font:22px Times New Roman", "font:20px Times New Roman", 40, 20, blank="_"),
}  # fmt: skip


def page(puzzle: Puzzle, style: Style) -> str:
    """The puzzle as a web page, with a CSS grid of boxes and gaps."""
    middle = "display:flex;align-items:center;justify-content:center"
    css = (
        f"body{{margin:30px;font-family:Arial;{style.page}}} .board{{display:grid;width:max-content;{style.frame};"
        f"grid-auto-rows:{style.cell}px;"
        f"{_tracks('columns', puzzle.size, round(style.cell * style.aspect), style.gap)}"
        f"{_tracks('rows', puzzle.size, style.cell, style.gap)}}}"
        f".box{{{middle};box-sizing:border-box;{style.box}}} .given{{{style.given}}}"
        f".gap{{{middle};min-width:0;min-height:0}} .gap span{{z-index:1;line-height:1;{style.sign}}}"
    )
    less = set(puzzle.less)
    parts = []
    for y in range(2 * puzzle.size - 1):
        for x in range(2 * puzzle.size - 1):
            if y % 2 == x % 2 == 0:
                digit = puzzle.givens[y // 2][x // 2]
                parts.append(f"<div class='box{' given' if digit else ''}'>{digit or style.blank}</div>")
            else:
                sign = "" if y % 2 and x % 2 else html.escape(_sign(less, y, x, style.signs))
                parts.append(f"<div class=gap><span>{sign}</span></div>" if sign else "<div></div>")
    return f"<meta charset=utf-8><style>{css}</style>{style.above}<div class=board>{''.join(parts)}</div>{style.below}"


def _tracks(axis: str, size: int, cell: int, gap: int) -> str:
    return f"grid-template-{axis}:{f'{cell}px {gap}px ' * (size - 1)}{cell}px;"


def _sign(less: set[Less], y: int, x: int, signs: str) -> str:
    """The sign in a gap of the page's grid, or nothing."""
    first = (y // 2, x // 2)
    second = ((y + 1) // 2, (x + 1) // 2)
    pair = signs[:2] if y % 2 == 0 else signs[2:]
    return pair[0] if (*first, *second) in less else pair[1] if (*second, *first) in less else ""


def draw(folder: Path, name: str, puzzle: Puzzle, style: Style, scale: float) -> None:
    """Write the picture NAME.png and its truth file NAME.json."""
    source = folder / f"{name}.html"
    source.write_text(page(puzzle, style))
    side = round(puzzle.size * (style.cell * style.aspect + style.gap)) + ROOM
    subprocess.run(
        [_chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--force-device-scale-factor={scale}",
         f"--window-size={side},{side}", f"--screenshot={folder / name}.png", str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    source.unlink()
    truth = {
        "size": puzzle.size, "givens": puzzle.given_cells, "less": puzzle.less,
        "solution": solve(puzzle).solutions[0], "kind": name.split(",")[0],
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(truth))


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or sys.exit("Chromium is not installed; on Debian: apt install chromium")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for the pictures and their truth files")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name, style in STYLES.items():
            for k in range(arguments.each):
                size, level = rng.randint(*SIZES), rng.choice(LEVELS)
                puzzle = generate(size, level, rng.getrandbits(31), clues=rng.uniform(*CLUES))
                draw(folder, f"{name}, {k}", puzzle, style, rng.choice(SCALES))
        scores = list(evaluate_folder(folder))
    console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(summary(scores))
    for one in scores:
        if one.missed:
            console.print(f"  {one.name}: {one.status}{', wrong but reported as solved' if one.silent_error else ''}")


if __name__ == "__main__":
    main()
