"""Every trainer for a few short epochs on a few small synthetic photos."""

import json
import math
import random

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("segmentation_models_pytorch", reason="the train extra is not installed")

from dataclasses import replace
from itertools import islice
from pathlib import Path

from safetensors.torch import load_file, save_file

from futoshiki.errors import MissingPartError, RunExistsError, TrainingError
from futoshiki.geometry import mean_pitch
from futoshiki.networks.canvas import LIMIT
from futoshiki.networks.clues import CLUES, DOWN, GREATER, LESS, NO_SIGN, PRINTED, UP
from futoshiki.networks.engine import ModelCard, Network
from futoshiki.networks.grid import CELLS, COMPLETE, OPEN, SIDE
from futoshiki.networks.shipped import SPECS, shipped_network
from futoshiki.networks.text import TEXT, TILE
from futoshiki.puzzle import Puzzle
from futoshiki.resources import folder
from futoshiki.training.architecture import DEFAULT_ENCODER, Architecture
from futoshiki.training.boards import MIN_PITCH, BoardPicture, boards_of, recoloured, smeared
from futoshiki.training.clues import IGNORE, BoardCanvases, clue_loss, clue_metrics, hidden_blocks, targets, train_clues, written
from futoshiki.training.data import Draws, SampleSet
from futoshiki.training.distill import Distillation
from futoshiki.training.engine import AVERAGE, BEST, LAST
from futoshiki.training.grid import (
    CELLS_COUNT,
    CELLS_TOO_SMALL,
    NO_TARGET,
    UNLABELLED,
    GridViews,
    draw_masks,
    grid_loss,
    grid_metrics,
    train_grid,
)
from futoshiki.training.models import ClueNet
from futoshiki.training.regime import Regime, Run
from futoshiki.training.runs import best_row, finish_run, read_metrics
from futoshiki.training.synth.sample import Mix, make_sample
from futoshiki.training.synth.store import StoredSample, read_samples, write_sample
from futoshiki.training.text import Sheet, TurnedTiles, sheet_tiles, text_sheet, train_text
from futoshiki.training.trainable import TRAINABLE
from futoshiki.training.wires import lay_wires

REGIME = Regime(epochs=2, learning_rate=2e-3, late_learning_rate=2e-4, late_after=1, batch_size=2)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("synth")
    torch.set_num_threads(2)
    samples = (make_sample(seed, side=360) for seed in range(100))
    legible = (one for one in samples if any(b.is_whole and mean_pitch(b.cells) >= MIN_PITCH for b in one.boards))
    for sample in islice(legible, 14):
        write_sample(path, sample)
    return path


def small_grid(data, folder, regime=REGIME, resume=False):
    return train_grid(
        SampleSet(data, 8, 4), Run(folder, regime, resume, workers=0, keep_optimizer=True), Architecture(weights=None)
    )


def same(a, b):
    one, other = load_file(a), load_file(b)
    return all(torch.equal(one[name], other[name]) for name in one)


def test_the_regime_is_the_articles():
    assert Regime.falling(40, 5e-4, 8) == Regime()
    rates = [Regime().rate(epoch) for epoch in range(40)]
    assert rates[:30] == [5e-4] * 30
    assert rates[30:] == [5e-5] * 10


def test_grid_views_are_normalised_images_with_three_masks(data):
    views = GridViews(read_samples(data), Draws(6), augment=True)
    image, masks, counts = views[0]
    assert image.shape[0] == 3
    assert masks.shape == (3, *image.shape[1:])
    assert set(np.unique(masks[:CELLS])) <= {0.0, 1.0}
    assert set(np.unique(masks[CELLS])) <= {NO_TARGET, 0.0, 1.0}
    assert counts in (0.0, 1.0)
    assert torch.equal(image, views[0][0])
    views.epoch = 1
    assert not torch.equal(image, views[0][0])
    whole = GridViews(read_samples(data), Draws(1), augment=False)[0][0]
    assert whole.shape == (3, SIDE, SIDE)


