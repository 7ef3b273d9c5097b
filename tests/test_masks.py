"""Training on your own outlines, from labels to a network that the solver uses."""

import csv
import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("segmentation_models_pytorch", reason="training needs the extra `train`")
pytest.importorskip("albumentations", reason="training needs the extra `train`")
import torch
from safetensors.torch import load_file, save_file

from futoshiki import solve_image
from futoshiki.drawing.tiles import BAND
from futoshiki.errors import LabelError, MissingPartError, RunExistsError
from futoshiki.evaluation.masks import FARTHEST, TILE_SIDE, Agreement, boundary_distance, panel_of, score_masks, worst_first
from futoshiki.geometry import board_outline, mask_iou, outline_iou
from futoshiki.labels import LabelledPicture, read_labels, write_via
from futoshiki.networks.engine import ModelCard, Network
from futoshiki.networks.grid import AREAS, SIDE, AreaNetwork
from futoshiki.networks.shipped import Networks, trained_network
from futoshiki.reading.reader import Reader
from futoshiki.training.architecture import Architecture
from futoshiki.training.augmentation import Outlined, augmented, each_alone, side_by_side
from futoshiki.training.data import Draws
from futoshiki.training.engine import BEST, LAST, RESUMED_FROM, STATE
from futoshiki.training.masks import HeldOut, MaskViews, dice_loss, mask_loss, mask_regime, split, train_masks
from futoshiki.training.models import grid_model
from futoshiki.training.regime import Regime, Run
from futoshiki.training.report import interval, write_report
from futoshiki.training.runs import best_row, finish_run, read_metrics
from futoshiki.training.trainable import GridExport
from tests.helpers import SAMPLES, run

REGIME = Regime(epochs=2, learning_rate=2e-3, late_learning_rate=2e-4, late_after=2, batch_size=4)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Dark pages with a light square on them: little to learn, quickly learnt."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    made = []
    for k in range(12):
        pixels = rng.integers(0, 70, (120, 160, 3), dtype=np.uint8)
        x, y, side = rng.integers(10, 60), rng.integers(5, 40), rng.integers(45, 75)
        pixels[y : y + side, x : x + side] = rng.integers(170, 255, (side, side, 3), dtype=np.uint8)
        path = folder / f"p{k:02}.png"
        Image.fromarray(pixels).save(path)
        made.append(LabelledPicture(path, (np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]], float),)))
    write_via(folder, made)
    return made


def small(pictures, folder, *, regime=REGIME, resume=False, arch="Unet", test=0.0, keep=True):
    run = Run(folder, regime, resume, workers=0, keep_optimizer=keep)
    return train_masks(pictures, run, Architecture(arch, weights=None), HeldOut(test=test), views=8)


def test_splits_are_seeded_complete_and_apart(pictures):
    quarter = HeldOut(test=0.25)
    parts = split(pictures, quarter, seed=3)
    names = [{picture.path.name for picture in part} for part in parts]
    assert [len(part) for part in parts] == [7, 2, 3]
    assert len(names[0] | names[1] | names[2]) == 12
    again = split(pictures[::-1], quarter, seed=3)
    assert [[p.path for p in part] for part in again] == [[p.path for p in part] for part in parts]
    train, validation, test = split(pictures, HeldOut(test=pictures[:4]), seed=3)
    assert test == pictures[:4]
    assert not {p.path for p in test} & {p.path for p in train + validation}
    with pytest.raises(LabelError, match="3 pictures to train on"):
        split(pictures[:3], HeldOut())


def test_views_are_pairs_of_one_size_and_the_same_each_time(pictures):
    views = MaskViews(pictures, Draws(30))
    image, mask = views[5]
    assert image.shape == (3, SIDE, SIDE)
    assert mask.shape == (1, SIDE, SIDE)
    assert set(np.unique(mask)) <= {0.0, 1.0}
    assert torch.equal(image, views[5][0])
    views.epoch = 1
    assert not torch.equal(image, views[5][0])
    plain, whole = MaskViews(pictures)[0]
    assert float(plain[0][whole[0] > 0].mean()) > float(plain[0][whole[0] == 0].mean()) + 1
    assert abs(float(whole.sum()) / SIDE**2 - cv2.contourArea(pictures[0].polygons[0].astype(np.float32)) / 160**2) < 0.02


