"""What the checks share: images that say what they are, and the network written down a second time, without PyTorch."""

from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from grader.judge import Ask, check_that

Weights = dict[str, np.ndarray]
PIXELS = 5
FALSE_ALARM = 1e-9  # probability of failing a correct draw


@dataclass(frozen=True)
class Bank:
    """Images whose every pixel says class and instance: 100 class + instance + an eighth per place in the image - 250.

    So there are negative pixels, and none lies between 0 and 1 in all images.
    """

    counts: tuple[int, ...]  # how many images each class has

    @property
    def images(self) -> list[np.ndarray]:
        """One (M_c, D) for each class."""
        eighths = np.arange(PIXELS, dtype=np.float32) / 8
        return [100 * c - 250 + np.arange(m, dtype=np.float32)[:, None] + eighths for c, m in enumerate(self.counts)]

    def read(self, images: np.ndarray) -> np.ndarray:
        """[class, instance] of each image (..., D) on a new last axis, and [-1, -1] of what is no image of the bank."""
        flat = images.reshape(-1, PIXELS).astype(np.float64)
        known = {image.tobytes(): (c, m) for c, part in enumerate(self.images) for m, image in enumerate(part)}
        read = [known.get(image.astype(np.float32).tobytes(), (-1, -1)) for image in flat]
        return np.array(read, dtype=np.int64).reshape(*images.shape[:-1], 2)


@dataclass(frozen=True)
class Episodes:
    """Episodes that came, read: what class and instance each image is, (E, K+1, N), and the label of each."""

    classes: np.ndarray
    instances: np.ndarray
    labels: np.ndarray  # the place of the largest entry of each label

    @classmethod
    def drawn(cls, ask: Ask, counts: tuple[int, ...], ways: int, shots: int, count: int, **question: Any) -> "Episodes":
        """`count` episodes of the submission's sampler. Ends the check where their shapes are others."""
        bank = Bank(counts)
        question = {"seed": ask.seed, **question}
        answer = ask("sampled", images_by_class=bank.images, num_classes=ways, num_shots=shots, count=count, **question)
        came = [answer["images"].shape[1:], answer["labels"].shape[1:]]
        expected = [(shots + 1, ways, PIXELS), (shots + 1, ways, ways)]
        hint = "images (K+1, N, D) and labels (K+1, N, N), in this order."
        check_that(came == expected, came=f"{came[0]} and {came[1]}", expected="(K+1, N, D) and (K+1, N, N)", hint=hint)
        read = bank.read(answer["images"])
        return cls(read[..., 0], read[..., 1], answer["labels"].argmax(axis=-1))

    def of(self, class_id: int) -> np.ndarray:
        """Which images of this class, which is in each episode, stand in the rows: (E, K+1)."""
        places = (self.classes == class_id).argmax(axis=-1)[..., None]
        return np.take_along_axis(self.instances, places, axis=-1)[..., 0]


@dataclass(frozen=True)
class Net:
    """A MANN as the judge sees it: the arguments that make it, and values for its parameters by role."""

    sizes: dict[str, int]
    weights: Weights = field(default_factory=dict)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Role -> shape of every parameter: weights of the input and of the state, and two biases, of each LSTM."""
        n, d, h = self.sizes["num_classes"], self.sizes["input_dim"], self.sizes["hidden_dim"]
        shapes = {}
        for name, width_in, width in (("reader", d + n, h), ("classifier", h, n)):
            shapes |= {f"{name}_input": (4 * width, width_in), f"{name}_state": (4 * width, width)}
            shapes |= {f"{name}_bias_1": (4 * width,), f"{name}_bias_2": (4 * width,)}
        return shapes

    def filled(self, rng: np.random.Generator) -> "Net":
        """The same network with parameters drawn at random, large enough for every gate to open and shut."""
        weights = {role: rng.normal(scale=1.5 / shape[-1] ** 0.5, size=shape) for role, shape in self.shapes.items()}
        return replace(self, weights=weights)

    def batch(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """`count` episodes: images of noise, and labels in another order in each row and each episode."""
        n, rows = self.sizes["num_classes"], self.sizes["num_shots"] + 1
        orders = rng.permuted(np.tile(np.arange(n), (count, rows, 1)), axis=-1)
        sizes = 4.0 ** rng.uniform(-2, 2, size=(count, rows, n, 1))  # pixels may have any size
        return sizes * rng.normal(size=(count, rows, n, self.sizes["input_dim"])), np.eye(n)[orders]

    def logits(self, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """(B, K+1, N, N), by the equations of an LSTM."""
        batch, rows, n, _ = images.shape
        known = np.concatenate([labels[:, :-1], np.zeros_like(labels[:, -1:])], axis=1)
        steps = np.concatenate([images, known], axis=-1).reshape(batch, rows * n, -1)
        return self._lstm("classifier", self._lstm("reader", steps)).reshape(batch, rows, n, n)

    def _lstm(self, name: str, steps: np.ndarray) -> np.ndarray:
        w = {role.removeprefix(f"{name}_"): value for role, value in self.weights.items() if role.startswith(name)}
        h = c = np.zeros((len(steps), w["state"].shape[1]))
        outputs = []
        for x in steps.swapaxes(0, 1):
            gates = x @ w["input"].T + h @ w["state"].T + w["bias_1"] + w["bias_2"]
            i, f, g, o = np.split(gates, 4, axis=1)
            c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
            h = _sigmoid(o) * np.tanh(c)
            outputs.append(h)
        return np.stack(outputs, axis=1)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return (1 + np.tanh(x / 2)) / 2


def chi_square_bound(degrees: int) -> float:
    """What a chi-square variable exceeds with probability FALSE_ALARM (Wilson and Hilferty's approximation)."""
    z = NormalDist().inv_cdf(1 - FALSE_ALARM)
    return degrees * (1 - 2 / (9 * degrees) + z * (2 / (9 * degrees)) ** 0.5) ** 3


def equally_likely(counts: np.ndarray, what: str, hint: str) -> None:
    """Fails the check unless these counts, of all outcomes that there are, can come from equal chances."""
    expected = counts.sum() / counts.size
    distance = float(((counts - expected) ** 2 / expected).sum())
    bound = chi_square_bound(counts.size - 1)
    check_that(
        distance < bound,
        came=f"chi-square {distance:.0f} for {what}",
        expected=f"less than {bound:.0f}",
        hint=hint,
        like=[int((counts > 0).sum()), distance / counts.sum()],  # which outcomes are there, how unequal they are
        atol=0.25,
    )


@pytest.fixture
def episodes() -> Any:
    """Draws episodes of images that say what they are: `episodes(ask, counts, ways, shots, count)`."""
    return Episodes.drawn


@pytest.fixture
def bank() -> type[Bank]:
    """The images themselves."""
    return Bank


@pytest.fixture
def uniform() -> Any:
    """`uniform(counts, what, hint)`: whether counts can come from equal chances."""
    return equally_likely


@pytest.fixture
def new_net() -> type[Net]:
    """For checks that need other sizes, or fill in the parameters that came back from training."""
    return Net


# No two widths of a network are equal (N, H, D + N), so that a shape names a role, up to the two biases of an LSTM.
@pytest.fixture
def net(ask: Ask) -> Net:
    """A small network with random parameters."""
    return Net({"num_classes": 3, "num_shots": 2, "input_dim": 5, "hidden_dim": 7}).filled(ask.rng)
