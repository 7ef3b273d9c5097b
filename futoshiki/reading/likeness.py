"""Comparing the digits of a board with each other: one hand has written with one pen, and one press has printed with one font.

Seen alone, a digit often may be print or handwriting. But digits that look like those that are surely written by hand are
written by hand, too. So the chances of all digits are revised, each by how it looks beside the others: linear discriminant
analysis on the board's own digits, with the chances as soft labels, a few times over (self-training: Amini, Gallinari, 2002,
Semi-supervised logistic regression).
"""

from __future__ import annotations

import numpy as np

ROUNDS = 3
"""How often the chances are revised."""
WEIGHT = 0.3
"""Weight of what the comparison says, which counts features that depend on each other as if they did not."""
FEWEST = 1.0
"""Expected number of other digits of either kind below which there is nothing to compare with."""
SPREADS = (0.045, 0.055, 0.37, 0.44, 0.41, 0.49, 0.68)
"""Standard deviations of the features (see `ink.ink_looks`) among the digits of one hand or one font, by synthetic photos."""
PRIOR = 8.0
"""How many digits those spreads count for beside the board's own ones."""
MOST = 3.0
"""Most nats that one feature may say."""
CERTAIN = 1e-4
"""Least chance that a digit's own form leaves to the other kind."""


def compared(chances: np.ndarray, looks: np.ndarray) -> np.ndarray:
    """The chances of K digits to be written by hand, after a comparison of how they look (K x 7, see `ink.ink_looks`)."""
    alone = np.clip(chances.astype(float), CERTAIN, 1 - CERTAIN)
    odds = np.log(alone / (1 - alone))
    revised = alone
    for _ in range(ROUNDS):
        revised = 1 / (1 + np.exp(-odds - WEIGHT * _nats(revised, looks)))
    return revised


def _nats(chances: np.ndarray, looks: np.ndarray) -> np.ndarray:
    """How much rather each digit looks as if written than as if printed, by all other digits, in nats."""
    others = 1 - np.eye(len(chances))
    kinds = others * chances, others * (1 - chances)
    counts = [weights.sum(axis=1, keepdims=True) for weights in kinds]
    means = [weights @ looks / np.maximum(count, FEWEST) for weights, count in zip(kinds, counts, strict=True)]
    scatter = sum(
        np.einsum("ij,ijf->if", weights, (looks[None] - mean[:, None]) ** 2) for weights, mean in zip(kinds, means, strict=True)
    )
    variance = (scatter + PRIOR * np.square(SPREADS)) / (sum(counts) + PRIOR)
    written, printed = (
        _log_density(looks - mean, variance * (1 + 1 / np.maximum(count, FEWEST)))
        for mean, count in zip(means, counts, strict=True)
    )
    comparable = np.minimum(*counts) >= FEWEST
    return np.where(comparable, np.clip(written - printed, -MOST, MOST), 0).sum(axis=1)


def _log_density(distance: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Log-density of a normal distribution, without its constant."""
    return -0.5 * (distance**2 / variance + np.log(variance))
