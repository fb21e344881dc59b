"""The reference's episodes and splits: every outcome that there should be, equally often, and none besides."""

from __future__ import annotations

import runpy
from collections import Counter
from collections.abc import Hashable
from itertools import combinations, permutations, product
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

torch = pytest.importorskip("torch")

REPO = Path(__file__).resolve().parents[2]
CHECKS = REPO / "solutions" / "hw1_blackbox" / "checks"
EPISODES = runpy.run_path(str(REPO / "solutions" / "hw1_blackbox" / "episodes.py"))
UNLIKELY = 1e-9


def equally_often(came: Counter, legal: list[Hashable]) -> None:
    """Raises AssertionError unless only legal outcomes came, and these as often as one another."""
    assert set(came) == set(legal)
    assert stats.chisquare([came[outcome] for outcome in legal]).pvalue > UNLIKELY


def images_of(*counts: int) -> list[torch.Tensor]:
    """One pixel for each image: 10 class + instance."""
    return [10.0 * c + torch.arange(m, dtype=torch.float32)[:, None] for c, m in enumerate(counts)]


def test_all_episodes_of_a_small_world() -> None:
    """Three classes of two images, 2-way 1-shot: 6 ordered pairs of classes, 2 x 2 images, 2 orders of the query."""
    sampler = EPISODES["EpisodeSampler"](images_of(2, 2, 2), 2, 1, torch.Generator().manual_seed(1))
    came: Counter = Counter()
    for _ in range(4800):
        images, labels = sampler.sample()
        came[tuple(images.flatten().int().tolist()), tuple(labels.argmax(-1).flatten().tolist())] += 1
    legal: list[Hashable] = []
    for (a, b), i, j, swapped in product(permutations(range(3), 2), range(2), range(2), (False, True)):
        query = [10 * a + 1 - i, 10 * b + 1 - j]
        pixels = [10 * a + i, 10 * b + j, *(reversed(query) if swapped else query)]
        legal.append((tuple(pixels), (0, 1, 1, 0) if swapped else (0, 1, 0, 1)))
    assert len(legal) == 48
    equally_often(came, legal)


def test_an_episode_of_several_shots() -> None:
    """Whole and in words: rows of one image of each class, one order in the support, labels that fit."""
    counts = (5, 4, 6, 4, 7)
    sampler = EPISODES["EpisodeSampler"](images_of(*counts), 4, 3, torch.Generator().manual_seed(2))
    for _ in range(200):
        images, labels = sampler.sample()
        assert images.dtype == labels.dtype == torch.float32
        assert images.shape == (4, 4, 1)
        assert labels.shape == (4, 4, 4)
        pixels, classes = images[..., 0].int().numpy(), images[..., 0].int().numpy() // 10
        assert np.unique(pixels).size == 16
        assert (pixels % 10 < np.array(counts)[classes]).all()
        assert len(set(classes[0])) == 4
        assert (classes[:3] == classes[0]).all()
        assert torch.equal(labels[:3], torch.eye(4).expand(3, 4, 4))
        assert sorted(labels[3].argmax(-1).tolist()) == [0, 1, 2, 3]
        assert (classes[0][labels[3].argmax(-1).numpy()] == classes[3]).all()


def test_the_callers_images_stay_as_they_were() -> None:
    images = images_of(3, 3)
    before = [each.clone() for each in images]
    sampler = EPISODES["EpisodeSampler"](images, 2, 2, torch.Generator().manual_seed(3))
    for _ in range(20):
        sampler.sample()[0].fill_(-1.0)
    assert all(torch.equal(a, b) for a, b in zip(images, before, strict=True))


@pytest.mark.parametrize(("counts", "ways", "shots"), [((3, 3), 3, 1), ((3, 2, 3), 2, 2), ((3, 3), 0, 1), ((3,), 1, 0)])
def test_what_cannot_be_drawn_is_refused(counts: tuple[int, ...], ways: int, shots: int) -> None:
    with pytest.raises(ValueError, match=r"classes|images"):
        EPISODES["EpisodeSampler"](images_of(*counts), ways, shots, torch.Generator())


def test_all_splits_of_five_classes() -> None:
    generator, names = torch.Generator().manual_seed(4), ["a", "b", "c", "d", "e"]
    came = Counter(
        tuple(frozenset(part) for part in EPISODES["split_classes"](names, (2, 1, 0, 1), generator))
        for _ in range(3000)
    )
    legal = [
        (frozenset(two), frozenset(one), frozenset(), frozenset(last))
        for two in combinations(names, 2)
        for one, last in permutations([{name} for name in names if name not in two], 2)
    ]
    assert len(legal) == 60
    equally_often(came, list(legal))
    assert names == ["a", "b", "c", "d", "e"]


def test_the_judges_bound_for_equal_chances() -> None:
    """The approximation that the hidden checks use is on the careful side of the exact quantile, and not far off."""
    bound = runpy.run_path(str(CHECKS / "conftest.py"))["chi_square_bound"]
    for degrees in (5, 11, 15, 23):
        exact = stats.chi2.isf(UNLIKELY, degrees)
        assert exact < bound(degrees) < 1.1 * exact


def shuffled_by_uneven_swaps(places: int) -> dict[tuple[int, ...], float]:
    """The chances of all orders when each place is swapped with any place, and not only with one that is left."""
    came: Counter[tuple[int, ...]] = Counter()
    for swaps in product(range(places), repeat=places):
        order = list(range(places))
        for place, other in enumerate(swaps):
            order[place], order[other] = order[other], order[place]
        came[tuple(order)] += 1
    return {order: count / places**places for order, count in came.items()}


def test_uneven_swaps_are_caught() -> None:
    """What the checks of the query's order and of splits state of their power: 4,800 draws of 24 outcomes."""
    chances = np.array([*shuffled_by_uneven_swaps(4).values()])
    distance = 4800 * (24 * (chances - 1 / 24) ** 2).sum()
    bound = runpy.run_path(str(CHECKS / "conftest.py"))["chi_square_bound"](23)
    assert stats.ncx2.sf(bound, 23, distance) == pytest.approx(0.9997, abs=1e-4)
