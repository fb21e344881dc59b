"""The handout says what is so: its points, its worked numbers, the files and options that it names."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw0_multitask"
HANDOUT = (HERE / "README.md").read_text(encoding="utf-8")
PROBLEMS = tomllib.loads((HERE / "assignment.toml").read_text())["problems"]


@pytest.fixture(scope="module")
def reference() -> dict:
    return runpy.run_path(str(REPO / "solutions" / "hw0_multitask" / "multitask.py"))


def test_the_points_table_is_the_assignments():
    for problem in PROBLEMS:
        by = "hidden checks" if problem["kind"] == "code" else "hand"
        assert f"| {problem['id']} | {problem['title']} | {problem['points']} | {by} |" in HANDOUT
        (headline,) = re.findall(rf"^## Problem {problem['id']}: .*$", HANDOUT, re.MULTILINE)
        assert f"({problem['points']} points" in headline
    assert f"| | **all** | **{sum(problem['points'] for problem in PROBLEMS)}** | |" in HANDOUT


def test_what_is_graded_by_hand_adds_up():
    written = (HERE / "written.md").read_text(encoding="utf-8")
    for problem in PROBLEMS:
        if problem["kind"] != "code":
            parts = re.findall(rf"^### {problem['id']}[a-z]\. .*\((\d+) points?\)$", written, re.MULTILINE)
            assert sum(map(int, parts)) == problem["points"]
    rubric = (REPO / "solutions" / "hw0_multitask" / "rubric.md").read_text(encoding="utf-8")
    for part in re.findall(r"^### ([78][a-z])\. ", written, re.MULTILINE):
        assert part in rubric


def test_the_worked_numbers(reference: dict):
    torch = pytest.importorskip("torch")
    losses = [torch.tensor(2.0, dtype=torch.float64), torch.tensor(0.5, dtype=torch.float64)]
    assert reference["total_loss"](losses, [0.99, 0.01]).item() == pytest.approx(1.985)
    for positive, negative, loss in ((0, 0, 0.5), (4, -4, 3.3535e-4), (-4, 4, 0.99966)):
        scores = torch.tensor([[positive], [negative]], dtype=torch.float64)
        assert reference["interaction_loss"](*scores).item() == pytest.approx(loss, rel=1e-4)
    for shared, numbers in ((True, 86), (False, 122)):
        net = reference["MultiTaskNet"](7, 5, 3, (4,), shared)
        assert sum(p.numel() for p in net.parameters()) == numbers
        assert str(numbers) in HANDOUT

    scores = -torch.arange(5.0).repeat(3, 1)  # item 0 on top for each of three users
    relevant = torch.zeros(3, 5, dtype=torch.bool)
    for user, ranks in enumerate([(1, 4), (2,), (1, 3, 4)]):
        relevant[user, [rank - 1 for rank in ranks]] = True
    assert reference["mean_reciprocal_rank"](scores, relevant, ~relevant & False) == pytest.approx(0.5509, abs=5e-5)


def test_the_files_it_names_are_there():
    for name in re.findall(r"`(\w+\.(?:py|md))`", HANDOUT):
        assert (HERE / name).is_file(), name
    written = (HERE / "written.md").read_text(encoding="utf-8")
    options = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", HANDOUT + written))
    script = (HERE / "experiment.py").read_text(encoding="utf-8")
    for option in options:
        assert f'"{option}"' in script, option