def test_photos_without_ground_truth_are_marked(data, tmp_path):
    photo = tmp_path / "page.jpg"
    cv2.imwrite(str(photo), np.full((200, 300, 3), 90, np.uint8))
    views = GridViews(read_samples(data), Draws(200), augment=False, unlabelled=[photo])
    kinds = [float(views[k][2]) for k in range(200)]
    assert 4 <= kinds.count(UNLABELLED) <= 40
    marked = views[kinds.index(UNLABELLED)]
    assert marked[0].shape == (3, SIDE, SIDE)
    assert not marked[1].any()


def test_distillation_learns_from_the_teacher_and_from_the_ground_truth_where_known():
    class Constant(torch.nn.Module):
        def forward(self, image):
            return torch.full_like(image, 2.0)

    sure = float(torch.sigmoid(torch.tensor(2.0)))
    alike = Distillation(lambda batch: np.full((1, 3, *batch.shape[1:3]), sure, np.float32))
    unlike = Distillation(lambda batch: np.full((1, 3, *batch.shape[1:3]), 0.55, np.float32))
    wrong = Distillation(lambda batch: np.zeros((1, 3, *batch.shape[1:3]), np.float32))
    image, full, empty = torch.zeros(2, 3, 32, 32), torch.ones(2, 3, 32, 32), torch.zeros(2, 3, 32, 32)
    known, unknown = torch.full((2,), CELLS_COUNT), torch.full((2,), UNLABELLED)
    assert alike(Constant(), (image, full, known)) < unlike(Constant(), (image, full, known))
    assert alike(Constant(), (image, full, known)) < alike(Constant(), (image, empty, known))
    assert torch.isclose(wrong(Constant(), (image, full, known)), grid_loss(Constant(), (image, full, known)))
    assert alike(Constant(), (image, full, unknown)) == alike(Constant(), (image, empty, unknown))


def test_targets_of_a_board():
    blocks = targets(Puzzle.of(2, [(0, 1, 2)], [(0, 0, 0, 1), (1, 0, 0, 0), (0, 1, 1, 1)]))
    assert blocks.tolist() == [
        [IGNORE] * 5,
        [IGNORE, 0, LESS, 2, IGNORE],
        [IGNORE, DOWN, IGNORE, UP, IGNORE],
        [IGNORE, 0, NO_SIGN, 0, IGNORE],
        [IGNORE] * 5,
    ]
    assert GREATER == 12


def test_hidden_blocks_have_no_target():
    puzzle = Puzzle.of(2, [(0, 1, 2)], [(0, 0, 0, 1)])
    board = BoardPicture(Path(), np.zeros((2, 2, 2), np.float32), puzzle, ((1, 0), (0, 0)), ((1, 2), (1, 3)))
    blocks = targets(puzzle, hidden_blocks(board))
    assert blocks[1].tolist() == [IGNORE, 0, IGNORE, IGNORE, IGNORE]
    assert (blocks == targets(puzzle)).sum() == blocks.size - 2
    assert written(board).tolist() == [[1, IGNORE], [0, 0]]


def test_all_boards_of_a_batch_have_one_size(data):
    canvases = BoardCanvases(boards_of(read_samples(data)), [], Draws(6, batch=2))
    for batch in range(3):
        first, second = canvases[2 * batch], canvases[2 * batch + 1]
        assert first[0].shape == second[0].shape
        assert first[0].shape[1] == first[1].shape[0] * 20


