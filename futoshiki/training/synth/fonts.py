"""Fonts for synthetic pages: those of the system and of pip packages, sorted into print and handwriting.

Nothing is downloaded. A font is kept if it draws nine different digits that look like digits. Each digit is compared with
the median drawing over all fonts, which rules out symbol and fantasy fonts.
"""

from __future__ import annotations

import importlib.util
import os
import random
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageFont

from futoshiki.errors import MissingPartError
from futoshiki.networks.clues import MAX_DIGIT

SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
NOT_TEXT = (
    *("symbol", "dingbat", "emoji", "icon", "braille", "mathjax", "cmex", "cmsy", "cmmi", "cmb10", "cmr10", "cmss10"),
    *("d050000l", "standardsymbols", "-math", "math-", "asana", "stixsiz", "stixnonuni", "stixint", "marvosym"),
)
"""Parts of the file names of fonts that are not for text."""
HANDWRITTEN = (
    *("humor", "breip", "ecolier", "dkg", "femke", "dancing", "kristi", "hand", "steve", "delphine"),
    *("script", "andrew", "jean", "sjfont", "comicrelief"),
)
"""Parts of the file names of fonts that imitate handwriting."""
MIN_FONTS = 3
"""Minimum number of fonts for print; with fewer, the pages would hardly vary."""
FAMILY_PREFIX = 6
"""Fonts whose file names share so many first letters count as one family."""
DIGITS = "".join(str(digit) for digit in range(1, MAX_DIGIT + 1))
"""Digits that a font must have."""
SIGNS = "<>^v"
"""Signs that a font must have."""
PROBE_SIZE = 40
"""Size in pixels (of the em square) at which a font is tested."""
PROBE_BOX = (16, 24)
"""Width and height in pixels to which digits are stretched before they are compared."""
MIN_GLYPH = (3, 10)
"""Minimum width and height in pixels of a digit at the tested size; smaller glyphs are dots or blanks."""
MAX_ALIKE = 0.97
"""Two digits of a font that correlate at least this much count as the same glyph."""
MIN_LIKENESS = 0.6
"""Minimum mean correlation of a font's digits with the median ones: text faces score 0.65 to 0.95."""


@lru_cache(maxsize=512)
def load_font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels (of the em square), cached."""
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def print_fonts() -> tuple[str, ...]:
    """Paths of all fonts for print.

    Raises:
        MissingPartError: fewer than `MIN_FONTS` were found.
    """
    found = tuple(path for path in _usable_fonts() if not _is_handwritten(path))
    if len(found) < MIN_FONTS:
        raise MissingPartError(
            "synthetic pages need fonts: install some, such as `apt install fonts-liberation fonts-dejavu`, "
            "or `pip install matplotlib`, which carries DejaVu"
        )
    return found


@lru_cache(maxsize=1)
def hand_fonts() -> tuple[str, ...]:
    """Paths of the fonts that imitate handwriting; may be empty."""
    return tuple(path for path in _usable_fonts() if _is_handwritten(path))


def random_font(rng: random.Random) -> str:
    """A font for print. Every family is equally likely, however many weights it has."""
    return rng.choice(rng.choice(_families()))


@lru_cache(maxsize=1)
def _families() -> tuple[tuple[str, ...], ...]:
    families: dict[str, list[str]] = {}
    for path in print_fonts():
        families.setdefault(Path(path).name[:FAMILY_PREFIX].lower(), []).append(path)
    return tuple(tuple(paths) for paths in families.values())


def _is_handwritten(path: str) -> bool:
    return any(part in Path(path).name.lower() for part in HANDWRITTEN)


def _candidates() -> list[str]:
    """Paths of all fonts that may be for text, by file name."""
    folders = [Path(folder).expanduser() for folder in SYSTEM_FOLDERS]
    spec = importlib.util.find_spec("matplotlib")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")
    found: dict[str, str] = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                if name.lower().endswith((".ttf", ".otf")) and not any(part in name.lower() for part in NOT_TEXT):
                    found.setdefault(name, os.path.join(root, name))
    return [found[name] for name in sorted(found)]


@lru_cache(maxsize=1)
def _usable_fonts() -> tuple[str, ...]:
    drawn = {path: digits for path in _candidates() if (digits := _draw_digits(path)) is not None}
    if not drawn:
        return ()
    median = np.median(np.stack(list(drawn.values())), axis=0)
    return tuple(path for path, digits in drawn.items() if _likeness(digits, median) >= MIN_LIKENESS)


def _likeness(digits: np.ndarray, median: np.ndarray) -> float:
    return float(np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(digits, median, strict=True)]))


def _draw_digits(path: str) -> np.ndarray | None:
    """The digits as a stack of `PROBE_BOX` pictures (float32); None if a digit or sign is missing, or two are alike."""
    try:
        font = load_font(path, PROBE_SIZE)
        missing = bytes(font.getmask("\uffff", mode="L"))
        if any(bytes(font.getmask(sign, mode="L")) == missing for sign in SIGNS):
            return None
        boxes = []
        for digit in DIGITS:
            mask = font.getmask(digit, mode="L")
            if mask.size[0] < MIN_GLYPH[0] or mask.size[1] < MIN_GLYPH[1]:
                return None
            image = Image.frombytes("L", mask.size, bytes(mask))
            boxes.append(np.asarray(image.resize(PROBE_BOX, Image.Resampling.BILINEAR), np.float32))
    except (OSError, ValueError):
        return None
    digits = np.stack(boxes)
    flat = digits.reshape(len(digits), -1)
    if flat.std(axis=1).min() < 1e-3:  # a glyph of one colour has no correlation
        return None
    alike = np.corrcoef(flat) - 2 * np.eye(len(digits))
    return digits if alike.max() < MAX_ALIKE else None
