"""The handout of HW0 says what is so: its worked numbers."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw0_multitask"
HANDOUT = (HERE / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reference() -> dict:
    return runpy.run_path(str(REPO / "solutions" / "hw0_multitask" / "multitask.py"))


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


def test_two_best_items_that_tie_have_both_the_rank_1(reference: dict):
    torch = pytest.importorskip("torch")
    assert "two best items that tie have both the rank 1" in " ".join(HANDOUT.split())
    scores, relevant = torch.tensor([[2.0, 2.0, 1.0]]), torch.tensor([[True, True, False]])
    assert reference["mean_reciprocal_rank"](scores, relevant, ~relevant & False) == 1


def test_what_training_is_compared_with_is_what_the_check_compares_with():
    text = " ".join(HANDOUT.split())
    assert "better than the constant and than the item means, *and* rank held-out items better than popularity" in text
    calibration = (REPO / "solutions" / "hw0_multitask" / "calibration.json").read_text(encoding="utf-8")
    compared = set(re.findall(r'"gain over ([^,"]+), in standard errors"', calibration))
    assert compared == {"one constant", "each item's mean", "popularity"}
