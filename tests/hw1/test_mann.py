"""The reference's network, loss and training against formulations that share nothing with it."""

from __future__ import annotations

import copy
import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

SOLUTION = Path(__file__).resolve().parents[2] / "solutions" / "hw1_blackbox"
MANN = runpy.run_path(str(SOLUTION / "mann.py"))
JUDGE = runpy.run_path(str(SOLUTION / "checks" / "conftest.py"))
SIZES = {"num_classes": 3, "num_shots": 2, "input_dim": 4, "hidden_dim": 5}


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture
def net(rng: np.random.Generator) -> Any:
    """The judge's network with random parameters."""
    return JUDGE["Net"](SIZES).filled(rng)


def reference(net: Any) -> Any:
    """The reference's network with the same parameters."""
    model = MANN["MANN"](**SIZES).double()
    with torch.no_grad():
        for name in ("reader", "classifier"):
            lstm = getattr(model, name)
            for theirs, ours in (("weight_ih", "input"), ("weight_hh", "state"), ("bias_ih", "bias_1")):
                getattr(lstm, f"{theirs}_l0").copy_(torch.from_numpy(net.weights[f"{name}_{ours}"]))
            lstm.bias_hh_l0.copy_(torch.from_numpy(net.weights[f"{name}_bias_2"]))
    return model


def lstm_number_by_number(steps: list[list[float]], weights: dict[str, np.ndarray], name: str) -> list[list[float]]:
    """One sequence, one unit and one product at a time (Hochreiter and Schmidhuber, with forget gates)."""
    w, u = weights[f"{name}_input"], weights[f"{name}_state"]
    bias = weights[f"{name}_bias_1"] + weights[f"{name}_bias_2"]
    width = u.shape[1]
    h, c, outputs = [0.0] * width, [0.0] * width, []
    for x in steps:
        gates = []
        for row in range(4 * width):
            gate = float(bias[row])
            gate += sum(float(w[row, i]) * value for i, value in enumerate(x))
            gate += sum(float(u[row, i]) * value for i, value in enumerate(h))
            gates.append(gate)
        new_h, new_c = [], []
        for unit in range(width):
            let_in, keep, new, out = (gates[unit + width * gate] for gate in range(4))
            cell = c[unit] / (1 + math.exp(-keep)) + math.tanh(new) / (1 + math.exp(-let_in))
            new_c.append(cell)
            new_h.append(math.tanh(cell) / (1 + math.exp(-out)))
        h, c = new_h, new_c
        outputs.append(h)
    return outputs


def test_the_network_number_by_number(net: Any, rng: np.random.Generator) -> None:
    images, labels = net.batch(rng, 2)
    expected = []
    for episode, truth in zip(images.tolist(), labels.tolist(), strict=True):
        steps = []
        for k, (row, row_labels) in enumerate(zip(episode, truth, strict=True)):
            for image, label in zip(row, row_labels, strict=True):
                steps.append([*image, *(label if k < 2 else [0.0, 0.0, 0.0])])
        hidden = lstm_number_by_number(steps, net.weights, "reader")
        expected.append(lstm_number_by_number(hidden, net.weights, "classifier"))
    expected_logits = np.array(expected).reshape(2, 3, 3, 3)
    given = torch.from_numpy(images), torch.from_numpy(labels)
    np.testing.assert_allclose(reference(net)(*given).detach().numpy(), expected_logits, atol=1e-12)
    np.testing.assert_allclose(net.logits(images, labels), expected_logits, atol=1e-12)
    np.testing.assert_array_equal(given[1].numpy(), labels)


def test_the_query_depends_on_all_support_images_and_on_no_query_label(net: Any, rng: np.random.Generator) -> None:
    images, labels = (torch.from_numpy(part) for part in net.batch(rng, 2))
    images.requires_grad_()
    labels.requires_grad_()
    reference(net)(images, labels)[0, -1].sum().backward()
    assert (images.grad[0, :-1].abs().amax(-1) > 0).all()
    assert not images.grad[1].any()  # another episode
    assert (labels.grad[0, :-1].abs().amax(-1) > 0).all()
    assert not labels.grad[:, -1].any()


def test_default_sizes() -> None:
    model = MANN["MANN"](5, 1)
    assert sum(p.numel() for p in model.parameters()) == 4 * 128 * (784 + 5 + 128 + 2) + 4 * 5 * (128 + 5 + 2)


