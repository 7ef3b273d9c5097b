"""Training the text network, which finds by how many quarter turns the text in a tile of a page is turned.

Sheets of text, drawn large enough to be legible, teach what letters look like. Tiles of synthetic photos teach what else is
on pages and gives no hint of the orientation.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from futoshiki.networks.text import TILE, even_page
from futoshiki.reading.page_text import text_tiles
from futoshiki.training.data import HELD_OUT_BATCH_SMALL, HELD_OUT_SEED, DrawnItems, Draws, Photos, Range
from futoshiki.training.engine import LABEL_SMOOTHING, Course, Metrics, fit
from futoshiki.training.models import TextNet, load_all
from futoshiki.training.regime import Run
from futoshiki.training.synth.canvas import glyph_mask
from futoshiki.training.synth.decoys import word
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.store import StoredSample

SCALES = (0.8, 1.0, 1.0, 1.3, 1.6, 2.0)
"""Enlargements of synthetic photos, which have fewer pixels than those of phones."""
PAGES = 6000
"""Largest number of photos, and number of sheets of text, whose tiles are held in memory."""
TILES = 10
"""Largest number of tiles from one photo."""
STEPS = 40
"""Steps per unit of contrast in which tiles are stored, so that they fit into bytes."""
INVERTED_SHARE = 0.12
"""Share of the sheets, and of the tiles, with light letters on a dark ground."""


@dataclass(frozen=True)
class Sheet:
    """How sheets of text are drawn."""

    side: int = 256
    """Side of a sheet in pixels. It is cut from the middle of one twice as large, so that no corner is empty if it leans."""
    least_size: float = 3.5
    """Least size of the type in pixels. Nobody can read the smallest, which teaches the network to be unsure of it."""
    size_ratio: float = 10
    """The largest type is this many times as large."""
    lines: int = 16
    """Largest number of different lines. Sheets of small type repeat them, as drawing new ones would take most of the time."""
    line_height: Range = (1.1, 1.7)
    """Distance of lines in sizes of the type."""
    capitals: float = 0.1
    """Share of the sheets in capitals."""
    blank_lines: float = 0.1
    """Share of the lines that are left blank."""
    numbers: float = 0.06
    """Share of the words that are numbers."""
    largest_number: int = 2100
    """Largest number, so that years are among them."""
    lean: float = 5
    """Standard deviation of the angle of the lines in degrees."""
    shear: float = 0.08
    """Standard deviation of the horizontal shear."""
    width: Range = (0.85, 1.15)
    """Factor of the letters' width."""
    paper: Range = (90, 255)
    """Grey level of the paper, as lit."""
    ink: Range = (0, 110)
    """Grey level of the ink."""
    least_blur: float = 0.2
    """Least sigma of the blur in pixels, before `blur_added`."""
    most_blur: float = 0.12
    """Greatest sigma of the blur in sizes of the type, before `blur_added`."""
    blur_added: float = 0.1
    """Pixels added to every sigma."""
    noise: Range = (0, 12)
    """Standard deviation of the sensor's noise in grey levels."""


SHEET = Sheet()
MARKS = {"": 30, ",": 3, ".": 3, ";": 0.5, "?": 0.3, "!": 0.3, "-": 0.5}
"""Punctuation after a word, and its weights."""


@dataclass(frozen=True)
class TileChanges:
    """How tiles are varied in training."""

    noise: tuple[float, ...] = (0.0, 0.0, 0.1, 0.3)
    """Standard deviations of the noise, in units of contrast, of which one is drawn."""
    contrast: Range = (0.6, 1.3)
    """Factor of the contrast."""


CHANGES = TileChanges()


def page_tiles(sample: StoredSample) -> np.ndarray:
    """Upright tiles of a photo with a board, by which the photo is turned: K x 64 x 64 int8."""
    rng = random.Random(sample.path.name)
    grey = cv2.cvtColor(sample.photo(), cv2.COLOR_RGB2GRAY)
    boards = [board.cells for board in sample.boards]
    return _stored(text_tiles(grey, boards, boards[0], rng.choice(SCALES), count=TILES))