def test_training_lowers_the_loss_and_leaves_a_complete_run(data, tmp_path):
    train_clues(SampleSet(data, 16, 2), Run(tmp_path, replace(REGIME, epochs=3, late_after=2), workers=0, keep_optimizer=True))
    rows = read_metrics(tmp_path / "metrics.csv")
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert rows[-1]["loss"] < rows[0]["loss"]
    path = finish_run(tmp_path)
    card = ModelCard.read(path.with_suffix(".json"))
    assert card.classes == CLUES.classes
    for name in ("config.json", "curves.png", LAST, BEST, AVERAGE):
        assert (tmp_path / name).stat().st_size > 0
    canvas = np.random.default_rng(0).normal(size=(2, 3, 180, 180)).astype(np.float32)
    network = ClueNet().eval()
    network.load_state_dict(load_file(tmp_path / BEST))
    with torch.no_grad():
        wanted = network(torch.from_numpy(canvas)).numpy()
    assert np.abs(Network(CLUES, path)(canvas) - wanted).max() < 0.03 * np.abs(wanted).max()


def test_a_resumed_run_equals_an_uninterrupted_one(data, tmp_path):
    small_grid(data, tmp_path / "through")
    small_grid(data, tmp_path / "stopped", replace(REGIME, epochs=1))
    small_grid(data, tmp_path / "stopped", resume=True)
    assert same(tmp_path / "through" / LAST, tmp_path / "stopped" / LAST)
    assert same(tmp_path / "through" / AVERAGE, tmp_path / "stopped" / AVERAGE)
    assert len(read_metrics(tmp_path / "stopped" / "metrics.csv")) == 2
    assert json.loads((tmp_path / "stopped" / "config.json").read_text())["regime"]["epochs"] == 2


def test_a_run_that_chose_its_best_epoch_by_another_metric_is_not_resumed(data, tmp_path):
    small_grid(data, tmp_path, replace(REGIME, epochs=1))
    metrics = tmp_path / "metrics.csv"
    metrics.write_text(metrics.read_text().replace("probability", "certainty"))
    before = metrics.read_text()
    with pytest.raises(RunExistsError, match="did not measure probability"):
        small_grid(data, tmp_path, resume=True)
    assert metrics.read_text() == before


@pytest.mark.parametrize("name", ["grid", "clues", "text"])
def test_the_shipped_onnx_gives_what_the_shipped_weights_give(name):
    trainable, weights = TRAINABLE[name], folder("models") / f"{name}.safetensors"
    network = trainable.rebuild({"arch": "Unet", "encoder": DEFAULT_ENCODER}, weights).eval()
    batch = trainable.sample()
    with torch.no_grad():
        wanted = network(batch).numpy()
    assert np.abs(shipped_network(name)(batch.numpy()) - wanted).max() < 0.03 * max(1, np.abs(wanted).max())


def test_every_network_that_ships_can_be_trained():
    assert {trainable.spec.name for trainable in TRAINABLE.values()} == set(SPECS)


def test_handwriting_has_a_target_on_upright_boards_alone_and_is_learnt(data):
    boards = boards_of(read_samples(data))
    canvases = BoardCanvases(boards, [], Draws(40))
    for _, _, upright, values in (canvases[k] for k in range(40)):
        assert bool((values == IGNORE).all()) == (upright == 0)
    torch.manual_seed(0)
    model, size = ClueNet(), boards[0].puzzle.size
    canvas = torch.randn(1, 3, 20 * (2 * size + 1), 20 * (2 * size + 1))
    blocks = torch.full((1, 2 * size + 1, 2 * size + 1), IGNORE)
    clue_loss(model, (canvas, blocks, torch.ones(1), torch.ones(1, size, size, dtype=torch.int64))).backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in model.entries[-1].parameters())
    assert not model.head[-1].weight.grad.abs().sum()


