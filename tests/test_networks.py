"""Running networks, and holding them to their contracts."""

import json
import shutil
import threading

import numpy as np
import pytest

from futoshiki.errors import MissingPartError
from futoshiki.networks.clues import CLUES, across_of, cells_of, down_of, upright_of
from futoshiki.networks.engine import CARD, ModelCard, Network, log_softmax
from futoshiki.networks.grid import AREAS, GRID, AreaNetwork
from futoshiki.networks.shipped import SPECS, Networks, shipped_network, trained_network
from futoshiki.networks.text import TEXT
from futoshiki.resources import folder


@pytest.fixture
def text(tmp_path):
    """A copy of the smallest shipped model that a test may spoil."""
    for ending in ("onnx", "json"):
        shutil.copy(folder("models") / f"text.{ending}", tmp_path)
    return tmp_path / "text.onnx"


@pytest.mark.parametrize("name", SPECS)
def test_every_shipped_network_fulfils_its_spec(name):
    spec = SPECS[name]
    lengths = {"batch": 2, "height": 64, "width": 96, "side": 180}
    shape = tuple(lengths.get(length, length) for length in spec.takes)
    output = shipped_network(name)(np.zeros(shape, spec.dtype))
    assert output.dtype == np.float32
    assert output.shape[1] == len(spec.classes)
    assert ModelCard.read(folder("models") / f"{name}.json").classes == spec.classes


def test_a_model_that_is_not_the_one_on_its_card_is_refused(text):
    assert Network(TEXT, text)(np.zeros((1, 1, 64, 64), np.float32)).shape == (1, 4)
    content = bytearray(text.read_bytes())
    content[len(content) // 2] ^= 1
    text.write_bytes(content)
    with pytest.raises(MissingPartError, match="not the file that its card describes"):
        Network(TEXT, text)


def test_a_network_of_another_kind_is_refused(text):
    with pytest.raises(MissingPartError, match="tells 0, 1, 2, 3 apart"):
        Network(CLUES, text)
    card = json.loads(text.with_suffix(".json").read_text())
    text.with_suffix(".json").write_text(json.dumps({**card, "classes": CLUES.classes}))
    with pytest.raises(MissingPartError, match="takes batch x 1 x 64 x 64"):
        Network(CLUES, text)


@pytest.mark.parametrize("broken", ["no onnx", "no card", "no json"])
def test_missing_and_malformed_parts_are_named(text, broken):
    if broken == "no onnx":
        text.unlink()
    elif broken == "no card":
        text.with_suffix(".json").unlink()
        text.write_bytes(text.read_bytes().replace(CARD.encode(), b"-" * len(CARD)))  # the file holds the card, too
    else:
        text.with_suffix(".json").write_text("{")
    with pytest.raises(MissingPartError, match="install futoshiki again"):
        Network(TEXT, text)


def test_the_caller_chooses_providers_and_threads():
    one, same = (Networks(threads=1).text for _ in range(2))
    assert one is same
    assert one is not Networks().text
    tile = np.random.default_rng(0).standard_normal((1, 1, 64, 64), np.float32)
    assert np.allclose(one(tile), Networks().text(tile), atol=1e-5)


def test_a_network_is_replaced_and_the_others_stay():
    def grid(batch):
        return batch

    networks = Networks(grid=grid)
    assert networks.grid is grid
    assert networks.clues is shipped_network("clues")


def test_a_network_trained_on_outlines_is_completed():
    whole = np.random.default_rng(0).random((1, 3, 32, 32), np.float32)
    maps = AreaNetwork(lambda _: np.zeros((1, 1, 32, 32), np.float32), lambda _: whole)(np.zeros((1, 32, 32, 3), np.uint8))
    assert (maps[:, 0] == 0).all()
    assert (maps[:, 1:] == whole[:, 1:]).all()
    assert AREAS.name == GRID.name
    assert isinstance(trained_network(folder("models")), Network)


def test_the_clue_networks_output_is_taken_apart_by_kind():
    output = np.random.default_rng(0).standard_normal((16, 11, 11)).astype(np.float32)
    assert cells_of(output).shape == (10, 5, 5)
    assert across_of(output).shape == (3, 5, 4)
    assert down_of(output).shape == (3, 4, 5)
    assert upright_of(output).shape == (5, 5)
    for table in (cells_of(output), across_of(output), down_of(output)):
        assert np.allclose(np.exp(table).sum(axis=0), 1, atol=1e-5)
    assert CLUES.classes[11:15] == ("<", ">", "∧", "∨")


def test_log_probabilities_add_up_to_one_along_their_axis():
    logits = np.random.default_rng(0).standard_normal((4, 5, 6)) * 50
    for axis in range(3):
        assert np.allclose(np.exp(log_softmax(logits, axis)).sum(axis=axis), 1)


def test_networks_are_loaded_ahead_in_a_thread_that_keeps_faults_for_who_needs_them(monkeypatch):
    asked: list[tuple[str, bool]] = []

    def load(name: str, *_: object) -> None:
        asked.append((name, threading.current_thread() is threading.main_thread()))
        if name == "text":
            raise MissingPartError("the model is missing")

    monkeypatch.setattr("futoshiki.networks.shipped.shipped_network", load)
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    Networks().load_ahead()
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        thread.join(1.0)
    assert asked == [(name, False) for name in SPECS]
    assert not faults
    with pytest.raises(MissingPartError):
        _ = Networks().text