def outlined(picture):
    return Outlined.whole(np.asarray(Image.open(picture.path)), picture.polygons)


def test_outlines_move_with_their_pictures(pictures):
    picture = outlined(pictures[0])
    alone = each_alone(picture)
    assert {"HorizontalFlip", "RandomRotate90", "Affine", "Perspective", "RandomShadow"} <= {name for name, _ in alone}
    for _, view in [*alone, *(("sample", augmented(picture, seed)) for seed in range(8))]:
        assert view.pixels.shape == (SIDE, SIDE, 3)
        inside = view.mask()[..., 0] > 0
        if inside.any():
            grey = view.pixels.mean(axis=-1)
            assert abs(np.median(grey[inside]) - np.median(grey[~inside])) > 20


def test_outlines_move_as_exactly_as_masks_do(pictures):
    bright = np.zeros((300, 400, 3), np.uint8)
    corners = np.array([[80.0, 60], [260, 80], [250, 240], [70, 230]])
    cv2.fillPoly(bright, [corners.astype(np.int32)], (255, 255, 255))
    for name, view in each_alone(Outlined.whole(bright, (corners,)))[:4]:
        assert mask_iou(view.mask()[..., 0], (view.pixels[..., 0] > 127) & (view.shown > 0)) > 0.975, name


def test_a_puzzle_counts_if_half_of_it_is_in_view():
    square = np.array([[0.0, 0], [100, 0], [100, 100], [0, 100]])
    page = np.zeros((200, 200, 3), np.uint8)
    for shift, counts in ((-45, True), (-55, False)):
        mask = Outlined.whole(page, (square + [shift, 50],)).mask()
        assert mask.any() == counts
    assert mask.shape == (200, 200, 1)
    padded = Outlined(page, (square + 50,), np.pad(np.ones((200, 110), np.uint8), ((0, 0), (0, 90))))
    assert padded.mask()[:, :110].any() and not padded.mask()[:, 110:].any()  # nothing is marked outside of the picture


def test_pictures_side_by_side_keep_their_scale_and_their_puzzles(pictures):
    left, right = outlined(pictures[0]), outlined(pictures[1])
    joined = side_by_side(left, right, 0.25)
    assert joined.pixels.shape == left.pixels.shape
    assert (joined.pixels[:, :120] == left.pixels[:, 40:]).all() and (joined.pixels[:, 120:] == right.pixels[:, :40]).all()
    assert [tuple(outline[0]) for outline in joined.outlines] == [
        tuple(left.outlines[0][0] - [40, 0]),
        tuple(right.outlines[0][0] + [120, 0]),
    ]


def test_the_loss_is_the_published_one():
    logits = torch.tensor([[[[20.0, 20.0], [-20.0, -20.0]]]])
    truth = torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]])
    # 1 - (2 |A B| + 1) / (|A| + |B| + 1), with A two pixels, B one, and one in common
    assert float(mask_loss(lambda x: logits, (torch.zeros(1, 3, 2, 2), truth))) == pytest.approx(1 - 3 / 4, abs=1e-4)
    nothing = dice_loss(torch.full((1, 1, 2, 2), -20.0), torch.zeros(1, 1, 2, 2))
    assert float(nothing) == pytest.approx(0, abs=1e-4)
    assert float(dice_loss(torch.full((1, 1, 2, 2), 20.0), torch.zeros(1, 1, 2, 2))) == pytest.approx(0.8, abs=1e-4)


