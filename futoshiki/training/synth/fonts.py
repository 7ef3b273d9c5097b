"""Fonts for synthetic pages: whatever the system and pip packages have, sorted into print and hand.

Nothing is downloaded. A font is kept when it draws nine different digits that look like digits:
each is compared with the median drawing over all fonts, so that symbol and fantasy fonts drop out.
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
    "symbol", "dingbat", "emoji", "icon", "braille", "mathjax", "cmex", "cmsy", "cmmi", "cmb10", "cmr10", "cmss10",
    "d050000l", "standardsymbols", "-math", "math-", "asana", "stixsiz", "stixnonuni", "stixint", "marvosym",
)  # fmt: skip
HANDWRITTEN = (
    "humor", "breip", "ecolier", "dkg", "femke", "dancing", "kristi", "hand", "steve", "delphine",
    "script", "andrew", "jean", "sjfont", "comicrelief",
)  # fmt: skip
MIN_LIKENESS = 0.6
"""Mean correlation of a font's digits with the median ones: text faces score 0.65 to 0.95."""


@lru_cache(maxsize=512)
def load_font(path: str, size: int) -> ImageFont.FreeTypeFont:
    """The font at a pixel size (of the em square), cached."""
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def print_fonts() -> tuple[str, ...]:
    """Paths of all fonts for print.

    Raises:
        MissingPartError: fewer than three were found.
    """
    found = tuple(path for path in _usable_fonts() if not _is_handwritten(path))
    if len(found) < 3:
        raise MissingPartError(
            "synthetic pages need fonts: install some, such as `apt install fonts-liberation fonts-dejavu`, "
            "or `pip install matplotlib`, which carries DejaVu"
        )
    return found


@lru_cache(maxsize=1)
def hand_fonts() -> tuple[str, ...]:
    """Paths of the fonts that imitate handwriting; may be empty."""
    return tuple(path for path in _usable_fonts() if _is_handwritten(path))


def _is_handwritten(path: str) -> bool:
    return any(word in Path(path).name.lower() for word in HANDWRITTEN)


def _candidates() -> list[str]:
    folders = [Path(folder).expanduser() for folder in SYSTEM_FOLDERS]
    spec = importlib.util.find_spec("matplotlib")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")
    found: dict[str, str] = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                if name.lower().endswith((".ttf", ".otf")) and not any(w in name.lower() for w in NOT_TEXT):
                    found.setdefault(name, os.path.join(root, name))
    return [found[name] for name in sorted(found)]


@lru_cache(maxsize=1)
def _usable_fonts() -> tuple[str, ...]:
    drawn = {path: digits for path in _candidates() if (digits := _draw_digits(path)) is not None}
    if not drawn:
        return ()
    median = np.median(np.stack(list(drawn.values())), axis=0)
    return tuple(path for path, digits in drawn.items() if _likeness(digits, median) >= MIN_LIKENESS)


def random_font(rng: random.Random) -> str:
    """A font for print, every family as likely as any other, however many weights it has."""
    return rng.choice(rng.choice(_families()))


@lru_cache(maxsize=1)
def _families() -> tuple[tuple[str, ...], ...]:
    families: dict[str, list[str]] = {}
    for path in print_fonts():
        families.setdefault(Path(path).name[:6].lower(), []).append(path)
    return tuple(tuple(paths) for paths in families.values())


def _likeness(digits: np.ndarray, median: np.ndarray) -> float:
    return float(np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(digits, median, strict=True)]))


def _draw_digits(path: str) -> np.ndarray | None:
    """The digits 1 to 9 as 9 x 24 x 16 floats, each stretched to its box; None if any is missing or alike."""
    try:
        font = load_font(path, 40)
        missing = bytes(font.getmask("\uffff", mode="L"))
        if any(bytes(font.getmask(sign, mode="L")) == missing for sign in "<>^v"):
            return None
        boxes = []
        for digit in "123456789":
            mask = font.getmask(digit, mode="L")
            if mask.size[0] < 3 or mask.size[1] < 10:
                return None
            image = Image.frombytes("L", mask.size, bytes(mask))
            boxes.append(np.asarray(image.resize((16, 24), Image.Resampling.BILINEAR), np.float32))
    except (OSError, ValueError):
        return None
    digits = np.stack(boxes)
    flat = digits.reshape(9, -1)
    if flat.std(axis=1).min() < 1e-3:
        return None
    alike = np.corrcoef(flat) - 2 * np.eye(9)
    return digits if alike.max() < 0.97 else None
