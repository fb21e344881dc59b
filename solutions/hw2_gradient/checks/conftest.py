"""What several files of checks share: tasks drawn at random, tasks that are quadratics, and a small world of images."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.judge import Ask

Task = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # support images and labels, query images and labels


@pytest.fixture
def random_task(ask: Ask) -> Any:
    """A function that draws a task: `shots` and `queries` say how many images each class has, in shuffled order."""

    def drawn(dimension: int, shots: Sequence[int], queries: Sequence[int]) -> Task:
        centres = ask.rng.normal(size=(len(shots), dimension))
        sets = []
        for counts in (shots, queries):
            labels = ask.rng.permutation(np.repeat(np.arange(len(counts)), counts))
            sets += [centres[labels] + ask.rng.normal(size=(len(labels), dimension)), labels]
        return sets[0], sets[1], sets[2], sets[3]

    return drawn


@dataclass(frozen=True)
class Learner:
    """A linear classifier with a rate for each parameter, and tasks for it."""

    parameters: dict[str, np.ndarray]
    inner_lrs: dict[str, np.ndarray]
    tasks: list[Task]

    @property
    def question(self) -> dict[str, Any]:
        """The arguments that all probes of problems 2 to 5 have in common."""
        return {"network": "linear", "parameters": self.parameters, "inner_lrs": self.inner_lrs}

    @property
    def one_set(self) -> dict[str, Any]:
        """The same for the inner loop, with the support set of the first task."""
        images, labels, _, _ = self.tasks[0]
        return {**self.question, "images": images, "labels": labels}


@pytest.fixture
def learner(ask: Ask, random_task: Any) -> Learner:
    """Four classes in five dimensions, three shots and two queries of each, twelve tasks."""
    parameters = {"weight": ask.rng.normal(size=(5, 4)) / 2, "bias": ask.rng.normal(size=4) / 2}
    rates = {name: np.array(ask.rng.uniform(*ends)) for name, ends in (("weight", (0.1, 0.3)), ("bias", (0.6, 0.9)))}
    return Learner(parameters, rates, [random_task(5, [3] * 4, [2] * 4) for _ in range(12)])


@pytest.fixture
def quadratic() -> Any:
    """A function that makes a question of quadratic tasks: the loss of an example is 1 + a (theta - c)^2 / 2."""

    def question(theta: float, rate: float) -> dict[str, Any]:
        lrs = {"theta": np.array(rate)}
        return {"network": "quadratic", "parameters": {"theta": np.array(theta)}, "inner_lrs": lrs}

    return question


@pytest.fixture
def examples(ask: Ask) -> Any:
    """A function that makes the images and labels of quadratics a (theta - c)^2 / 2, from pairs (a, c)."""

    def made(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
        labels = ask.rng.integers(3, size=len(pairs))
        return np.array([[a, c, label] for (a, c), label in zip(pairs, labels, strict=True)]), labels

    return made


# ---- Signs under changing light


@dataclass(frozen=True)
class World:
    """Small images of signs under changing light, and tasks of which each has signs of its own.

    An image (64,) is 8 x 8 pixels. What tells signs apart is in patterns of middle frequency; light adds slow
    variations that are stronger than the signs, other in every image. So the nearest neighbour in pixels finds images
    under similar light, and a learner has to find out from other tasks what to look at.
    """

    rng: np.random.Generator
    classes: int = 3
    shots: int = 3
    queries: int = 5

    LIGHT, JITTER, NOISE = 2.0, 0.4, 0.15  # in units of the signs' own deviation

    def tasks(self, count: int) -> list[Task]:
        """`count` tasks; no sign comes in two of them."""
        each = self.shots + self.queries
        tasks: list[Task] = []
        for _ in range(count):
            images = self._images(each)  # (classes, each, 64)
            sets = []
            for chosen in (images[:, : self.shots], images[:, self.shots :]):
                order = self.rng.permutation(self.classes * chosen.shape[1])
                labels = np.repeat(np.arange(self.classes), chosen.shape[1])[order]
                sets += [chosen.reshape(-1, 64)[order], labels]
            tasks.append((sets[0], sets[1], sets[2], sets[3]))
        return tasks

    def batches(self, count: int, size: int) -> list[list[Task]]:
        return [self.tasks(size) for _ in range(count)]

    def _images(self, each: int) -> np.ndarray:
        light, signs = self._patterns()
        shape = (self.classes, each)
        sign = self.rng.normal(size=(self.classes, 1, len(signs))) + self.JITTER * self.rng.normal(
            size=(*shape, len(signs))
        )
        lit = self.LIGHT * self.rng.normal(size=(*shape, len(light)))
        return sign @ signs + lit @ light + self.NOISE * self.rng.normal(size=(*shape, 64))

    @staticmethod
    def _patterns() -> tuple[np.ndarray, np.ndarray]:
        """The cosine patterns (n, 64) of light, which are slow, and of signs, which are faster."""
        k = np.arange(8)
        waves = np.cos(np.pi * k[:, None] * (k + 0.5) / 8) * np.where(k == 0, 1, 2**0.5)[:, None] / 8**0.5
        patterns = np.einsum("ix,jy->ijxy", waves, waves).reshape(64, 64)
        speed = np.add.outer(k, k).ravel()
        return patterns[speed <= 2], patterns[(speed > 2) & (speed <= 4)]


@pytest.fixture
def world(ask: Ask) -> World:
    return World(ask.rng)


@pytest.fixture(scope="session")
def nearest_in_pixels() -> Any:
    """A function: the accuracy on tasks of taking the label of the nearest support image."""

    def accuracy(tasks: Sequence[Task]) -> float:
        return float(np.mean([_share(*task) for task in tasks]))

    def _share(support: np.ndarray, labels: np.ndarray, query: np.ndarray, own: np.ndarray) -> float:
        distances = ((query[:, None] - support) ** 2).sum(axis=2)
        return float((labels[distances.argmin(axis=1)] == own).mean())

    return accuracy
