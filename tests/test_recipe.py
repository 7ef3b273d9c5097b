"""Recipes: reading them, the photos that are made while a network is trained, and a whole run."""

import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("segmentation_models_pytorch", reason="the train extra is not installed")

from safetensors.torch import load_file, save

from futoshiki.errors import MissingPartError, RunExistsError, TrainingError
from futoshiki.networks.engine import ModelCard
from futoshiki.networks.shipped import SPECS
from futoshiki.reading.reader import default_reader
from futoshiki.resources import folder
from futoshiki.training.engine import BEST
from futoshiki.training.follow import TRAINERS, follow
from futoshiki.training.photo_plan import PhotoPlan, is_read
from futoshiki.training.photo_stream import photo_stream
from futoshiki.training.recipe import NETWORKS, read_recipe, recipe_names
from futoshiki.training.regime import Regime
from futoshiki.training.runs import finish_run, measured, read_metrics
from futoshiki.training.synth.sample import Mix, make_sample

SCREENS = Mix(screenshot=1.0, screen=0.0, several=0.0, empty=0.0)
"""Photos that are quickly made and read."""
PLAN = PhotoPlan(seed=500, held_out=2, start=3, fresh=2, most=4, mix=SCREENS)


def test_every_network_that_ships_has_a_recipe():
    recipes = [read_recipe(name) for name in recipe_names()]
    assert {recipe.network for recipe in recipes} == set(SPECS) == set(TRAINERS) == set(NETWORKS)
    assert all(recipe.regime.epochs > 0 and recipe.photos.start > 0 for recipe in recipes)