def test_a_run_learns_and_leaves_all_that_is_needed(pictures, tmp_path):
    _, validated, tested = small(pictures, tmp_path, test=0.25, regime=replace(REGIME, epochs=4, late_after=4))
    rows = read_metrics(tmp_path / "metrics.csv")
    assert rows[-1]["loss"] < rows[0]["loss"]
    path = finish_run(tmp_path)
    reader = Reader(Networks(grid=trained_network(tmp_path)))
    scores, test_scores = (list(score_masks(part, reader)) for part in (validated, tested))
    assert (len(scores), len(test_scores)) == (2, 3)
    assert all(0 <= part.iou <= 1 and part.distance >= 0 for score in test_scores for part in (score.raw, score.refined))
    report = write_report(tmp_path, scores, test_scores).read_text()
    for told in (
        "| validation | 2 | raw IoU |",
        "| test | 3 | refined boundary distance, % |",
        "2 validation pictures",
        "(examples.png)",
    ):
        assert told in report
    assert "Without a test" in write_report(tmp_path, scores, []).read_text()
    for name in ("config.json", "split.json", "curves.png", "panel.png", "examples.png", "grid.safetensors", BEST, LAST):
        assert (tmp_path / name).stat().st_size > 0
    parts = json.loads((tmp_path / "split.json").read_text())
    assert [len(parts[name]) for name in ("train", "validation", "test")] == [7, 2, 3]
    card = ModelCard.read(path)
    assert card.classes == ("puzzle",)
    assert "7 labelled pictures" in card.data
    network = grid_model(Architecture(weights=str(tmp_path / BEST)), classes=1).eval()
    batch = np.random.default_rng(0).integers(0, 255, (1, 256, 256, 3), dtype=np.uint8)
    with torch.no_grad():
        wanted = GridExport(network)(torch.from_numpy(batch)).numpy()
    assert np.abs(Network(AREAS, path)(batch) - wanted).max() < 0.03
    assert isinstance(trained_network(tmp_path), AreaNetwork)
    assert trained_network(tmp_path)(batch).shape == (1, 3, 256, 256)
    path.with_suffix(".json").unlink()  # the file alone is enough
    assert ModelCard.read(path) == card
    assert isinstance(trained_network(path), AreaNetwork)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"labelled pictures", b"LABELLED pictures"))  # the card may be edited, the network not
    assert "LABELLED" in ModelCard.read(path).data
    trained_network(path)
    path.write_bytes(bytes([*content[:99], content[99] ^ 1, *content[100:]]))
    with pytest.raises(MissingPartError, match="not the file that its card describes"):
        trained_network(path)


def test_a_run_that_was_stopped_says_how_to_use_it(tmp_path):
    with pytest.raises(MissingPartError, match="futoshiki train export"):
        trained_network(tmp_path)


def test_a_resumed_run_equals_an_uninterrupted_one(pictures, tmp_path):
    small(pictures, tmp_path / "through")
    small(pictures, tmp_path / "stopped", regime=replace(REGIME, epochs=1))
    small(pictures, tmp_path / "stopped", resume=True)
    one, other = (load_file(tmp_path / name / LAST) for name in ("through", "stopped"))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_keeps_its_parts_and_others_do_not_touch_them(pictures, tmp_path):
    small(pictures[:8], tmp_path, test=0.25)
    before = json.loads((tmp_path / "split.json").read_text())
    with pytest.raises(RunExistsError):
        small(pictures[4:], tmp_path, test=0.25)
    assert json.loads((tmp_path / "split.json").read_text()) == before
    *_, tested = small(pictures, tmp_path, test=0.25, resume=True, regime=replace(REGIME, epochs=3))  # four more were labelled
    after = json.loads((tmp_path / "split.json").read_text())
    assert [after[name] for name in ("validation", "test")] == [before[name] for name in ("validation", "test")]
    assert [str(picture.path) for picture in tested] == before["test"]
    assert set(after["train"]) == set(before["train"]) | {str(picture.path) for picture in pictures[8:]}
    with pytest.raises(LabelError, match="another run"):
        small(pictures[8:], tmp_path, resume=True)