def test_areas_of_boards_that_are_half_in_view_are_targets_and_their_cells_are_not(data):
    whole = next(board for sample in read_samples(data) for board in sample.boards if board.is_whole)
    unit = SIDE / max(np.ptp(whole.corners, axis=0)) * 0.5
    placed = whole.moved((whole.all_points - whole.corners.min(axis=0)) * unit + SIDE / 4)
    channel = COMPLETE if placed.complete else OPEN
    seen, half, less = (draw_masks([replace(placed, shown=shown)])[0] for shown in (1.0, 0.6, 0.4))
    assert seen[channel].sum() > 0 and seen[CELLS].min() == 0 and seen[CELLS].max() == 1
    assert (half[channel] == seen[channel]).all() and set(np.unique(half[CELLS])) == {NO_TARGET, 0}
    assert not less[channel].any() and (less[CELLS] == half[CELLS]).all()


def test_boards_that_nobody_can_read_are_no_targets(data):
    board = next(board for sample in read_samples(data) for board in sample.boards if board.is_whole and board.marked_blocks)
    placed = replace(board.moved((board.all_points - board.corners.min(axis=0)) * 0.2 + SIDE / 4), hidden=board.marked_blocks)
    masks, _ = draw_masks([placed])
    assert (masks[:, masks[0] == NO_TARGET] == NO_TARGET).all() and set(np.unique(masks)) == {NO_TARGET, 0}
    sample = StoredSample(Path("photo.jpg"), (placed,))
    assert not boards_of([sample])
    assert boards_of([replace(sample, boards=(replace(board, hidden=()),))])


def test_a_prediction_costs_nothing_where_there_is_no_target():
    class Says(torch.nn.Module):
        def __init__(self, logit):
            super().__init__()
            self.logit = logit

        def forward(self, image):
            return torch.full_like(image, self.logit)

    masks = torch.full((2, 3, 32, 32), NO_TARGET)
    batch = (torch.zeros(2, 3, 32, 32), masks, torch.full((2,), CELLS_COUNT))
    assert torch.isclose(grid_loss(Says(9.0), batch), grid_loss(Says(-9.0), batch), atol=1e-4)


@pytest.mark.parametrize("length", [0.4, 3.0, 12.5])
def test_a_smear_keeps_the_light_and_spreads_it_along_its_line(length):
    dot = np.zeros((41, 41, 3), np.uint8)
    dot[20, 20] = 255
    smear = smeared(dot, length, 0.0)[..., 0].astype(int)
    assert abs(smear.sum() - 255) < 25 and smear[20].sum() == smear.sum()
    assert abs(np.ptp(np.nonzero(smear[20])[0]) - length) <= 2


def test_what_is_written_in_a_cell_is_nothing_a_digit_or_print():
    puzzle = Puzzle.of(4, [(0, 0, 3)], [])
    entries = ((0, 2, 0, 0), (0,) * 4, (0,) * 4, (0, 0, 0, 1))
    values = written(BoardPicture(Path(), np.zeros((4, 4, 2), np.float32), puzzle, entries))
    assert (values[0, 0], values[0, 1], values[3, 3], values[1, 1]) == (PRINTED, 2, 1, 0)


def test_the_text_network_is_trained_and_exported(data, tmp_path, monkeypatch):
    monkeypatch.setattr("futoshiki.training.text.PAGES", 8)
    train_text(SampleSet(data, 64, 4), Run(tmp_path / "first", replace(REGIME, batch_size=16)))
    network = Network(TEXT, finish_run(tmp_path / "first"))
    assert network(np.zeros((3, 1, TILE, TILE), np.float32)).shape == (3, 4)
    assert [row["epoch"] for row in read_metrics(tmp_path / "first" / "metrics.csv")] == [1, 2]
    still = Run(tmp_path / "next", replace(REGIME, epochs=1, batch_size=16, learning_rate=0.0, late_learning_rate=0.0))
    first = tmp_path / "first" / BEST
    begun = train_text(SampleSet(data, 64, 4), still, weights=first)
    assert torch.equal(load_file(begun)["head.2.weight"], load_file(first)["head.2.weight"])