def text_sheet(rng: random.Random) -> np.ndarray:
    """A piece of a printed page, side x side uint8: lines in one font, slightly tilted, in random light and focus."""
    side, large = SHEET.side, 2 * SHEET.side
    size = round(SHEET.least_size * SHEET.size_ratio ** rng.random())
    font, step = random_font(rng), round(size * rng.uniform(*SHEET.line_height))
    capitals = rng.random() < SHEET.capitals
    sheet = np.zeros((large, large), np.uint8)
    masks: list[np.ndarray] = []
    for y in range(0, large - 2 * size, step):
        if rng.random() < SHEET.blank_lines:
            continue
        if len(masks) < SHEET.lines:
            words = "".join(f"{_with_marks(rng, word(rng))} " for _ in range(large // (2 * size) + 2))
            # The letters at the end have an ascender and a descender, so that the masks of all lines are equally high.
            masks.append(glyph_mask(font, size, f"{words.upper() if capitals else words}bp")[:, :large])
            mask = masks[-1]
        else:
            mask = rng.choice(masks)
        part = sheet[y : y + mask.shape[0], : mask.shape[1]]
        part[:] = np.maximum(part, mask[: part.shape[0]])
    cover = _tilted(rng, sheet).astype(np.float32) / 255
    paper, ink = rng.uniform(*SHEET.paper), rng.uniform(*SHEET.ink)
    if rng.random() < INVERTED_SHARE:
        paper, ink = ink, paper
    sigma = rng.uniform(SHEET.least_blur, SHEET.most_blur * size) + SHEET.blur_added
    grey = cv2.GaussianBlur(paper + cover * (ink - paper), (0, 0), sigma)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(*SHEET.noise), (side, side))
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


def _tilted(rng: random.Random, sheet: np.ndarray) -> np.ndarray:
    """The middle of a sheet of twice the size, slightly turned, sheared and stretched."""
    side = SHEET.side
    lean, shear = np.radians(rng.gauss(0, SHEET.lean)), rng.gauss(0, SHEET.shear)
    right = np.array([np.cos(lean), np.sin(lean)]) * rng.uniform(*SHEET.width)
    down = np.array([shear - np.sin(lean), np.cos(lean)])
    matrix = np.column_stack([right, down, side / 2 - side * (right + down)])
    return cv2.warpAffine(sheet, matrix, (side, side), flags=cv2.INTER_AREA)


def _with_marks(rng: random.Random, text: str) -> str:
    """A word as it is printed: sometimes with punctuation behind it, or a number instead."""
    if rng.random() < SHEET.numbers:
        return str(rng.randint(1, SHEET.largest_number))
    return text + rng.choices([*MARKS], [*MARKS.values()])[0]


def sheet_tiles(seed: int) -> np.ndarray:
    """Tiles of one sheet of text, upright, K x 64 x 64 int8."""
    page = even_page(text_sheet(random.Random(seed)))
    starts = range(TILE // 2, SHEET.side - TILE, TILE)
    return _stored(np.array([page[y : y + TILE, x : x + TILE] for y in starts for x in starts]))


def _stored(tiles: np.ndarray) -> np.ndarray:
    return np.round(tiles * STEPS).astype(np.int8)


def tile_data(samples: list[StoredSample], sheets: range) -> torch.Tensor:
    """The tiles of photos with a board, and of the sheets with these seeds, K x 1 x 64 x 64 int8, held in memory."""
    photos = [page_tiles(sample) for sample in samples if sample.boards]
    return torch.from_numpy(np.concatenate([*photos, *map(sheet_tiles, sheets)]))[:, None]


class TurnedTiles(DrawnItems[tuple[torch.Tensor, int]]):
    """Tiles after 0 to 3 counter-clockwise quarter turns, and their number; with `augment` random ones, varied.

    Without `augment` every tile is shown in turn.
    """

    def __init__(self, tiles: torch.Tensor, draws: Draws, *, augment: bool) -> None:
        super().__init__(draws)
        self.tiles, self.augment = tiles, augment

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        rng = self.rng(index)
        tile = self.tiles[rng.randrange(len(self.tiles)) if self.augment else index % len(self.tiles)].float() / STEPS
        turns = rng.randrange(4)
        tile = torch.rot90(tile, turns, (1, 2))
        if self.augment:
            generator = torch.Generator().manual_seed(rng.getrandbits(31))
            noise = rng.choice(CHANGES.noise) * torch.randn(tile.shape, generator=generator)
            contrast = rng.uniform(*CHANGES.contrast)
            tile = tile * contrast * (-1 if rng.random() < INVERTED_SHARE else 1) + noise
        return tile, turns


def text_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy. Tiles without text teach the network to give every turn the same probability."""
    tiles, turns = batch
    return nn.functional.cross_entropy(model(tiles), turns, label_smoothing=LABEL_SMOOTHING)


@torch.no_grad()
def text_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Share of tiles whose turns are right, and the mean cross-entropy, which is log 4 for a guess."""
    right = count = 0
    entropy = 0.0
    for tiles, turns in loader:
        logits = model(tiles)
        right += int((logits.argmax(1) == turns).sum())
        entropy += float(nn.functional.cross_entropy(logits, turns, reduction="sum"))
        count += len(turns)
    return {"exact_turns": right / max(count, 1), "validation_loss": entropy / max(count, 1)}


def train_text(data: Photos, run: Run, *, weights: Path | None = None) -> Path:
    """Train on synthetic samples and sheets of text, held in memory; returns the path of the best weights.

    Raises:
        MissingPartError: the `weights` to begin with do not fit.
    """
    held_out, rest = data.held_out(), data.at(0)
    validation, seed = len(held_out), run.regime.seed
    check_tiles = tile_data(held_out, range(validation))
    tiles = tile_data(rest[:PAGES], range(validation, validation + PAGES))
    torch.manual_seed(seed)
    model = TextNet()
    if weights:
        load_all(model, weights)
    loader = DataLoader(TurnedTiles(tiles, Draws(data.epoch_size, seed), augment=True), run.regime.batch_size)
    checks = TurnedTiles(check_tiles, Draws(len(check_tiles), HELD_OUT_SEED), augment=False)
    course = Course("text", model, loader, DataLoader(checks, HELD_OUT_BATCH_SMALL), text_loss, text_metrics)
    return fit(course, run, {**data.about(), "items": data.epoch_size, "sheets": PAGES})
