"""Problem 6 end to end: the experiment with the reference solution, its tasks, its baselines and its tables."""

from __future__ import annotations

import argparse
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
HERE = REPO / "assignments" / "hw2_gradient"
CHARACTERS = REPO / "assignments" / "characters"
REFERENCE = REPO / "solutions" / "hw2_gradient"
LEARNERS = [
    "ProtoNet, trained with 1 shot",
    "MAML, rate 0.4, 1 step",
    "MAML, rate 0.04, 2 steps",
    "MAML, rates learned from 0.04, 2 steps",
]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], ModuleType]]:
    """Import a module that lies beside the handout, and forget it after: other homeworks have some of the same name."""
    before = set(sys.modules)
    for folder in (CHARACTERS, HERE.parent / "experiments", HERE):
        monkeypatch.syspath_prepend(folder)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith((str(HERE), str(CHARACTERS), str(REFERENCE))):
            del sys.modules[name]


@pytest.fixture
def run(load) -> Callable[..., int]:
    """The experiment in this process, which need not import PyTorch again; tests/homeworks runs it as a command."""
    return lambda *arguments: load("experiment").main([*map(str, arguments), "--workers", "1"])


def test_quick_run_with_the_reference(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("--quick", "--solution", REFERENCE, "--out", tmp_path) == 0

    numbers = json.loads((tmp_path / "quick" / "numbers.json").read_text())
    settings = numbers["settings"]
    trained = [run for run in numbers["runs"] if run["trained"]]
    assert [(run["name"], run["seed"]) for run in trained] == [(name, seed) for name in LEARNERS for seed in (1, 2)]
    for one in trained:
        assert len(one["trained"]["losses"]) == settings["maml_updates"] == settings["protonet_updates"]
        assert [at for at, _ in one["trained"]["curve"]] == [0, 2, 4]
        assert list(one["by_shots"]) == ["1", "2", "5", "10"]
        assert all(0 <= mean <= 1 and half_width >= 0 for mean, half_width in one["by_shots"].values())
        maml = one["learner"]["inner_lr"] is not None
        assert list(one["trained"]["by_steps"]) == (["0", "1", "2", "5", "10"] if maml else [])
        rates = set(one["trained"]["rates"].values())
        assert len(rates) > 1 if one["learner"]["learned"] else len(rates) == maml
    baselines = {run["name"] for run in numbers["runs"]} - set(LEARNERS)
    assert baselines == {"chance", "nearest neighbour in pixels"}

    text = (tmp_path / "quick" / "table.md").read_text()
    assert capsys.readouterr().out.strip() == text.strip()
    assert all(f"| {name} |" in text for name in [*LEARNERS, *baselines])
    assert text.count("| *MAML, 2 steps: learned from 0.04 − fixed*") == 1
    assert "| `linear` |" in text
    for figure in ("curves.png", "test_time.png"):
        assert (tmp_path / "quick" / figure).read_bytes().startswith(b"\x89PNG")


def test_an_unfinished_solution_is_told_so(run, capsys: pytest.CaptureFixture[str]):
    assert run("--quick") == 1
    assert "Not implemented yet" in capsys.readouterr().err


def test_what_cannot_be_found_is_said_in_one_line(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for option in ("--data", "--solution"):
        reference = ["--solution", REFERENCE] if option == "--data" else []
        assert run("--quick", option, tmp_path / "nowhere", *reference) == 1
        said = capsys.readouterr().err
        assert "nowhere" in said
        assert said.count("\n") == 1


def test_tasks_have_different_characters_and_drawings(load):
    torch = pytest.importorskip("torch")
    episodes = load("episodes")
    names = torch.arange(7 * 20).view(7, 20, 1, 1).expand(7, 20, 2, 2)  # each image holds its own number
    sampler = episodes.TaskSampler(names, num_classes=3, seed=0)
    orders = set()
    for _ in range(50):
        support, support_labels, query, query_labels = sampler.task(num_shots=2, num_queries=4)
        assert support.shape == (6, 1, 2, 2)
        assert query.shape == (12, 1, 2, 2)
        assert support_labels.dtype == torch.int64
        drawings = torch.cat([support, query])[:, 0, 0, 0].tolist()
        labels = torch.cat([support_labels, query_labels]).tolist()
        assert len(set(drawings)) == 18
        character = dict(zip(labels, (drawing // 20 for drawing in drawings), strict=True))
        assert len(set(character.values())) == 3
        assert all(character[label] == drawing // 20 for label, drawing in zip(labels, drawings, strict=True))
        assert sorted(support_labels.tolist()) == [0, 0, 1, 1, 2, 2]
        orders.add(tuple(support_labels.tolist()))
    assert len(orders) > 20, "rows come in random order"


def test_the_same_seed_gives_the_same_tasks(load):
    torch = pytest.importorskip("torch")
    episodes = load("episodes")
    images = torch.rand(7, 20, 2, 2)
    one, again, other = (episodes.TaskSampler(images, 3, seed).batch(2, 1, 2) for seed in (5, 5, 6))
    assert all(torch.equal(a, b) for a, b in zip(one[1], again[1], strict=True))
    assert not torch.equal(one[0][0], other[0][0])


def test_images_are_halved_by_means(load):
    episodes = load("episodes")
    images = np.zeros((1, 20, 28, 28), dtype=np.uint8)
    images[0, 3, 2:4, 6:8] = [[1, 0], [1, 1]]
    small = episodes.halved(images)
    assert tuple(small.shape) == (1, 20, 14, 14)
    assert small[0, 3, 1, 3] == 0.75
    assert small.sum() == 0.75


def test_learners_are_named_by_texts(load):
    learners = load("learners")
    assert learners.learner("protonet:5").name == "ProtoNet, trained with 5 shots"
    assert learners.learner("maml:0.4:1").name == "MAML, rate 0.4, 1 step"
    one = learners.learner("maml:0.04:5:learned")
    assert (one.inner_lr, one.steps, one.learned, one.shots) == (0.04, 5, True, 1)
    for text in ("protonet", "protonet:0", "maml:0.4", "maml:0.4:1:fixed", "maml:0.4:0", "reptile:1", "maml:a:1"):
        with pytest.raises(argparse.ArgumentTypeError, match=r"is no learner\. Write it like"):
            learners.learner(text)


def test_evaluation_happens_between_updates(load):
    learners = load("learners")
    seen: list[str] = []

    class Sampler:
        def batch(self, *sizes: int) -> str:
            seen.append("batch")
            return "batch"

    watched = learners.Watched(
        Sampler(), learners.Settings(points=2), updates=4, shots=1, evaluate=lambda: seen.append("look") or (0.5, 0.1)
    )
    for _ in watched:
        seen.append("update")
    once = ["batch", "update"]
    assert seen == ["look", *once, *once, "look", *once, *once, "look"]
    assert watched.curve == [(0, (0.5, 0.1)), (2, (0.5, 0.1)), (4, (0.5, 0.1))]


def test_pairs_differ_in_one_thing_and_are_compared_within_a_seed(load):
    learners, summary = load("learners"), load("summary")
    texts = ("protonet:1", "protonet:5", "maml:0.4:1", "maml:0.04:1", "maml:0.04:5", "maml:0.04:5:learned")
    runs = [
        summary.Run(of.name, seed, {1: (0.1 * place + 0.2 * seed, 0.01)}, of)
        for seed in (2, 1)
        for place, of in enumerate(map(learners.learner, texts))
    ]
    assert [what for what, _, _ in summary.comparisons(runs)] == [
        "ProtoNet, trained with 5 − 1 shots",
        "MAML, 1 step: rate 0.4 − 0.04",
        "MAML, rate 0.04: 5 − 1 steps",
        "MAML, 5 steps: learned from 0.04 − fixed",
    ]
    _, one, other = summary.comparisons(runs)[1]
    assert summary.difference(runs, one, other, shots=1) == pytest.approx([-0.1, -0.1])
    assert "0.500 ± 1.271 (tasks ± 0.010)" in summary.table(runs, "title")  # 12.71 * 0.1414 / sqrt(2)


def test_baselines_by_hand(load):
    torch = pytest.importorskip("torch")
    baselines = load("baselines")
    assert baselines.chance(5) == 0.2
    support, query = torch.eye(4)[[0, 1]].view(2, 1, 2, 2), torch.eye(4)[[1, 0, 1]].view(3, 1, 2, 2)
    task = (support, torch.tensor([1, 0]), query, torch.tensor([0, 1, 1]))
    assert baselines.pixel_accuracies([task]) == pytest.approx([2 / 3])