def test_sheets_of_small_type_repeat_few_lines(monkeypatch):
    drawn = []
    monkeypatch.setattr("futoshiki.training.text.SHEET", Sheet(least_size=4, size_ratio=1, lines=3))
    monkeypatch.setattr(
        "futoshiki.training.text.glyph_mask", lambda *args: drawn.append(args) or np.full((4, 512), 255, np.uint8)
    )
    assert text_sheet(random.Random(0)).shape == (256, 256)
    assert len(drawn) == 3


def test_tiles_are_turned_by_the_quarter_turns_of_their_label():
    tiles = torch.zeros(5, 1, TILE, TILE, dtype=torch.int8)
    tiles[:, :, :10] = 80  # a bar above
    turned = TurnedTiles(tiles, Draws(40), augment=False)
    for tile, turns in (turned[k] for k in range(40)):
        assert float(torch.rot90(tile, -turns, (1, 2))[0, :10].mean()) == pytest.approx(2.0)
    assert {turned[k][1] for k in range(40)} == {0, 1, 2, 3}


def test_sheets_of_text_give_tiles_with_ink():
    tiles = np.concatenate([sheet_tiles(seed) for seed in range(6)])
    assert tiles.shape == (54, TILE, TILE) and tiles.dtype == np.int8
    assert np.mean([tile.std() > 12 for tile in tiles]) > 0.7


def test_wires_lie_across_the_board_and_leave_most_of_it():
    page = np.full((300, 400, 3), 200, np.uint8)
    cells = np.stack(np.meshgrid(np.arange(5) * 40 + 100, np.arange(5) * 40 + 60), axis=-1).astype(np.float32)
    for seed in range(20):
        wired = lay_wires(random.Random(seed), page, cells)
        changed = wired != page
        assert wired.shape == page.shape and wired.dtype == np.uint8
        assert np.array_equal(wired, lay_wires(random.Random(seed), page, cells))
        assert 0 < changed[60 - 28 : 220 + 28, 100 - 28 : 260 + 28].mean() < 0.5


def test_wires_meet_where_no_sign_is():
    edges = [(r, c, r, c + 1) for r in range(5) for c in range(4)] + [(r, c, r + 1, c) for r in range(4) for c in range(5)]
    signs = [edge for edge in edges if edge != (1, 2, 1, 3)]
    page = np.full((300, 400, 3), 200, np.uint8)
    cells = np.stack(np.meshgrid(np.arange(5) * 40 + 100, np.arange(5) * 40 + 60), axis=-1).astype(np.float32)
    touched = [(lay_wires(random.Random(seed), page, cells, signs) != page)[72:128, 172:228].any() for seed in range(20)]
    assert all(touched)  # around the only free gap


def test_a_shadow_ends_where_it_would_if_the_whole_photo_were_drawn(monkeypatch):
    page = np.full((300, 400, 3), 200, np.uint8)
    cells = np.stack(np.meshgrid(np.arange(5) * 40 + 100, np.arange(5) * 40 + 60), axis=-1).astype(np.float32)
    quick = [lay_wires(random.Random(seed), page, cells) for seed in range(20)]
    monkeypatch.setattr("futoshiki.training.wires.SHADOW_REACH", 100.0)
    for seed, wired in enumerate(quick):
        assert np.abs(lay_wires(random.Random(seed), page, cells).astype(int) - wired).max() <= 1


def test_boards_are_recoloured_or_lose_their_colour():
    chroma = np.random.default_rng(0).normal(size=(2, 100, 100)).astype(np.float32)
    chroma[1] = chroma[0]
    hues, colourless = set(), 0
    for seed in range(80):
        other = recoloured(random.Random(seed), chroma)
        assert other.shape == chroma.shape and other.dtype == np.float32
        assert np.abs(other).max() <= LIMIT
        assert np.array_equal(other, recoloured(random.Random(seed), chroma))
        if other.any():
            red, blue = (float((other[k] * chroma[k]).mean()) for k in (0, 1))
            hues.add((red > 0, blue > 0))
        else:
            colourless += 1
    assert 8 <= colourless <= 32
    assert len(hues) == 4


