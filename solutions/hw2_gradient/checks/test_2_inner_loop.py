"""Problem 2: the inner loop."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem

ONE_STEP = "test_one_step_goes_down_the_mean_cross_entropy"
STEPS = "test_as_many_steps_as_asked_for"
RATES = "test_each_parameter_has_its_own_rate"


@problem("2", points="3/2")
def test_one_step_goes_down_the_mean_cross_entropy(
    ask: Ask, quadratic: Any, examples: Any, learner: Any, random_task: Any
) -> None:
    """One step subtracts the rate times the gradient of the mean cross-entropy on the support set."""
    hint = "phi = theta - alpha grad L(theta), where L is the mean cross-entropy of all support images."
    images, labels = examples((1.0, 0.2), (3.0, 1.0), (2.0, -0.5))
    question = {**quadratic(theta=0.4, rate=0.2), "images": images, "labels": labels, "num_steps": 1}
    phi = ask("inner_loop", **question)["adapted"]
    close(phi, {"theta": np.array(0.4 - 0.2 * (0.2 - 1.8 + 1.8) / 3)}, atol=1e-9, what="phi", hint=hint)
    ones = {name: np.array(0.25) for name in learner.inner_lrs}
    question = {**learner.one_set, "inner_lrs": ones, "num_steps": 1}
    ask("inner_loop", **question).same_as_reference(only="adapted", hint=hint)
    images, labels, _, _ = random_task(5, [5, 1, 2, 3], [1] * 4)  # classes of unequal size
    ask("inner_loop", **{**question, "images": images, "labels": labels}).same_as_reference(only="adapted", hint=hint)


@problem("2", points="3/2", needs=[ONE_STEP])
def test_as_many_steps_as_asked_for(ask: Ask, quadratic: Any, examples: Any, learner: Any) -> None:
    """Exactly num_steps steps are taken, each from where the last one ended."""
    images, labels = examples((3.0, 1.0), (3.0, 1.0))
    question = {**quadratic(theta=0.0, rate=0.2), "images": images, "labels": labels}
    hint = "phi_(l+1) = phi_l - alpha grad L(phi_l), for l = 0 ... num_steps - 1: 0 steps leave theta as it is."
    for steps in (3, 2, 0):
        phi = ask("inner_loop", **question, num_steps=steps)["adapted"]
        close(phi, {"theta": np.array(1 - 0.4**steps)}, atol=1e-9, what=f"phi after {steps} steps", hint=hint)
    question = {**learner.one_set, "inner_lrs": {name: np.array(0.3) for name in learner.inner_lrs}}
    ask("inner_loop", **question, num_steps=4).same_as_reference(only="adapted", hint=hint)


@problem("2", points=1, needs=[ONE_STEP])
def test_accuracies_before_and_after_each_step(ask: Ask, quadratic: Any, examples: Any, learner: Any) -> None:
    """There are num_steps + 1 accuracies on the support set: before the first step, and after each."""
    hint = "The first is theta's own accuracy, and the last that of the parameters which are returned."
    images, labels = examples((1.0, 1.0), (1.5, 1.2), (2.0, 2.0), (1.0, 0.7))
    question = {**quadratic(theta=0.0, rate=0.2), "images": images, "labels": labels}
    for steps in (5, 0):
        answer = ask("inner_loop", **question, num_steps=steps)
        answer.same_as_reference(only="support_accuracies", hint=hint)
    for train in (True, False):
        answer = ask("inner_loop", **learner.one_set, num_steps=3, train=train)
        answer.same_as_reference(only="support_accuracies", hint=hint)
    images, labels = examples((1.0, 0.0), (3.0, 2.0))  # the first is right until theta goes to the second
    answer = ask("inner_loop", **{**question, "images": images, "labels": labels}, num_steps=3)
    answer.same_as_reference(only="support_accuracies", hint=hint)


@problem("2", points=1, needs=[ONE_STEP])
def test_each_parameter_has_its_own_rate(ask: Ask, learner: Any) -> None:
    """Each parameter goes down its gradient at the rate that has its name."""
    # The rates stand in another order than the parameters: it is the names that count.
    rates = dict(reversed(learner.inner_lrs.items()))
    ask("inner_loop", **{**learner.one_set, "inner_lrs": rates}, num_steps=2).same_as_reference(
        only="adapted", hint="inner_lrs[name] belongs to parameters[name]."
    )


@problem("2", points="1/2", needs=[ONE_STEP])
def test_rates_and_gradients_are_used_as_they_are(ask: Ask, quadratic: Any, examples: Any) -> None:
    """A negative rate goes up the gradient, and a gradient counts in full, be it large or small."""
    hint = "A learned rate may be negative; and nothing is clipped, rounded to 0 or left out."
    for scale in (1.0, 1e-5):  # a gradient of 92, and one of 0.00092
        images, labels = examples((40.0 * scale, -3.0), (20.0 * scale, -2.0))
        for rate in (0.2, -0.1):
            question = {**quadratic(theta=0.4, rate=rate), "images": images, "labels": labels, "num_steps": 1}
            expected = 0.4 - rate * scale * (40 * 3.4 + 20 * 2.4) / 2
            phi = ask("inner_loop", **question)["adapted"]
            close(phi, {"theta": np.array(expected)}, atol=1e-7, what="phi", hint=hint)


@problem("2", points=2, needs=[STEPS], of="gradients")
def test_the_gradient_goes_through_the_inner_gradients(ask: Ask, quadratic: Any, examples: Any, learner: Any) -> None:
    """With train=True, the adapted parameters' derivative includes how the inner gradients change with theta."""
    hint = "create_graph=True: without it the inner gradient counts as a constant. Where it is 0, phi was cut off."
    images, labels = examples((3.0, 1.0), (1.0, 2.0))
    question = {**quadratic(theta=0.5, rate=0.2), "images": images, "labels": labels, "num_steps": 3}
    gradients = ask("inner_loop_gradients", **question, upstream={"theta": np.array(1.0)})
    close(gradients["theta"], np.array((1 - 0.2 * 2) ** 3), atol=1e-9, what="d phi / d theta", hint=hint)

    question = {**learner.one_set, "inner_lrs": {name: np.array(0.3) for name in learner.inner_lrs}, "num_steps": 2}
    theta = learner.parameters
    upstream, direction = ({name: ask.rng.normal(size=theta[name].shape) for name in theta} for _ in range(2))
    answer = ask("inner_loop_gradients", **question, upstream=upstream)
    answer.same_as_reference(only=list(theta), hint=hint)
    slope = sum(float((answer[name] * direction[name]).sum()) for name in theta)
    moved = [{name: theta[name] + h * direction[name] for name in theta} for h in (1e-5, -1e-5)]
    values = []
    for parameters in moved:
        phi = ask("inner_loop", **{**question, "parameters": parameters})["adapted"]
        values.append(sum(float((upstream[name] * phi[name]).sum()) for name in theta))
    close(slope, (values[0] - values[1]) / 2e-5, atol=1e-7, rtol=1e-6, what="the slope", hint=hint)