def test_an_unknown_recipe_is_told_with_those_that_there_are():
    with pytest.raises(TrainingError, match=r"no recipe sauce: .*clues"):
        read_recipe("sauce")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("network = ", "is not a recipe"),
        ('network = "clues"\nversion = 1', "'regime'"),
        ('network = "soup"\nversion = 1\n[photos]\nseed = 1\n[regime]\nepochs = 1\nitems = 2\nbatch = 1\nrate = 1e-3', "soup"),
        ('network = "text"\nversion = 1\n[photos]\nsalt = 1\n[regime]\nepochs = 1\nitems = 2\nbatch = 1\nrate = 1e-3', "salt"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused_with_a_reason(tmp_path, text, reason):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(TrainingError, match=reason):
        read_recipe(str(path))


def test_a_recipe_is_read_and_photos_are_made_without_torch():
    code = "import sys, futoshiki.training.recipe, futoshiki.training.photo_plan; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"


@given(st.builds(PhotoPlan, *[st.integers(0, 50)] * 5), st.integers(0, 9))
def test_an_epoch_draws_from_the_newest_photos_and_never_from_those_that_validate(plan, epoch):
    seeds, later = plan.seeds(epoch), plan.seeds(epoch + 1)
    assert not set(seeds) & set(plan.held_out_seeds())
    assert len(seeds) <= plan.most
    assert later.stop - seeds.stop == plan.fresh


def test_photos_are_made_for_each_epoch_and_deleted_when_they_are_out_of_date(tmp_path):
    with photo_stream(tmp_path, PLAN, 8, workers=1) as photos:
        held_out, first, second = photos.held_out(), photos.at(0), photos.at(1)
    assert [int(sample.path.stem) for sample in held_out] == [500, 501]
    assert [int(sample.path.stem) for sample in first] == [502, 503, 504]
    assert [int(sample.path.stem) for sample in second] == [503, 504, 505, 506]
    assert not first[0].path.exists()
    assert second[0].boards[0].puzzle == make_sample(503, mix=SCREENS).boards[0].puzzle


def test_photos_that_are_there_are_not_made_again_and_those_that_are_kept_stay(tmp_path):
    with photo_stream(tmp_path, PLAN, 8, workers=1, kept=True) as photos:
        path = photos.at(0)[0].path
        made = path.stat().st_mtime_ns
    with photo_stream(tmp_path, PLAN, 8, workers=1, kept=True) as photos:
        assert path not in {sample.path for sample in photos.at(1)}
    assert path.stat().st_mtime_ns == made


def test_of_photos_that_are_read_a_share_is_used(tmp_path):
    plan = replace(PLAN, seed=505, start=6, most=6, fresh=0, kept_right=0.0)
    with photo_stream(tmp_path, plan, 8, workers=1) as photos:
        assert len(photos.held_out()) == 2
        used = {int(sample.path.stem) for sample in photos.at(0)}
    samples = [make_sample(seed, mix=SCREENS) for seed in plan.seeds(0)]
    assert used == {sample.seed for sample in samples if not is_read(sample, default_reader().read(sample.photo))}
    assert 0 < len(used) < 6


def read_sample():
    """A photo that the shipped networks read, and what they give."""
    for seed in range(500, 540):
        sample = make_sample(seed, mix=SCREENS)
        result = default_reader().read(sample.photo)
        if len(sample.boards) == len(result.boards) == 1 and result.board.puzzle == sample.boards[0].puzzle:
            return sample, result
    raise AssertionError("none of forty photos is read")


def test_a_photo_is_read_if_its_boards_are_and_nothing_else():
    sample, result = read_sample()
    board = sample.boards[0]
    assert is_read(sample, result)
    other = replace(board, puzzle=board.puzzle.mirrored())
    assert not is_read(replace(sample, boards=(other,)), result)
    assert not is_read(sample, replace(result, boards=()))
    assert not is_read(replace(sample, boards=()), result)
    doubtful = replace(result.board, status="doubtful")
    assert not is_read(sample, replace(result, boards=(doubtful,)))
    assert is_read(replace(sample, boards=(replace(other, shown=0.7),)), replace(result, boards=()))


def test_with_a_time_limit_the_rate_falls_after_the_same_share_of_the_time():
    regime = replace(Regime.falling(epochs=100, rate=1.0, batch_size=4), minutes=10)
    assert regime.rate(1, seconds=440) == 1.0
    assert regime.rate(1, seconds=460) == 0.1
    assert regime.rate(80, seconds=10) == 0.1


def test_a_recipe_says_what_photos_show(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(TINY.format(share=0.5).replace("several = 0.0", "screenshot = 1.0\nscreen = 0.0\nempty = 1.0"))
    mix = read_recipe(str(path)).photos.mix
    assert {mix.subject(random.Random(seed)) for seed in range(9)} == {"screenshot"}
    assert not make_sample(1, side=160, mix=replace(mix, several=0.0)).boards


TINY = """
version = 3
network = "clues"
weights = "shipped"
[photos]
seed = 700
held_out = 2
start = 4
fresh = 1
most = 4
[photos.mix]
several = 0.0
[regime]
epochs = 3
items = 4
batch = 2
rate = 1e-3
first_share = {share}
"""


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "tiny.toml").write_text(TINY.format(share=1.0))
    return read_recipe(str(tmp_path / "tiny.toml"))


def test_a_recipe_leads_to_a_network_whose_card_names_it(recipe, tmp_path):
    run = tmp_path / "run"
    follow(recipe, run, device="cpu")
    assert not (run / "photos").exists()
    card = ModelCard.read(finish_run(run, more={"right_dev": 0.5}))
    assert "recipe tiny 3, seeds from 700" in card.data
    best = int(card.metrics["epoch"])  # later epochs have not shaped what is kept
    assert f"{4 * best} views of {6 + best - 1} synthetic photos" in card.data
    assert card.metrics["right_dev"] == 0.5
    first, best = load_file(folder("models") / "clues.safetensors"), load_file(run / BEST)
    assert all(torch.allclose(first[name].float(), best[name], atol=1e-5) for name in first if best[name].is_floating_point())


def test_a_share_of_an_anchor_is_kept(recipe, tmp_path):
    run, shipped = tmp_path / "run", load_file(folder("models") / "clues.safetensors")
    (tmp_path / "anchor.safetensors").write_bytes(save({name: torch.ones_like(weights) for name, weights in shipped.items()}))
    follow(replace(recipe, anchor=str(tmp_path / "anchor.safetensors")), run, device="cpu")
    assert all((weights == 1).all() for weights in load_file(run / BEST).values() if weights.is_floating_point())


@pytest.mark.parametrize("part", ["weights", "anchor", "teacher"])
def test_a_missing_file_is_told_before_photos_are_made(recipe, tmp_path, part):
    with pytest.raises(MissingPartError, match=r"nowhere\.safetensors is missing"):
        follow(replace(recipe, **{part: str(tmp_path / "nowhere.safetensors")}), tmp_path / "run", device="cpu")
    assert not (tmp_path / "run").exists()


def test_training_ends_in_time_and_keeps_photos_where_asked(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr("futoshiki.training.follow.LEAST_MINUTES", 1e-6)
    run = tmp_path / "run"
    follow(recipe, run, device="cpu", minutes=1e-6, photos=tmp_path / "photos")
    assert len(read_metrics(run / "metrics.csv")) == 1
    assert len(list((tmp_path / "photos").glob("*.jpg"))) >= 6
    with pytest.raises(RunExistsError, match="holds a run already"):
        follow(recipe, run, device="cpu")


def test_a_network_is_measured_on_folders():
    scores = measured(folder("models") / "clues.onnx", [folder("samples")])
    assert scores["right_samples"] >= scores["solved_samples"] > 0
