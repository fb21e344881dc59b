"""The handout of HW1 says what is so: its worked numbers, its example of an episode, its picture."""

from __future__ import annotations

import importlib.util
import math
import re
import runpy
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw1_blackbox"
SOLUTION = REPO / "solutions" / "hw1_blackbox"
HANDOUT = (HERE / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def mann() -> dict:
    return runpy.run_path(str(SOLUTION / "mann.py"))


def test_the_worked_loss(mann: dict):
    """The rows of the table in problem 4, read from the handout."""
    torch = pytest.importorskip("torch")
    rows = re.findall(r"^\| (\d) \| (\S+) \| (\S+) \| (\S+) \| (\d) \| (\d\.\d{4}) \|$", HANDOUT, re.MULTILINE)
    assert len(rows) == 3
    query = torch.tensor([[float(z.replace("−", "-")) for z in row[1:4]] for row in rows], dtype=torch.float64)
    targets = torch.tensor([int(row[4]) for row in rows])
    one_hot = torch.eye(3, dtype=torch.float64)
    logits, labels = (torch.stack([one_hot, last])[None] for last in (query, one_hot[targets]))  # (1, 2, 3, 3)

    assert [f"{-value:.4f}" for value in query.log_softmax(-1)[range(3), targets]] == [row[5] for row in rows]
    (mean,) = re.findall(r"\| mean \| \*\*(\S+)\*\* \|", HANDOUT)
    assert f"{mann['query_loss'](logits, labels):.4f}" == mean
    assert "0.333… in the" in HANDOUT
    assert mann["query_accuracy"](logits, labels) == pytest.approx(1 / 3)
    over_the_wrong_axis = torch.nn.functional.cross_entropy(logits[:, -1], targets[None])
    assert f"or {over_the_wrong_axis:.4f} (look" in HANDOUT
    with_one_hot = torch.nn.functional.cross_entropy(logits[:, -1], labels[:, -1])
    assert f"gives {with_one_hot:.4f} with one-hot labels" in HANDOUT


def test_the_least_loss_and_the_number_of_parameters(mann: dict):
    start, least = (re.findall(rf"^\| {row} \|(.*)\|$", HANDOUT, re.MULTILINE)[0] for row in
                    (r"at the start, about \$\\log N\$", r"\$L_\{\\min\}\$"))  # fmt: skip
    for n, (given, smallest) in enumerate(zip(start.split("|"), least.split("|"), strict=True), 2):
        assert float(given) == pytest.approx(math.log(n), abs=5e-4)
        assert float(smallest) == pytest.approx(math.log(1 + (n - 1) * math.exp(-2)), abs=5e-4)
    net = mann["MANN"](num_classes=3, num_shots=2, input_dim=5, hidden_dim=4)
    numbers = [sum(p.numel() for p in module.parameters()) for module in net.children()]
    assert f"{numbers[0]} + {numbers[1]} = {sum(numbers)}" in "224 + 108 = 332"
    assert "has 224 + 108 = 332" in HANDOUT


def test_the_example_of_an_episode_is_one():
    """The table in problem 1: columns are classes, no image is there twice, the query's labels are places."""
    rows = re.findall(r"^\| (?:\$k = \d\$|query) \| (\d)(\d) \| (\d)(\d) \| (\d)(\d) \| (\d) (\d) (\d) \|$", HANDOUT,
                      re.MULTILINE)  # fmt: skip
    assert len(rows) == 3
    classes = [row[0:6:2] for row in rows]
    images = [(row[i], row[i + 1]) for row in rows for i in (0, 2, 4)]
    assert classes[0] == classes[1]
    assert len(set(images)) == 9
    assert all(0 <= int(c) < 5 and 0 <= int(m) < 4 for c, m in images)
    for row, of_row in zip(rows, classes, strict=True):
        assert [classes[0][int(place)] for place in row[6:]] == list(of_row)


def test_the_picture_is_of_an_episode():
    pytest.importorskip("matplotlib")
    spec = importlib.util.spec_from_file_location("hw1_picture", HERE / "picture.py")
    assert spec is not None
    assert spec.loader is not None
    picture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(picture)
    images, classes = picture.episode()
    assert images.shape == (3, 3, 28, 28)
    assert classes[:-1] == [[0, 1, 2]] * 2
    assert sorted(classes[-1]) == [0, 1, 2] != classes[-1]
    assert len({image.tobytes() for row in images for image in row}) == 9
    for figure in re.findall(r"!\[.*\]\((.+)\)", HANDOUT):
        assert (HERE / figure).read_bytes().startswith(b"\x89PNG")
        assert (HERE / figure).stat().st_size < 100_000
