"""The reference against what is known without it: closed forms, brute force, finite differences, torch.func."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from types import ModuleType

import higher
import numpy as np
import pytest
import torch
from scipy import optimize
from torch import Tensor
from torch.nn import functional

from grader.authoring.mutant import read_mutant
from grader.course.assignment import load_course

ASSIGNMENT = load_course(Path(__file__)).assignment("hw2")


def module(source: str) -> ModuleType:
    made = ModuleType("of_hw2")
    exec(compile(source, "of_hw2.py", "exec"), made.__dict__)
    return made


REFERENCE = ASSIGNMENT.sources(ASSIGNMENT.solution)
protonet, maml = module(REFERENCE["protonet"]), module(REFERENCE["maml"])


@pytest.fixture(scope="module")
def networks() -> dict:
    """The networks with which the probes call solutions."""
    sys.modules |= {"protonet": protonet, "maml": maml}
    try:
        return module(ASSIGNMENT.probes).NETWORKS
    finally:
        del sys.modules["protonet"], sys.modules["maml"]


def mutant(name: str) -> ModuleType:
    mistake = read_mutant(ASSIGNMENT.solution / "mutants" / f"{name}.toml")
    (of,) = {place.partition(".")[0] for place in mistake.places}
    return module(mistake.on(REFERENCE)[of])


# ---- Problem 1

LINE = (
    torch.tensor([[1.0], [0.0], [1.8], [0.4]], dtype=torch.float64),
    torch.tensor([1, 0, 1, 0]),
    torch.tensor([[1.2], [0.7]], dtype=torch.float64),
    torch.tensor([1, 0]),
)
LOSS_ON_THE_LINE = {
    "logits_not_squared": 0.48462,
    "logits_sign_flipped": 1.05225,
    "step_softmax_before_cross_entropy": 0.56496,
    "prototypes_summed": 1.03501,
    "step_prototypes_from_queries": 0.57594,
    "logits_dot_product": 0.70575,
    "step_loss_summed": 0.90451,
}


def loss_on_the_line(solution: ModuleType) -> float:
    loss, _, _ = solution.protonet_step(lambda images: images, [LINE])
    return loss.item()


def test_the_loss_on_the_line() -> None:
    assert loss_on_the_line(protonet) == pytest.approx(0.45225, abs=5e-6)
    in_order = [part[part[:, 0].argsort()] if part.ndim == 2 else part.sort().values for part in LINE]
    loss, _, _ = mutant("prototypes_first_shot_only").protonet_step(lambda images: images, [in_order])
    assert loss.item() == pytest.approx(0.56672, abs=5e-6)


@pytest.mark.parametrize(("name", "loss"), LOSS_ON_THE_LINE.items())
def test_each_mistake_has_a_loss_of_its_own_there(name: str, loss: float) -> None:
    assert loss_on_the_line(mutant(name)) == pytest.approx(loss, abs=5e-6)


def uneven_task(rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    support, query = rng.permutation([0, 0, 0, 1, 1, 2, 2, 2, 2, 3]), rng.permutation([0, 1, 1, 2, 3, 3, 3])
    images = [torch.tensor(rng.normal(size=(len(labels), 3))) for labels in (support, query)]
    return images[0], torch.tensor(support), images[1], torch.tensor(query)


def test_a_step_by_brute_force() -> None:
    rng = np.random.default_rng(1)
    tasks = [uneven_task(rng) for _ in range(3)]
    losses, support_accs, query_accs = [], [], []
    for task in tasks:
        support, labels, query, own = (part.numpy() for part in task)
        centres = [
            sum(x for x, y in zip(support, labels, strict=True) if y == n) / (labels == n).sum() for n in range(4)
        ]
        of_queries = []
        for x, y in zip(query, own, strict=True):
            scores = [np.exp(-sum((x[d] - c[d]) ** 2 for d in range(3))) for c in centres]
            of_queries.append(-np.log(scores[y] / sum(scores)))
        losses.append(np.mean(of_queries))
        for images, truth, found in ((support, labels, support_accs), (query, own, query_accs)):
            nearest = [min(range(4), key=lambda n: np.linalg.norm(x - centres[n])) for x in images]
            found.append(np.mean(np.array(nearest) == truth))
    loss, support_acc, query_acc = protonet.protonet_step(lambda images: images, tasks)
    assert loss.item() == pytest.approx(np.mean(losses), abs=1e-12)
    assert support_acc == pytest.approx(np.mean(support_accs))
    assert query_acc == pytest.approx(np.mean(query_accs))


def test_gradients_of_problem_1_by_finite_differences() -> None:
    rng = np.random.default_rng(2)
    support, labels, query, own = uneven_task(rng)
    weights = torch.tensor(rng.normal(size=(3, 2)), requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: protonet.prototypes(x, labels, 4), support.requires_grad_())
    assert torch.autograd.gradcheck(protonet.protonet_logits, (query.requires_grad_(), support.requires_grad_()))
    task = (support.detach(), labels, query.detach(), own)
    assert torch.autograd.gradcheck(lambda w: protonet.protonet_step(lambda x: x @ w, [task, task])[0], weights)


# ---- Problems 2 and 3: quadratics, of which everything is known

RATE = torch.tensor(0.2, dtype=torch.float64)
TASKS = ((1.0, 0.0), (3.0, 1.0))  # (A, c)


def quadratic(a: float, c: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    images = torch.tensor([[a, c, 0], [a, c, 2], [a, c, 1]], dtype=torch.float64)
    labels = images[:, 2].long()
    return images, labels, images, labels


def outer(networks: dict, theta: float, steps: int, solution: ModuleType = maml) -> tuple[float, float]:
    """The outer loss of the two tasks, and its derivative."""
    parameters = {"theta": torch.tensor(theta, dtype=torch.float64, requires_grad=True)}
    tasks = [quadratic(*task) for task in TASKS]
    loss, _, _ = solution.outer_loss(networks["quadratic"], parameters, tasks, {"theta": RATE}, steps, True)
    return loss.item(), torch.autograd.grad(loss, parameters["theta"])[0].item()


@pytest.mark.parametrize("theta", [-1.5, 0.0, 0.4, 2.0])
def test_the_cross_entropy_of_a_quadratic(networks: dict, theta: float) -> None:
    images, labels, _, _ = quadratic(3.0, 1.0)
    logits = networks["quadratic"]({"theta": torch.tensor(theta, dtype=torch.float64)}, images)
    expected = 1 + 3 * (theta - 1) ** 2 / 2
    assert functional.cross_entropy(logits, labels).item() == pytest.approx(expected, abs=1e-12)
    assert torch.logsumexp(logits, dim=1).abs().max() < 1e-12


@pytest.mark.parametrize("steps", [0, 1, 2, 5])
@pytest.mark.parametrize(("a", "c"), TASKS)
def test_each_step_shrinks_the_distance(networks: dict, a: float, c: float, steps: int) -> None:
    theta = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    images, labels, _, _ = quadratic(a, c)
    phi, accuracies = maml.inner_loop(
        networks["quadratic"], {"theta": theta}, images, labels, {"theta": RATE}, steps, train=True
    )
    assert phi["theta"].item() - c == pytest.approx((1 - 0.2 * a) ** steps * (0.3 - c), abs=1e-12)
    assert torch.autograd.grad(phi["theta"], theta)[0].item() == pytest.approx((1 - 0.2 * a) ** steps, abs=1e-12)
    # An image is recognised where its loss is below log 3: A (phi - c)^2 / 2 < log 3 - 1.
    path = [(1 - 0.2 * a) ** step * (0.3 - c) for step in range(steps + 1)]
    assert accuracies == [float(a * distance**2 / 2 < np.log(3) - 1) for distance in path]


@pytest.mark.parametrize(
    ("solution", "steps", "gradient", "stationary"),
    [
        ("reference", 1, -0.24, 3 / 7),
        ("outer_first_order", 1, -0.6, 3 / 5),
        ("outer_without_adaptation", 1, -1.5, 3 / 4),
        ("outer_one_step_too_many", 1, -0.0384, 3 / 19),
        ("reference", 0, -1.5, 3 / 4),
        ("reference", 2, -0.0384, 3 / 19),
    ],
)
def test_where_each_learner_settles(
    networks: dict, solution: str, steps: int, gradient: float, stationary: float
) -> None:
    learner = maml if solution == "reference" else mutant(solution)
    assert outer(networks, 0.0, steps, learner)[1] == pytest.approx(gradient, abs=1e-12)
    root = optimize.brentq(lambda theta: outer(networks, theta, steps, learner)[1], -1, 2, xtol=1e-13)
    assert root == pytest.approx(stationary, abs=1e-10)


# ---- Problems 2 and 3: a network with a bend in it, where nothing is known but what it computes

SIZES = {"weight_1": (4, 6), "bias_1": (6,), "weight_2": (6, 3), "bias_2": (3,)}


def bent(parameters: dict[str, Tensor], images: Tensor) -> Tensor:
    hidden = torch.tanh(images @ parameters["weight_1"] + parameters["bias_1"])
    return hidden @ parameters["weight_2"] + parameters["bias_2"]


def draws(seed: int) -> tuple[dict[str, Tensor], dict[str, Tensor], list[tuple[Tensor, Tensor, Tensor, Tensor]]]:
    """Parameters, rates that differ, and two tasks."""
    rng = np.random.default_rng(seed)
    parameters = {name: torch.tensor(rng.normal(size=size), requires_grad=True) for name, size in SIZES.items()}
    rates = {name: torch.tensor(rng.uniform(0.1, 0.5), dtype=torch.float64, requires_grad=True) for name in SIZES}
    tasks = []
    for _ in range(2):
        support, query = torch.tensor(rng.permutation([0, 0, 1, 1, 2, 2])), torch.tensor([2, 0, 1, 1])
        images = [torch.tensor(rng.normal(size=(len(labels), 4))) for labels in (support, query)]
        tasks.append((images[0], support, images[1], query))
    return parameters, rates, tasks


def test_the_inner_loop_is_that_of_torch_func() -> None:
    parameters, rates, tasks = draws(3)
    images, labels, _, _ = tasks[0]
    loss = lambda phi: functional.cross_entropy(bent(phi, images), labels)  # noqa: E731
    phi = {name: value.detach() for name, value in parameters.items()}
    for _ in range(3):
        gradients = torch.func.grad(loss)(phi)
        phi = {name: value - rates[name].detach() * gradients[name] for name, value in phi.items()}
    for train in (True, False):
        adapted, accuracies = maml.inner_loop(bent, parameters, images, labels, rates, 3, train)
        for name, value in phi.items():
            torch.testing.assert_close(adapted[name].detach(), value, rtol=0, atol=1e-12)
        assert len(accuracies) == 4


def test_outer_gradients_by_finite_differences() -> None:
    """Of every parameter and of every inner rate, through two inner steps."""
    parameters, rates, tasks = draws(4)
    names = list(parameters)

    def loss(*tensors: Tensor) -> Tensor:
        theta, alpha = dict(zip(names, tensors, strict=False)), dict(zip(names, tensors[len(names) :], strict=True))
        found: Tensor = maml.outer_loss(bent, theta, tasks, alpha, 2, True)[0]
        return found

    assert torch.autograd.gradcheck(loss, [*parameters.values(), *rates.values()], eps=1e-6, atol=1e-7)


def test_the_outer_gradient_is_that_of_torch_func() -> None:
    parameters, rates, tasks = draws(5)

    def loss(theta: dict[str, Tensor]) -> Tensor:
        of_tasks = []
        for support, labels, query, own in tasks:
            inner = torch.func.grad(lambda phi, x=support, y=labels: functional.cross_entropy(bent(phi, x), y))
            phi = theta
            for _ in range(2):
                gradients = inner(phi)
                phi = {name: phi[name] - rates[name].detach() * gradients[name] for name in phi}
            of_tasks.append(functional.cross_entropy(bent(phi, query), own))
        return sum(of_tasks) / len(of_tasks)

    expected = torch.func.grad(loss)({name: value.detach() for name, value in parameters.items()})
    found = maml.outer_loss(bent, parameters, tasks, rates, 2, True)[0]
    gradients = torch.autograd.grad(found, list(parameters.values()))
    for name, gradient in zip(parameters, gradients, strict=True):
        torch.testing.assert_close(gradient, expected[name], rtol=0, atol=1e-12)


def test_the_outer_gradient_is_that_of_a_meta_learning_library() -> None:
    """higher (Grefenstette et al., 2019) unrolls the optimiser of an nn.Module; here with one rate for all."""
    net = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3)).double()
    _, _, tasks = draws(8)
    total = 0.0
    for support, labels, query, own in tasks:
        descent = torch.optim.SGD(net.parameters(), 0.3)
        with higher.innerloop_ctx(net, descent, copy_initial_weights=False) as (adapted, steps):
            for _ in range(3):
                steps.step(functional.cross_entropy(adapted(support), labels))
            loss = functional.cross_entropy(adapted(query), own) / len(tasks)
            loss.backward()
            total += loss.item()

    theta = {name: value.detach().clone().requires_grad_() for name, value in net.named_parameters()}
    rates = maml.initial_inner_lrs(theta, 0.3, False)
    found, _, _ = maml.outer_loss(
        lambda phi, images: torch.func.functional_call(net, phi, (images,)), theta, tasks, rates, 3, True
    )
    found.backward()
    assert found.item() == pytest.approx(total, abs=1e-12)
    for value, parameter in zip(theta.values(), net.parameters(), strict=True):
        torch.testing.assert_close(value.grad, parameter.grad, rtol=0, atol=1e-12)


# ---- Problems 4 and 5


def test_meta_training_is_adam_by_hand(networks: dict) -> None:
    """On the two quadratics, with the closed form of the outer gradient and Adam written out."""
    theta, expected, first, second = 0.0, 0.0, 0.0, 0.0
    parameters = {"theta": torch.tensor(theta, dtype=torch.float64, requires_grad=True)}
    batch = [quadratic(*task) for task in TASKS]
    losses = maml.meta_train(networks["quadratic"], parameters, [batch] * 7, {"theta": RATE}, 1, 0.1)
    for update in range(1, 8):
        shrink = [(a, c, 1 - 0.2 * a) for a, c in TASKS]
        loss = 1 + np.mean([a * (k * (expected - c)) ** 2 / 2 for a, c, k in shrink])
        gradient = np.mean([a * k**2 * (expected - c) for a, c, k in shrink])
        assert losses[update - 1] == pytest.approx(loss, abs=1e-9)
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        expected -= 0.1 * (first / (1 - 0.9**update)) / ((second / (1 - 0.999**update)) ** 0.5 + 1e-8)
    assert parameters["theta"].item() == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("learned", [True, False])
def test_rates_change_if_they_are_learned(learned: bool) -> None:
    parameters, _, tasks = draws(6)
    rates = maml.initial_inner_lrs(parameters, 0.25, learned)
    maml.meta_train(bent, parameters, [tasks, tasks], rates, 2, 0.01)
    assert all((rate.item() != 0.25) is learned for rate in rates.values())
    assert all(rate.dtype == torch.float64 and rate.shape == () for rate in rates.values())


def test_the_interval_by_the_standard_library() -> None:
    accuracies = [0.2, 0.8, 0.4, 1.0, 0.6]
    mean, half_width = maml.mean_and_interval(accuracies)
    assert mean == pytest.approx(statistics.fmean(accuracies))
    assert half_width == pytest.approx(1.96 * statistics.stdev(accuracies) / 5**0.5)


def test_meta_testing_by_brute_force() -> None:
    parameters, rates, tasks = draws(7)
    found = []
    for support, labels, query, own in tasks:
        phi, _ = maml.inner_loop(bent, parameters, support, labels, rates, 3, train=False)
        found.append(statistics.fmean(float(bent(phi, x[None]).argmax() == y) for x, y in zip(query, own, strict=True)))
    before = {name: value.detach().clone() for name, value in parameters.items()}
    assert maml.meta_test(bent, parameters, tasks, rates, 3) == pytest.approx(maml.mean_and_interval(found))
    assert all(torch.equal(before[name], value) and value.grad is None for name, value in parameters.items())
