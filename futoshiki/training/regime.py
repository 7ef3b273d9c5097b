"""How a network is trained: epochs, learning rate, averages of the weights; and where the run is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LATE_FROM, LATE_DIVISOR = 0.75, 10
"""Share of the epochs after which the learning rate falls, and what it is divided by then."""


@dataclass(frozen=True)
class Regime:
    """How to train. The default is the article's: 40 epochs, 5e-4, then 5e-5 after epoch 30.

    `average_decay` is that of the running average of the weights (Polyak and Juditsky, 1992), which is what is validated and
    kept. With small batches it is steadier, and mostly better, than the weights of the last step. `first_share` is the share of
    the first weights in what is validated and kept, so that little is lost of what they knew (WiSE-FT: Wortsman et al., 2022,
    https://arxiv.org/abs/2109.01903). The weights of the epoch that validates best are kept or, with `keeps_last`, those of the
    last one: where few photos validate, further training may be worth more than they can tell. Training ends early after
    `patience` epochs without a better one, or before the epoch that would not be done within so many `minutes`; then the
    learning rate falls after the same share of the time.
    """

    epochs: int = 40
    learning_rate: float = 5e-4
    late_learning_rate: float = 5e-5
    late_after: int = 30
    batch_size: int = 8
    seed: int = 0
    average_decay: float = 0.998
    first_share: float = 0.0
    keeps_last: bool = False
    patience: int | None = None
    minutes: float | None = None

    @classmethod
    def falling(cls, epochs: int, rate: float, batch_size: int, seed: int = 0) -> Regime:
        """A regime whose learning rate falls as the article's does: to a tenth in the last quarter of the epochs."""
        return cls(epochs, rate, rate / LATE_DIVISOR, round(epochs * LATE_FROM), batch_size, seed)

    def rate(self, epoch: int, seconds: float = 0.0) -> float:
        """The learning rate of an epoch, counted from 0, before which training took so many seconds."""
        is_late = self.progress(epoch, seconds) >= self.late_after / self.epochs
        return self.late_learning_rate if is_late else self.learning_rate

    def progress(self, epochs: int, seconds: float) -> float:
        """The share of the training that is done, by its epochs or by its time, whichever is more."""
        return max(epochs / self.epochs, seconds / (self.minutes * 60) if self.minutes else 0.0)


@dataclass(frozen=True)
class Run:
    """Where a run is kept and how it is trained.

    With `resume` the run that is in the folder continues. `workers` is the number of processes that prepare pictures. What
    only `resume` needs is removed when the run is finished, unless `keep_optimizer` is set to give it more epochs later.
    `device` is one that Fabric knows: "cpu", "cuda", "mps", or "auto" for the fastest one there is. `recipe` names the recipe
    that is followed, if any. `anchor` is the safetensors file of the weights of which the regime's `first_share` is kept; None
    for those that the run begins with.
    """

    folder: Path
    regime: Regime
    resume: bool = False
    workers: int = 1
    keep_optimizer: bool = False
    device: str = "auto"
    recipe: str = ""
    anchor: Path | None = None