def test_a_run_that_was_stopped_while_it_was_being_saved_does_not_resume_with_other_weights(pictures, tmp_path, monkeypatch):
    small(pictures, tmp_path, regime=replace(REGIME, epochs=1))
    kept = {name: (tmp_path / name).read_bytes() for name in (LAST, STATE)}
    calls = []

    def killed(*arguments, **options):
        calls.append(1)
        if len(calls) == 2:  # between the files of the second epoch
            raise KeyboardInterrupt
        return save_file(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr("futoshiki.training.engine.save_file", killed)
        with pytest.raises(KeyboardInterrupt):
            small(pictures, tmp_path, resume=True)
    assert kept == {name: (tmp_path / name).read_bytes() for name in kept}
    small(pictures, tmp_path, resume=True)
    assert [row["epoch"] for row in read_metrics(tmp_path / "metrics.csv")] == [1, 2]
    (tmp_path / LAST).write_bytes(kept[LAST])
    with pytest.raises(RunExistsError, match="while it was being saved"):
        small(pictures, tmp_path, resume=True, regime=replace(REGIME, epochs=3))


def test_a_finished_run_is_small_and_says_what_it_lacks_to_be_resumed(pictures, tmp_path):
    small(pictures, tmp_path, regime=replace(REGIME, epochs=1), keep=False)
    assert not any((tmp_path / name).exists() for name in RESUMED_FROM)
    with pytest.raises(RunExistsError, match="--resume continues it"):
        small(pictures, tmp_path)
    with pytest.raises(RunExistsError, match="--keep-optimizer"):
        small(pictures, tmp_path, resume=True)


def test_training_ends_early_when_nothing_becomes_better(pictures, tmp_path, monkeypatch):
    monkeypatch.setattr("futoshiki.training.masks.mask_metrics", lambda model, loader: {"validation_loss": 0.5, "iou": 0.5})
    regime = replace(REGIME, epochs=9, patience=2)
    small(pictures, tmp_path, regime=replace(regime, epochs=2))
    small(pictures, tmp_path, regime=regime, resume=True)  # it is known how long ago the best epoch was
    assert [row["epoch"] for row in read_metrics(tmp_path / "metrics.csv")] == [1, 2, 3]


@pytest.mark.parametrize(("keeps_last", "kept"), [(False, 2), (True, 3)])
def test_the_best_epoch_is_kept_or_the_last_one(pictures, tmp_path, monkeypatch, keeps_last, kept):
    metrics = iter({"validation_loss": 0.5, "iou": score} for score in (0.3, 0.5, 0.4))
    monkeypatch.setattr("futoshiki.training.masks.mask_metrics", lambda model, loader: next(metrics))
    small(pictures, tmp_path, regime=replace(REGIME, epochs=3, keeps_last=keeps_last))
    assert best_row(tmp_path)["epoch"] == kept


@pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
def test_any_kind_of_picture_in_batches_of_one(pictures, tmp_path, mode):
    made = []
    for k, picture in enumerate(pictures[:5]):
        path = tmp_path / f"{k}.png"
        Image.open(picture.path).convert(mode).crop((0, 0, 101 + 7 * k, 117)).save(path)
        made.append(LabelledPicture(path, tuple(np.clip(p, 0, 100) for p in picture.polygons)))
    train_masks(
        made, Run(tmp_path / "run", replace(REGIME, epochs=1, batch_size=1)), Architecture(weights=None), HeldOut(), views=2
    )
    assert finish_run(tmp_path / "run").exists()


def test_the_boundary_distance_is_the_mean_over_both_boundaries():
    a, b, nothing = (np.zeros((100, 100), np.uint8) for _ in range(3))
    a[20:60, 20:60], b[20:60, 22:62] = 1, 1
    assert boundary_distance(a, a) == 0
    assert boundary_distance(nothing, nothing) == 0
    assert boundary_distance(a, nothing) == boundary_distance(nothing, a) == FARTHEST
    assert boundary_distance(a, b) == boundary_distance(b, a)
    # The vertical sides are 2 pixels apart; of the horizontal ones only the ends are not on the other boundary.
    assert 0.9 < boundary_distance(a, b) / 100 * np.hypot(100, 100) < 1.1
    assert boundary_distance(np.ones((50, 50)), np.ones((50, 50))) == 0
    assert Agreement.of(nothing, nothing) == Agreement(1.0, 0.0)


def test_the_interval_of_a_mean_is_that_of_the_bootstrap():
    values = [0.9, 0.94, 0.96, 0.5]
    low, high = interval(values)
    assert 0.5 < low < 0.75 and 0.9 < high < 0.96
    assert interval([0.7] * 4) == pytest.approx((0.7, 0.7))


def test_a_folder_without_a_run_or_with_another_one_is_refused(pictures, tmp_path):
    with pytest.raises(MissingPartError, match="no run that has finished an epoch"):
        finish_run(tmp_path)
    small(pictures, tmp_path, regime=replace(REGIME, epochs=1))
    with pytest.raises(RunExistsError, match="--arch"):
        small(pictures, tmp_path, resume=True, arch="FPN")
    with pytest.raises(MissingPartError, match="has no Foo"):
        small(pictures, tmp_path / "other", arch="Foo")
    assert len(split(pictures[:4], HeldOut(validation=0.9))[0]) == 1


def test_a_run_killed_within_an_epoch_resumes_from_the_epoch_before(pictures, tmp_path, monkeypatch):
    small(pictures, tmp_path / "through")
    calls = []

    def killed(model, batch):
        calls.append(1)
        if len(calls) == 4:  # in the middle of the second epoch
            raise KeyboardInterrupt
        return mask_loss(model, batch)

    with monkeypatch.context() as patch:
        patch.setattr("futoshiki.training.masks.mask_loss", killed)
        with pytest.raises(KeyboardInterrupt):
            small(pictures, tmp_path / "killed")
    with pytest.raises(RunExistsError, match="--resume"):
        small(pictures, tmp_path / "killed")
    small(pictures, tmp_path / "killed", resume=True)
    one, other = (read_metrics(tmp_path / name / "metrics.csv") for name in ("through", "killed"))
    assert [row["epoch"] for row in other] == [1, 2]
    assert other[-1]["loss"] == pytest.approx(one[-1]["loss"], rel=1e-5)


def test_training_can_begin_with_the_shipped_weights():
    model = grid_model(Architecture(weights="shipped"), classes=1)
    head = dict(model.named_parameters())["segmentation_head.0.weight"]
    assert head.shape[0] == 1
    assert all(value.isfinite().all() for value in model.state_dict().values())
    with pytest.raises(MissingPartError, match="another architecture"):
        grid_model(Architecture("FPN", weights="shipped"), classes=1)
    with pytest.raises(MissingPartError, match="is missing"):
        grid_model(Architecture(weights="nowhere.safetensors"))


def test_weights_that_need_the_internet_say_so(monkeypatch):
    def offline(*_, **__):
        raise ConnectionError("no route to host")

    monkeypatch.setattr("futoshiki.training.models.smp.create_model", offline)
    with pytest.raises(MissingPartError, match="the ImageNet weights of resnet18 need the internet"):
        grid_model(Architecture(encoder="resnet18"))


def test_first_weights_decide_how_long_is_trained():
    assert mask_regime("imagenet", 5e-4, 8) == replace(Regime(), average_decay=0.98)
    assert mask_regime("shipped", 5e-4, 8).epochs < 40
    assert mask_regime("shipped", 5e-4, 8, epochs=50).epochs == 50


def test_the_commands_from_labels_to_the_solver(pictures, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("newspaper", "small_4x4", "turned", "page_with_crossword", "shared_lines"):
        (folder / f"{name}.jpg").write_bytes((SAMPLES / f"{name}.jpg").read_bytes())
    assert run("label", folder).return_value == 0
    assert "holds labels already" in str(run("label", folder).exception)
    labels = folder / "via_labels.csv"
    labelled = read_labels(labels)
    assert len(labelled) == 5
    for picture in labelled:  # each puzzle of the sample's truth has its outline
        truth = json.loads((SAMPLES / picture.path.name).with_suffix(".json").read_text())
        outline = board_outline(np.array(truth["cells"], float), np.array(truth["corners"], float))
        assert max(outline_iou(polygon, outline) for polygon in picture.polygons) > 0.93
    trained = tmp_path / "run"
    options = ("--epochs", 1, "--views", 8, "--batch", 4, "--weights", "shipped", "--rate", 1e-5, "--workers", 0)
    result = run("train", "masks", labels, "-o", trained, *options)
    assert result.exception is None
    assert "mean of 1" in result.output and "boundary distance" in result.output
    assert read_metrics(trained / "metrics.csv")[0]["iou"] > 0.3
    assert f"{trained}: " in result.output and " MB; read " in result.output
    assert (trained / "report.md").exists() and not (trained / STATE).exists()
    shared = tmp_path / "shared.onnx"  # what is handed on: one file
    shared.write_bytes((trained / "grid.onnx").read_bytes())
    solved = run("solve", "--json", "--grid-model", shared, folder / "newspaper.jpg")
    assert json.loads(solved.output)["status"] == "solved"
    assert solve_image(folder / "newspaper.jpg", reader=Reader(Networks(grid=trained_network(trained)))).status == "solved"
    rows = list(
        csv.reader(run("evaluate", labels, "--grid-model", trained, "--csv", "--panel", tmp_path / "p.png").output.splitlines())
    )
    assert len(rows) == 6
    assert rows[0] == ["picture", "raw IoU", "refined IoU", "raw boundary distance, %", "refined boundary distance, %"]
    assert (tmp_path / "p.png").exists()
    assert run("segment", folder / "turned.jpg", "-o", tmp_path / "o.png", "--grid-model", trained).return_value == 0
    before, after = (np.asarray(Image.open(path), int) for path in (folder / "turned.jpg", tmp_path / "o.png"))
    assert (np.abs(before - after).max(axis=-1) > 20).mean() > 0.02


def test_videos_are_segmented_frame_by_frame(tmp_path):
    photo = np.asarray(Image.open(SAMPLES / "small_4x4.jpg").resize((320, 240)))
    source = tmp_path / "in.avi"
    writer = cv2.VideoWriter(str(source), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    for shift in range(6):
        writer.write(np.roll(photo[..., ::-1], 4 * shift, axis=1))
    writer.release()
    for name, count in (("out.mp4", 6), ("out.gif", 6)):
        assert run("segment", source, "-o", tmp_path / name).return_value == 0
        capture = cv2.VideoCapture(str(tmp_path / name))
        frames = 0
        while capture.read()[0]:
            frames += 1
        assert frames == count
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    assert "not a video" in str(run("segment", broken, "-o", tmp_path / "x.mp4").exception)


def test_augment_draws_a_sheet(pictures, tmp_path):
    mask = tmp_path / "mask.png"
    Image.fromarray(pictures[0].mask(120, 160)[..., 0] * 255).save(mask)
    assert run("augment", pictures[0].path, mask, "-o", tmp_path / "a.png").return_value == 0
    with Image.open(tmp_path / "a.png") as sheet:
        assert sheet.width > 1200
        assert sheet.height > 1000
    assert "must be alike" in str(run("augment", SAMPLES / "turned.jpg", mask, "-o", tmp_path / "a.png").exception)


def test_a_panel_shows_the_worst_first(pictures):
    scores = list(score_masks(pictures[:2], Reader()))
    perfect, missed = Agreement(1.0, 0.0), Agreement(0.0, 100.0)
    scores = [replace(scores[0], raw=perfect, refined=perfect), replace(scores[1], raw=perfect, refined=missed)]
    assert worst_first(scores) == scores[::-1]
    panel = panel_of(worst_first(scores))
    gap, row = 4, TILE_SIDE + BAND + 4
    for k, score in enumerate(scores[::-1]):
        height, width = score.view.shape[:2]
        top = gap + k * row
        assert (panel[top : top + height, gap : gap + width] == score.view).all()
    assert panel.shape[1] == 4 * (TILE_SIDE + gap) + gap
