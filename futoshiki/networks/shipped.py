"""The networks of a reader: the shipped ones, and others in their place."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock, Thread

from futoshiki.errors import MissingPartError
from futoshiki.networks.clues import CLUES
from futoshiki.networks.engine import CPU, ModelCard, Network, Runner
from futoshiki.networks.grid import AREAS, GRID, AreaNetwork
from futoshiki.networks.text import TEXT
from futoshiki.resources import folder

SPECS = {spec.name: spec for spec in (GRID, CLUES, TEXT)}
"""Every network that ships, by name. Commands, exporter and installation check loop over these."""
_LOADING = Lock()


class Networks:
    """The networks that a reader runs, each a shipped one unless another is given.

    A shipped network is loaded when it is first needed, once per process for the same `providers` and `threads` (see
    `Network`). May be shared between threads.
    """

    def __init__(
        self, *, grid: Runner | None = None, clues: Runner | None = None, text: Runner | None = None,
        providers: Sequence[str] = CPU, threads: int | None = None,
    ) -> None:  # fmt: skip
        self._given = {"grid": grid, "clues": clues, "text": text}
        self._options = (tuple(providers), threads)

    @property
    def grid(self) -> Runner:
        """Finds boards and cells; see `networks.grid`."""
        return self._get("grid")

    @property
    def clues(self) -> Runner:
        """Reads digits and signs, and tells digits by hand from print; see `networks.clues`."""
        return self._get("clues")

    @property
    def text(self) -> Runner:
        """Tells how the text of a page is turned; see `networks.text`."""
        return self._get("text")

    def load(self) -> Networks:
        """Load every network now rather than when it is first needed.

        Raises:
            MissingPartError: a model is missing or broken.
        """
        for name in SPECS:
            self._get(name)
        return self

    def load_ahead(self) -> None:
        """Begin to load every network in a thread, while other things are prepared. Who needs one before waits for it."""
        Thread(target=self._try_to_load).start()

    def _try_to_load(self) -> None:
        with suppress(MissingPartError):  # who needs the network is told
            self.load()

    def _get(self, name: str) -> Runner:
        return self._given[name] or shipped_network(name, *self._options)


def shipped_network(name: str, providers: tuple[str, ...] = CPU, threads: int | None = None) -> Network:
    """The shipped network of that name (see `SPECS`), loaded once per process.

    Raises:
        MissingPartError: the model is missing or broken.
    """
    with _LOADING:
        return _shipped(name, providers, threads)


@cache
def _shipped(name: str, providers: tuple[str, ...], threads: int | None) -> Network:
    return Network(SPECS[name], folder("models") / f"{name}.onnx", providers=providers, threads=threads)


def trained_network(run: Path, *, threads: int | None = None) -> Runner:
    """The grid network of a training run: its folder, or the ONNX file in it; `threads` as in `Network`.

    A network that was trained on outlines alone is completed by the shipped one.

    Raises:
        MissingPartError: there is no network, or it has no card.
    """
    path = trained_file(run)
    if ModelCard.read(path).classes == AREAS.classes:
        return AreaNetwork(Network(AREAS, path, threads=threads), shipped_network("grid", threads=threads))
    return Network(GRID, path, threads=threads)


def trained_file(run: Path) -> Path:
    """The ONNX file of a training run: the one in its folder, or the file itself.

    Raises:
        MissingPartError: the folder holds none.
    """
    path = run / "grid.onnx" if run.is_dir() else run
    if run.is_dir() and not path.exists():
        raise MissingPartError(f"{run} holds no grid.onnx; if its training was interrupted: futoshiki train export {run}")
    return path


def digests(grid_model: Path | None = None) -> tuple[str, ...]:
    """The hashes of the shipped networks, and that of a training run after them: what tells one reader's networks from another's.

    Raises:
        MissingPartError: a network has no card, or there is none.
    """
    files = [folder("models") / f"{name}.onnx" for name in SPECS] + ([trained_file(grid_model)] if grid_model else [])
    return tuple(ModelCard.read(path).sha256 for path in files)
