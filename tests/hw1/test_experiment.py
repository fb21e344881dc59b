"""Problem 6 end to end: the experiment with the reference solution, its baselines, its samplers and its tables."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw1_blackbox"
REFERENCE = REPO / "solutions" / "hw1_blackbox"
SIZES = {(1, 2), (2, 2), (1, 3), (1, 4)}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Import a module that lies beside the handout, and forget it after: other homeworks have some of the same name."""
    before = set(sys.modules)
    for folder in (HERE, HERE.parent / "characters", HERE.parent / "experiments"):
        monkeypatch.syspath_prepend(folder)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith((str(HERE.parent), str(REFERENCE))):
            del sys.modules[name]


@pytest.fixture
def reference(load):
    return load("trial").load_solution(REFERENCE)


@pytest.fixture
def run(load) -> Callable[..., int]:
    """The experiment in this process, which need not import PyTorch again; tests/homeworks runs it as a command."""

    def main(*arguments: str | Path, solution: Path) -> int:
        return load("experiment").main([*map(str, arguments)], load("trial").load_solution(solution))

    return main


def test_quick_run_with_the_reference(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("--quick", "--out", tmp_path, solution=REFERENCE) == 0

    numbers = json.loads((tmp_path / "quick" / "shots.json").read_text())
    assert {one["seed"] for one in numbers["runs"]} == {1, 2}
    assert len(numbers["runs"]) == 2 * len(SIZES)
    for seed in (1, 2):
        settings = [one["setting"] for one in numbers["runs"] if one["seed"] == seed]
        assert {(setting["num_shots"], setting["num_classes"]) for setting in settings} == SIZES
    for one in numbers["runs"]:
        assert len(one["losses"]) == numbers["schedule"]["steps"]
        assert [at["step"] for at in one["curve"]] == [0, 4, 8, 12, 16, 20]
        assert len(one["hits"]) == numbers["schedule"]["test_episodes"]
        assert np.mean(one["hits"]) == pytest.approx(np.mean(one["by_position"]), abs=1e-6)
        assert 1 / one["setting"]["num_classes"] < one["nearest"] < 1
    text = (tmp_path / "quick" / "shots.md").read_text()
    assert capsys.readouterr().out.strip() == text.strip()
    assert all(text.count(f"| ({k}, {n}) |") == 2 for k, n in SIZES)
    assert (tmp_path / "quick" / "shots.png").read_bytes().startswith(b"\x89PNG")


def test_other_sizes_and_a_split_of_single_characters(run, tmp_path: Path):
    options = ["--study", "order", "--episodes", "2,3", "--hidden", "8", "16", "--split", "classes", "--seeds", "5"]
    assert run("--quick", *options, "--out", tmp_path, solution=REFERENCE) == 0
    runs = json.loads((tmp_path / "quick" / "order.json").read_text())["runs"]
    settings = [run["setting"] for run in runs]
    assert [setting["hidden_dim"] for setting in settings] == [8, 16]
    assert all((s["num_shots"], s["num_classes"], s["shuffled"]) == (2, 3, False) for s in settings)
    assert "| (2, 3) | class order | 8 |" in (tmp_path / "quick" / "order.md").read_text()


def test_an_unfinished_solution_is_told_so(run, capsys: pytest.CaptureFixture[str]):
    assert run("--quick", solution=HERE) == 1
    assert "Not implemented yet" in capsys.readouterr().err


def test_a_missing_data_set_is_told_so(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("--quick", "--data", tmp_path / "nowhere", solution=REFERENCE) == 1
    assert str(tmp_path / "nowhere") in capsys.readouterr().err


def test_intervals(load):
    summary = load("summary")
    assert str(summary.over_episodes((0.0, 1.0) * 50)) == "0.500 ± 0.098"  # 1.96 * 0.5025 / 10
    assert summary.least_loss(3) == pytest.approx(0.2395, abs=5e-5)


def test_the_nearest_neighbour_by_hand(load):
    """Two episodes of one shot: in the first each query image is near its class, in the second only one of three."""
    support = np.array([[0.0], [10.0], [20.0]])
    images = np.array([[support, [[11.0], [19.0], [1.0]]], [support, [[11.0], [9.0], [12.0]]]])  # (2, 2, 3, 1)
    labels = np.eye(3)[[[[0, 1, 2], [1, 2, 0]], [[0, 1, 2], [1, 2, 0]]]]
    assert load("baselines").nearest_neighbour(images, labels) == pytest.approx((1 + 1 / 3) / 2)


def test_images_are_shrunk_to_means_and_centred_on_the_training_classes(load, reference):
    torch = pytest.importorskip("torch")
    characters, trial, experiment = load("characters"), load("trial"), load("experiment")
    images = np.zeros((1, 20, 28, 28), dtype=np.uint8)
    images[0, 3, 0, :3] = 1  # three pixels of ink: 2 of the first square's 4, then 1 of the next
    (shrunk,) = trial.shrunk(characters.Characters(images, ("A/character01",)), 14)
    assert shrunk.shape == (20, 196)
    assert shrunk.dtype == torch.float32
    assert shrunk[3, :3].tolist() == [0.5, 0.25, 0.0]
    known, unseen = experiment.known_and_unseen(reference, None, "alphabets", "test", 14)
    parts = characters.load_characters().split()
    assert (len(known), len(unseen)) == (len(parts["train"].names), len(parts["test"].names))
    assert torch.cat(known).mean(0).abs().max() < 1e-5
    assert torch.cat(unseen).mean(0).abs().max() > 1e-2


def test_a_split_by_class_is_made_by_split_classes(load, reference):
    experiment, characters = load("experiment"), load("characters").load_characters()
    parts = experiment.split_by_class(reference, characters, {"train": 900, "validation": 100, "test": 400})
    assert [len(part.names) for part in parts.values()] == [900, 100, 400]
    names = [name for part in parts.values() for name in part.names]
    assert len(set(names)) == 1400
    row = characters.names.index(parts["test"].names[7])
    assert np.array_equal(parts["test"].images[7], characters.images[row])


class Counting:
    """A sampler of one-shot episodes with four classes: image n of the query shows its class."""

    def __init__(self) -> None:
        self.drawn = 0

    def sample(self):
        import torch

        self.drawn += 1
        labels = torch.eye(4)[torch.tensor([[0, 1, 2, 3], [2, 0, 3, 1]])]
        return labels.argmax(-1, keepdim=True).float(), labels


def test_a_sorted_query_keeps_images_and_labels_together(load):
    pytest.importorskip("torch")
    images, labels = load("trial").SortedQuery(Counting()).sample()
    assert images[:, :, 0].tolist() == [[0, 1, 2, 3]] * 2
    assert labels.argmax(-1).tolist() == [[0, 1, 2, 3]] * 2


def test_a_watched_sampler_looks_before_every_so_many_episodes(load):
    pytest.importorskip("torch")
    counting, seen = Counting(), []
    watched = load("trial").Watched(counting, 3, lambda: seen.append(counting.drawn))
    for _ in range(8):
        watched.sample()
    assert seen == [0, 3, 6]


def test_looking_leaves_the_network_in_training_mode(load, reference):
    torch, trial = pytest.importorskip("torch"), load("trial")
    net = reference.mann.MANN(3, 1, input_dim=5, hidden_dim=4).train()
    images, labels = torch.rand(7, 2, 3, 5), torch.eye(3).expand(7, 2, 3, 3)
    logits = trial.logits_of(net, images, labels)
    assert logits.shape == (7, 2, 3, 3)
    assert net.training
    assert torch.allclose(logits, net(images, labels), atol=1e-6)