@problem("2", points=1, needs=[STEPS, RATES], of="gradients")
def test_the_gradient_reaches_the_inner_rates(ask: Ask, learner: Any) -> None:
    """With train=True, the adapted parameters are differentiable with respect to every inner rate."""
    upstream = {name: ask.rng.normal(size=value.shape) for name, value in learner.parameters.items()}
    hint = "Rates take part as tensors, not as numbers, and a later step knows of earlier ones: create_graph=True."
    for rates in (learner.inner_lrs, {**learner.inner_lrs, "weight": np.array(0.0)}):
        question = {**learner.one_set, "inner_lrs": rates, "num_steps": 2, "upstream": upstream}
        answer = ask("inner_loop_gradients", **question)
        answer.same_as_reference(only=[f"rate of {name}" for name in rates], hint=hint)
        hint = "A rate of 0 takes part, too: it may be about to be learned."


@problem("2", points="1/2", needs=[STEPS, RATES], of="gradients")
def test_without_train_the_inner_gradients_are_constants(ask: Ask, learner: Any) -> None:
    """With train=False, no graph is kept through the inner gradients; the values are the same."""
    question = {**learner.one_set, "num_steps": 2, "train": False}
    hint = "train decides about the graph, not about the steps."
    ask("inner_loop", **question).same_as_reference(only="adapted", hint=hint)
    upstream = {name: ask.rng.normal(size=value.shape) for name, value in learner.parameters.items()}
    gradients = ask("inner_loop_gradients", **question, upstream=upstream).value
    through = {name: float(np.abs(gradients[name] - upstream[name]).max()) for name in upstream}
    constant = all(through[name] < 1e-9 or not gradients[name].any() for name in upstream)
    check_that(
        constant,
        came=f"d adapted / d theta differs from the identity by up to {max(through.values()):.3f}",
        expected="the identity, or nothing at all",
        hint="create_graph=train: a graph that nobody differentiates through costs time and memory.",
        like=through,
        atol=1e-6,
    )


@problem("2", points="1/2", needs=[ONE_STEP])
def test_parameters_and_rates_are_left_as_they_were(ask: Ask, learner: Any) -> None:
    """What the caller gave is as it was: dicts, values, requires_grad, images and labels; `adapted` is a new dict."""
    for train, steps in ((True, 2), (False, 2), (True, 0)):
        seen = ask("after_inner_loop", **learner.one_set, num_steps=steps, train=train).value
        changed = [what for what, is_so in seen.items() if is_so and what != "gradients changed"]
        check_that(
            not changed,
            came=", ".join(changed),
            expected="nothing changed",
            hint="Make a new dict, also for 0 steps, with new tensors: the next task starts from the same parameters.",
        )


@problem("2", points="1/2", needs=[ONE_STEP])
def test_no_gradient_is_left_in_the_parameters(ask: Ask, learner: Any) -> None:
    """The inner loop leaves every .grad of a parameter or a rate as it was: filled, or None."""
    for train in (True, False):
        seen = ask("after_inner_loop", **learner.one_set, num_steps=2, train=train)
        check_that(
            not seen["gradients changed"],
            came="a .grad that is another",
            expected="every .grad as it was",
            hint="torch.autograd.grad returns gradients and touches no .grad, which belongs to the outer optimiser.",
        )
