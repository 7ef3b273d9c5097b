"""Training the text network: by how many quarter turns the text in a tile of a page is turned.

Sheets of text, drawn large enough to be read, teach how letters stand; tiles of synthetic photos teach what else is on
pages, and says nothing.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from futoshiki.reading.page_text import TILE, even_page, text_tiles
from futoshiki.training.engine import Metrics, Regime, fit
from futoshiki.training.models import TextNet
from futoshiki.training.synth.canvas import glyph_mask
from futoshiki.training.synth.decoys import word
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.store import StoredSample, enough_samples

SCALES = (0.8, 1.0, 1.0, 1.3, 1.6, 2.0)
"""At which pages are seen: synthetic photos are smaller than those of phones."""
PAGES = 6000
"""Photos, and sheets of text, whose tiles are held in memory, at most."""
SHEET = 256
"""Pixels of the side of a sheet of text."""
TILES = 10
"""Of one page, at most."""
INVERTED_SHARE = 0.12
"""Of sheets and tiles: light letters on a dark ground."""
STEPS = 40
"""Levels to one unit of contrast with which tiles are kept in memory, in bytes."""


def page_tiles(sample: StoredSample) -> np.ndarray:
    """Tiles of one page, upright, K x 64 x 64 int8; none where the page holds no board by which to turn it."""
    rng = random.Random(sample.path.name)
    grey = cv2.cvtColor(sample.photo(), cv2.COLOR_RGB2GRAY)
    boards = [board.cells for board in sample.boards]
    return _kept(text_tiles(grey, boards, boards[0], rng.choice(SCALES), count=TILES))


def text_sheet(rng: random.Random) -> np.ndarray:
    """A piece of a printed page, SHEET x SHEET uint8: lines of one type, a little tilted, in some light and focus."""
    size = round(7 * 5 ** rng.random())
    font, step = random_font(rng), round(size * rng.uniform(1.1, 1.7))
    capitals = rng.random() < 0.1
    sheet = np.zeros((2 * SHEET, 2 * SHEET), np.uint8)
    for y in range(0, 2 * SHEET - 2 * size, step):
        if rng.random() < 0.1:
            continue
        words = "".join(f"{_with_marks(rng, word(rng))} " for _ in range(2 * SHEET // (2 * size) + 2))
        mask = glyph_mask(font, size, f"{words.upper() if capitals else words}bp")[:, : 2 * SHEET]
        # letters that reach up and down end each line, so that all lines are cut alike
        part = sheet[y : y + mask.shape[0], : mask.shape[1]]
        part[:] = np.maximum(part, mask[: part.shape[0]])
    lean, shear = np.radians(rng.gauss(0, 5)), rng.gauss(0, 0.08)
    right = np.array([np.cos(lean), np.sin(lean)]) * rng.uniform(0.85, 1.15)
    down = np.array([shear - np.sin(lean), np.cos(lean)])
    matrix = np.column_stack([right, down, SHEET / 2 - SHEET * (right + down)])
    cover = cv2.warpAffine(sheet, matrix, (SHEET, SHEET), flags=cv2.INTER_AREA).astype(np.float32) / 255
    paper, ink = rng.uniform(90, 255), rng.uniform(0, 110)
    if rng.random() < INVERTED_SHARE:
        paper, ink = ink, paper
    grey = cv2.GaussianBlur(paper + cover * (ink - paper), (0, 0), rng.uniform(0.2, 0.12 * size) + 0.1)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(0, 12), grey.shape)
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


def _with_marks(rng: random.Random, text: str) -> str:
    """A word as it stands in print: now and then with a mark behind it, or a number instead."""
    if rng.random() < 0.06:
        return str(rng.randint(1, 2100))
    return text + rng.choices(["", ",", ".", ";", "?", "!", "-"], [30, 3, 3, 0.5, 0.3, 0.3, 0.5])[0]


def sheet_tiles(seed: int) -> np.ndarray:
    """Tiles of one sheet of text, upright, K x 64 x 64 int8."""
    page = even_page(text_sheet(random.Random(seed)))
    starts = range(TILE // 2, SHEET - TILE, TILE)
    return _kept(np.array([page[y : y + TILE, x : x + TILE] for y in starts for x in starts]))


def _kept(tiles: np.ndarray) -> np.ndarray:
    return np.round(tiles * STEPS).astype(np.int8)


def tile_data(samples: list[StoredSample], sheets: range) -> torch.Tensor:
    """The tiles of photos and of sheets with those seeds, K x 1 x 64 x 64 int8, held in memory."""
    photos = [page_tiles(sample) for sample in samples if sample.boards]
    return torch.from_numpy(np.concatenate([*photos, *map(sheet_tiles, sheets)]))[:, None]


class TurnedTiles(Dataset[tuple[torch.Tensor, int]]):
    """Tiles turned by 0 to 3 quarter turns against the clock, with more or less contrast, noise, and now and then inverted."""

    def __init__(self, tiles: torch.Tensor, length: int, seed: int, *, augment: bool) -> None:
        self.tiles, self.length, self.seed, self.augment = tiles, length, seed, augment
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """New random tiles in each epoch, the same ones when it is repeated."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        rng = random.Random((self.seed * 1000 + self.epoch) * 10_000_019 + index)
        tile = self.tiles[rng.randrange(len(self.tiles)) if self.augment else index % len(self.tiles)].float() / STEPS
        turns = rng.randrange(4)
        tile = torch.rot90(tile, turns, (1, 2))
        if self.augment:
            generator = torch.Generator().manual_seed(rng.getrandbits(31))
            noise = rng.choice([0.0, 0.0, 0.1, 0.3]) * torch.randn(tile.shape, generator=generator)
            tile = tile * rng.uniform(0.6, 1.3) * (-1 if rng.random() < INVERTED_SHARE else 1) + noise
        return tile, turns


def text_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy; tiles without text teach to say so, by four equal chances."""
    tiles, turns = batch
    return nn.functional.cross_entropy(model(tiles), turns, label_smoothing=0.02)


@torch.no_grad()
def text_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Share of tiles whose turn is told, and the mean cross-entropy: log 4 is that of knowing nothing."""
    right = count = 0
    entropy = 0.0
    for tiles, turns in loader:
        logits = model(tiles)
        right += int((logits.argmax(1) == turns).sum())
        entropy += float(nn.functional.cross_entropy(logits, turns, reduction="sum"))
        count += len(turns)
    return {"exact_turns": right / max(count, 1), "validation_loss": entropy / max(count, 1)}


def train_text(
    data: Path, folder: Path, *, regime: Regime, epoch_size: int = 10_000, validation: int = 400, resume: bool = False
) -> Path:
    """Train on a folder of synthetic samples; returns the best weights' path."""
    samples = enough_samples(data)
    validation = min(validation, len(samples) // 5)
    held_out = tile_data(samples[:validation], range(validation))
    rest = tile_data(samples[validation : validation + PAGES], range(validation, validation + PAGES))
    torch.manual_seed(regime.seed)
    return fit(
        TextNet(),
        DataLoader(TurnedTiles(rest, epoch_size, regime.seed, augment=True), regime.batch_size),
        DataLoader(TurnedTiles(held_out, len(held_out), 7, augment=False), 256),
        text_loss,
        text_metrics,
        regime=regime,
        folder=folder,
        monitor="exact_turns",
        resume=resume,
        config={"network": "text", "data": min(PAGES, len(samples) - validation), "sheets": PAGES},
    )