def query(*rows: list[float]) -> torch.Tensor:
    """Logits of a support row of noise and of this query row."""
    support = torch.randn(len(rows), len(rows), generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    return torch.stack([support, torch.tensor(rows, dtype=torch.float64)])[None]


def one_hot(*labels: int) -> torch.Tensor:
    eye = torch.eye(len(labels), dtype=torch.float64)
    return torch.stack([eye, eye[list(labels)]])[None]


@pytest.mark.parametrize(
    ("logits", "right", "wrong"),
    [
        (query([1.5, -2, -2], [2, 0, 3], [1, 2.5, 3]), 2.154203, 2.155295),  # the hidden checks'
        (query([3, -0.5, 1.5], [1.5, 2, 2.5], [1, -0.5, 3]), 2.186417, 2.187498),  # the handout's
    ],
)
def test_the_pinned_losses(logits: torch.Tensor, right: float, wrong: float) -> None:
    """A 3-cycle, of which the transpose is another permutation; written out, and over the wrong axis."""
    labels, table = one_hot(1, 2, 0), logits[0, -1].tolist()
    rows = [-math.log(math.exp(row[t]) / sum(map(math.exp, row))) for row, t in zip(table, (1, 2, 0), strict=True)]
    columns = [[row[j] for row in table] for j in range(3)]
    over_images = [
        -math.log(math.exp(column[t]) / sum(map(math.exp, column)))
        for column, t in zip(columns, (1, 2, 0), strict=True)
    ]
    assert sum(rows) / 3 == pytest.approx(right, abs=1e-6)
    assert sum(over_images) / 3 == pytest.approx(wrong, abs=1e-6)
    assert MANN["query_loss"](logits, labels).item() == pytest.approx(right, abs=1e-6)


@pytest.mark.parametrize("ways", [2, 3, 5, 10])
def test_equal_logits_lose_log_n(ways: int) -> None:
    labels = torch.eye(ways).expand(4, 3, ways, ways)
    assert MANN["query_loss"](torch.full(labels.shape, -3.0), labels).item() == pytest.approx(math.log(ways), abs=1e-6)


def test_the_gradient_of_the_loss(rng: np.random.Generator) -> None:
    """By central differences, and 0 outside the query row."""
    logits = torch.from_numpy(rng.normal(size=(2, 3, 4, 4))).requires_grad_()
    labels = torch.from_numpy(np.eye(4)[rng.permuted(np.tile(np.arange(4), (2, 3, 1)), axis=-1)])
    assert torch.autograd.gradcheck(lambda each: MANN["query_loss"](each, labels), (logits,), fast_mode=True)
    gradient = torch.func.grad(MANN["query_loss"])(logits.detach(), labels)
    assert not gradient[:, :-1].any()
    torch.testing.assert_close(gradient[:, -1], (logits[:, -1].softmax(-1) - labels[:, -1]).detach() / 8)


def test_accuracy_of_chosen_logits() -> None:
    labels = one_hot(1, 2, 0)
    for right in range(4):
        chosen = [(1, 2, 0)[n] if n < right else (0, 1, 2)[n] for n in range(3)]
        logits = torch.eye(3, dtype=torch.float64)[chosen].expand(1, 2, 3, 3)
        assert MANN["query_accuracy"](logits, labels) == pytest.approx(right / 3)


class Listed:
    """A sampler of given episodes."""

    def __init__(self, episodes: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
        self.left = list(episodes)

    def sample(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self.left.pop(0)


def test_training_is_adam_on_the_query_loss(net: Any, rng: np.random.Generator) -> None:
    """Adam written out (Kingma and Ba, 2015, algorithm 1), with gradients of torch.func."""
    images, labels = (torch.from_numpy(part) for part in net.batch(rng, 12))
    model = reference(net)
    start = {name: value.detach().clone() for name, value in model.named_parameters()}
    trained = copy.deepcopy(model).eval()
    losses = MANN["train"](trained, Listed(list(zip(images, labels, strict=True))), 4, 3, 0.05)
    assert trained.training

    def loss_of(parameters: dict[str, torch.Tensor], x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        scores = torch.func.functional_call(model, parameters, (x, y))[:, -1]
        return -(scores.log_softmax(-1)[y[:, -1].bool()]).mean()

    first = {name: torch.zeros_like(value) for name, value in start.items()}
    second, expected = copy.deepcopy(first), []
    for step in range(1, 5):
        batch = slice(3 * step - 3, 3 * step)
        gradient, loss = torch.func.grad_and_value(loss_of)(start, images[batch], labels[batch])
        expected.append(loss.item())
        for name, g in gradient.items():
            first[name] = 0.9 * first[name] + 0.1 * g
            second[name] = 0.999 * second[name] + 0.001 * g**2
            m, v = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
            start[name] = start[name] - 0.05 * m / (v.sqrt() + 1e-8)
    assert losses == pytest.approx(expected, abs=1e-9)
    for name, value in trained.named_parameters():
        torch.testing.assert_close(value.detach(), start[name], atol=1e-7, rtol=0)
