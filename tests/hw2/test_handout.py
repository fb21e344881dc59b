"""The handout of HW2 says what is so: its signatures, its worked numbers, its figures."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
HERE = REPO / "assignments" / "hw2_gradient"
SOLUTION = REPO / "solutions" / "hw2_gradient"
HANDOUT = (HERE / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reference() -> dict:
    return runpy.run_path(str(SOLUTION / "protonet.py")) | runpy.run_path(str(SOLUTION / "maml.py"))


def test_the_signatures_are_those_of_the_modules(reference: dict):
    import inspect

    calls = re.findall(r"^(?:[\w, ]+ = )?(\w+)\(([\w, ]+)\)(?:  #.*)?$", HANDOUT, re.MULTILINE)
    named = {name: arguments.split(", ") for name, arguments in calls}
    for name, arguments in named.items():
        assert list(inspect.signature(reference[name]).parameters) == arguments
    asked = {
        name
        for module in ("protonet", "maml")
        for name in re.findall(
            r'^def (\w+)\((?:.|\n)*?"""Problem', (SOLUTION / f"{module}.py").read_text(), re.MULTILINE
        )
    }
    assert named.keys() == asked


def test_the_prototypes_of_the_worked_example(reference: dict):
    torch = pytest.importorskip("torch")
    images = [torch.tensor(values, dtype=torch.float64)[:, None] for values in ([0, 1.8, 0.4, 1], [0.7, 1.2])]
    task = (images[0], torch.tensor([0, 1, 0, 1]), images[1], torch.tensor([0, 1]))
    loss, _, _ = reference["protonet_step"](torch.nn.Identity(), [task])
    assert loss.item() == pytest.approx(0.45225, abs=5e-6)
    for number, logit in ((0.58033, 0.24), (0.32418, 0.96)):
        assert torch.log1p(torch.exp(torch.tensor(-logit))).item() == pytest.approx(number, abs=5e-6)


def small_task(theta: float):
    """A network of one parameter, and a task for it."""
    torch = pytest.importorskip("torch")
    parameters = {"theta": torch.tensor(theta, dtype=torch.float64, requires_grad=True)}
    images, labels = torch.tensor([[1.0], [-2.0], [0.5]], dtype=torch.float64), torch.tensor([0, 1, 0])
    rates = {"theta": torch.tensor(0.2, dtype=torch.float64)}

    def forward(parameters, images):
        return torch.cat([images * parameters["theta"], torch.zeros_like(images)], dim=1)

    return forward, parameters, (images, labels, images, labels), rates


def test_without_steps_the_outer_loss_is_that_of_theta(reference: dict):
    torch = pytest.importorskip("torch")
    assert "`num_steps` may be 0. Then `adapted` holds the values of `parameters`" in " ".join(HANDOUT.split())
    forward, parameters, task, rates = small_task(0.7)
    adapted, accuracies = reference["inner_loop"](forward, parameters, *task[:2], rates, 0, True)
    assert adapted is not parameters
    assert torch.equal(adapted["theta"], parameters["theta"])
    assert len(accuracies) == 1
    loss, _, _ = reference["outer_loss"](forward, parameters, [task], rates, 0, True)
    plain = torch.nn.functional.cross_entropy(forward(parameters, task[2]), task[3])
    assert torch.equal(loss, plain)
    assert torch.equal(*(torch.autograd.grad(each, parameters["theta"])[0] for each in (loss, plain)))


def test_meta_testing_under_no_grad_raises_as_the_page_says(reference: dict):
    torch = pytest.importorskip("torch")
    (said,) = re.findall(r"raises `RuntimeError: (element 0 of tensors does not require grad)`", HANDOUT)
    forward, parameters, task, rates = small_task(0.7)
    with torch.no_grad():
        with pytest.raises(RuntimeError, match=said):
            reference["meta_test"](forward, parameters, [task, task], rates, 1)
        assert reference["meta_test"](forward, parameters, [task, task], rates, 0)
    assert reference["meta_test"](forward, parameters, [task, task], rates, 1)


def test_the_query_of_the_figure():
    torch = pytest.importorskip("torch")
    assert "1.64, 3.88 and 3.40" in HANDOUT
    means, query = torch.tensor([[0.6, 0.2], [3.4, 0.2], [2.0, 2.8]]), torch.tensor([1.6, 1.0])
    squared = ((query - means) ** 2).sum(dim=1)
    assert squared.tolist() == pytest.approx([1.64, 3.88, 3.40])
    assert torch.softmax(-squared, dim=0).tolist() == pytest.approx([0.78, 0.08, 0.13], abs=0.005)


def test_where_each_learner_settles(reference: dict):
    """The table of problem 3, by the reference: the gradient at 0 and at the point where it is said to be zero."""
    torch = pytest.importorskip("torch")

    def forward(parameters: dict, images):
        """Two classes; the cross-entropy with label 0 is 1 + A (theta - c)^2 / 2, and an image is (A, c)."""
        loss = 1 + images[:, 0] * (parameters["theta"] - images[:, 1]) ** 2 / 2
        return torch.stack([-loss, torch.log(-torch.expm1(-loss))], dim=1)

    def gradient(theta: float, steps: int, train: bool) -> float:
        parameters = {"theta": torch.tensor(theta, dtype=torch.float64, requires_grad=True)}
        batch = []
        for task in ((1.0, 0.0), (3.0, 1.0)):
            images, labels = torch.tensor([task], dtype=torch.float64), torch.tensor([0])
            batch.append((images, labels, images, labels))
        rates = {"theta": torch.tensor(0.2, dtype=torch.float64)}
        loss, _, _ = reference["outer_loss"](forward, parameters, batch, rates, steps, train)
        return torch.autograd.grad(loss, parameters["theta"])[0].item()

    for words, steps, train, at_zero, settles in (
        ("| $-1.5$ | 3/4 |", 0, True, -1.5, 3 / 4),
        ("| $-0.6$ | 3/5 |", 1, False, -0.6, 3 / 5),  # inner gradients that are constants are the first order
        ("| $-0.24$ | 3/7 |", 1, True, -0.24, 3 / 7),
    ):
        assert words in HANDOUT
        assert gradient(0.0, steps, train) == pytest.approx(at_zero)
        assert gradient(settles, steps, train) == pytest.approx(0.0, abs=1e-12)


def test_the_interval_of_the_worked_example(reference: dict):
    assert reference["mean_and_interval"]([0.6, 0.8, 1.0, 0.8]) == pytest.approx((0.8, 0.160), abs=5e-4)


def test_the_figures_can_be_drawn_again(tmp_path: Path):
    pytest.importorskip("matplotlib")
    runpy.run_path(str(HERE / "figures" / "draw.py"))["main"](tmp_path)
    drawn = {path.name for path in tmp_path.iterdir()}
    assert drawn == {path.name for path in (HERE / "figures").glob("*.png")}