def test_weights_of_another_network_are_refused_with_a_reason(data, tmp_path):
    weights = ClueNet().state_dict()
    weights["stem.0.0.weight"] = weights["stem.0.0.weight"][:, :1].contiguous()  # as it was for grey boards
    save_file(weights, tmp_path / "old.safetensors")
    with pytest.raises(MissingPartError, match="another architecture"):
        train_clues(SampleSet(data, 8), Run(tmp_path / "run", REGIME, workers=0), weights=tmp_path / "old.safetensors")


def test_few_boards_are_validated_on_too(data, tmp_path):
    train_clues(SampleSet(data, 16, 2), Run(tmp_path, replace(REGIME, epochs=1, batch_size=16), workers=0))
    (row,) = read_metrics(tmp_path / "metrics.csv")
    assert 0 < row["exact_cells"] + row["exact_signs"] <= 2  # both are 0 if nothing was validated on


def test_photos_without_a_legible_board_are_refused_for_reading(tmp_path):
    empty = Mix(empty=1.0, several=0.0)
    (tmp_path / "data").mkdir()
    for seed in range(12):
        write_sample(tmp_path / "data", make_sample(seed, side=160, mix=empty))
    with pytest.raises(TrainingError, match="no legible board"):
        train_clues(SampleSet(tmp_path / "data", 16, 2), Run(tmp_path / "run", REGIME, workers=0))


def test_the_best_grid_network_is_the_one_that_gives_the_truth_most_probability():
    truth = torch.zeros(1, 3, 4, 4)
    truth[:, OPEN, :2], truth[:, CELLS, 0] = 1, NO_TARGET
    batch = (torch.zeros(1, 3, 4, 4), truth, torch.tensor([CELLS_COUNT]))
    unsure = grid_metrics(lambda image: torch.zeros(1, 3, 4, 4), [batch])
    assert unsure["probability"] == pytest.approx(0.5)
    right = (truth.clamp(min=0) * 2 - 1) * 20
    right[:, CELLS, 0] = 20  # where there is no target
    assert grid_metrics(lambda image: right, [batch])["probability"] == pytest.approx(1)
    too_small = (*batch[:2], torch.tensor([CELLS_TOO_SMALL]))
    wrong_cells = right.clone()
    wrong_cells[:, CELLS] = 20
    assert grid_metrics(lambda image: wrong_cells, [too_small])["probability"] == pytest.approx(1)
    assert grid_metrics(lambda image: wrong_cells, [batch])["probability"] < 0.01
    assert TRAINABLE["grid"].monitor == "probability"


def test_the_probability_of_the_truth_is_a_geometric_mean_over_cells_and_edges():
    puzzle = Puzzle.of(4, [(0, 0, 3)], [(0, 1, 0, 2)])
    blocks = torch.from_numpy(targets(puzzle))[None]
    batch = (torch.zeros(1, 3, 180, 180), blocks, torch.ones(1), torch.zeros(1, 4, 4, dtype=torch.int64))
    ignorant = clue_metrics(lambda canvas: torch.zeros(1, 27, 9, 9), [batch])
    assert ignorant["probability"] == pytest.approx(math.exp(-(16 * math.log(10) + 24 * math.log(3)) / 40))
    sure = torch.zeros(1, 27, 9, 9).scatter_(1, blocks.clamp(min=0)[:, None], 50.0)
    assert clue_metrics(lambda canvas: sure, [batch])["probability"] == pytest.approx(1)


def test_the_best_row_is_that_of_the_weights_that_were_kept(tmp_path):
    (tmp_path / "metrics.csv").write_text("epoch,iou\n1,0.5\n2,0.7\n3,0.6\n")
    save_file({"weight": torch.zeros(1)}, tmp_path / "best.safetensors", metadata={"epochs": "2"})
    assert best_row(tmp_path)["iou"] == 0.7
