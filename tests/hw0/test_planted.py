"""The planted data is what the handout says it is, and loads without torch."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parents[2] / "assignments" / "hw0_multitask"
spec = importlib.util.spec_from_file_location("hw0_planted", HERE / "planted.py")
assert spec is not None
assert spec.loader is not None
planted = importlib.util.module_from_spec(spec)
spec.loader.exec_module(planted)  # on purpose without an entry in sys.modules: a file that is loaded by its path alone
planted_ratings = planted.planted_ratings

SMALL = {"num_users": 70, "num_items": 40, "interactions_per_user": 9}


def pairs(part) -> set[tuple[int, int]]:
    return set(zip(part.user_ids.tolist(), part.item_ids.tolist(), strict=True))


def test_it_needs_no_torch():
    code = f"import sys, runpy; runpy.run_path({str(HERE / 'planted.py')!r}); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_seed_decides_everything():
    one, again, other = (planted_ratings(**SMALL, seed=seed) for seed in (5, 5, 6))
    for part in ("train", "test"):
        for field in ("user_ids", "item_ids", "ratings"):
            assert np.array_equal(getattr(getattr(one, part), field), getattr(getattr(again, part), field))
    assert not np.array_equal(one.train.item_ids, other.train.item_ids)


@pytest.mark.parametrize("held_out", [1, 3])
def test_shapes_types_and_split(held_out: int):
    data = planted_ratings(**SMALL, held_out=held_out, seed=1)
    assert (data.num_users, data.num_items) == (70, 40)
    assert len(data.train) == 70 * (9 - held_out)
    assert len(data.test) == 70 * held_out
    for part in (data.train, data.test):
        assert part.user_ids.shape == part.item_ids.shape == part.ratings.shape == (len(part),)
        assert part.user_ids.dtype == part.item_ids.dtype == np.int64
        assert part.ratings.dtype == np.float32
        assert part.item_ids.min() >= 0
        assert part.item_ids.max() < 40
        assert set(np.unique(part.ratings)) <= set(np.arange(1, 11) / 2)
        assert len(pairs(part)) == len(part), "nobody rates an item twice"
    assert not pairs(data.train) & pairs(data.test), "no test pair is in the training part"
    assert np.array_equal(np.bincount(data.test.user_ids, minlength=70), np.full(70, held_out))


def test_the_masks_say_who_rated_what():
    data = planted_ratings(**SMALL, seed=2)
    seen, relevant = data.seen(), data.relevant()
    assert seen.shape == relevant.shape == (70, 40)
    assert seen.dtype == relevant.dtype == bool
    assert seen.sum() == len(data.train)
    assert relevant.sum() == len(data.test)
    assert not (seen & relevant).any()
    assert seen[data.train.user_ids, data.train.item_ids].all()


def test_align_changes_the_ratings_and_nothing_else():
    together, apart = (planted_ratings(align=align, seed=3) for align in (1.0, 0.0))
    for part in ("train", "test"):
        assert np.array_equal(getattr(together, part).item_ids, getattr(apart, part).item_ids)
        assert not np.array_equal(getattr(together, part).ratings, getattr(apart, part).ratings)


def liking_of_the_chosen(align: float, seed: int) -> float:
    """How much higher the chosen items would be rated than the items left aside, after both biases are taken out."""
    data = planted_ratings(align=align, seed=seed)
    rest = data.expected - data.expected.mean(0, keepdims=True)
    rest -= rest.mean(1, keepdims=True)
    return float(rest[data.seen()].mean() - rest[~data.seen()].mean())


@pytest.mark.parametrize("seed", range(3))
def test_people_like_what_they_choose_only_when_the_tasks_are_aligned(seed: int):
    assert liking_of_the_chosen(1.0, seed) > 0.5
    assert abs(liking_of_the_chosen(0.0, seed)) < 0.05
    assert liking_of_the_chosen(0.0, seed) < liking_of_the_chosen(0.6, seed) < liking_of_the_chosen(1.0, seed)


def geometry(liking: np.ndarray, choices: np.ndarray) -> float:
    """Do users (rows) who choose alike also rate alike? Correlation of the two user-by-user similarity tables."""
    upper = np.triu_indices(len(choices), 1)
    return float(np.corrcoef(np.corrcoef(liking)[upper], np.corrcoef(choices)[upper])[0, 1])


@pytest.mark.parametrize("transpose", [False, True], ids=["users", "items"])
def test_align_acts_on_users_and_on_items(transpose: bool):
    """With align = 0 neither the users' nor the items' likeness in one task says anything about the other task."""
    for align, low, high in ((1.0, 0.2, 1.0), (0.0, -0.03, 0.03)):
        data = planted_ratings(num_users=300, num_items=200, interactions_per_user=40, align=align, seed=4, held_out=5)
        choices = data.seen().astype(float)
        assert low < geometry(*((data.expected.T, choices.T) if transpose else (data.expected, choices))) < high


def test_popular_items_are_chosen_more_often():
    data = planted_ratings(seed=0, popularity=1.5)
    counts = np.sort(data.seen().sum(0))
    assert counts[-60:].sum() > 5 * counts[:60].sum()


@pytest.mark.parametrize(
    "wrong", [{"align": 1.5}, {"align": -0.1}, {"held_out": 0}, {"held_out": 9}, {"interactions_per_user": 41}]
)
def test_an_impossible_world_is_refused(wrong: dict[str, float]):
    with pytest.raises(ValueError, match=r"must lie|need"):
        planted_ratings(**{**SMALL, **wrong})
