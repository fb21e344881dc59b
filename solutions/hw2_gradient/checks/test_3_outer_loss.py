"""Problem 3: the outer loss."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem, varies

INNER = (
    "test_one_step_goes_down_the_mean_cross_entropy",
    "test_as_many_steps_as_asked_for",
    "test_each_parameter_has_its_own_rate",
    "test_parameters_and_rates_are_left_as_they_were",
)
GRADIENTS = (
    "test_the_gradient_goes_through_the_inner_gradients",
    "test_the_gradient_reaches_the_inner_rates",
)
ACCURACIES = "test_accuracies_before_and_after_each_step"
LOSS = "test_the_adapted_parameters_are_judged_on_queries"


def two_quadratics(examples: Any) -> list[Any]:
    """The handout's two tasks, (1, 0) and (3, 1): support and query say the same."""
    return [(*examples((a, c), (a, c)), *examples((a, c), (a, c), (a, c))) for a, c in ((1.0, 0.0), (3.0, 1.0))]


@problem("3", points="3/2", needs=INNER)
def test_the_adapted_parameters_are_judged_on_queries(ask: Ask, quadratic: Any, examples: Any, learner: Any) -> None:
    """The outer loss is the mean over tasks of the adapted parameters' mean cross-entropy on the query set."""
    hint = "Adapt to the support set, compute the loss on the query set with what came out, and average over tasks."
    question = {**quadratic(theta=0.0, rate=0.2), "num_steps": 1}
    ask("outer_loss", **question, task_batch=two_quadratics(examples)).same_as_reference(only="loss", hint=hint)
    for train in (True, False):
        question = {**learner.question, "task_batch": learner.tasks[:3], "num_steps": 2, "train": train}
        ask("outer_loss", **question).same_as_reference(only="loss", hint=hint)


@problem("3", points="1/2", needs=[*INNER, LOSS])
def test_the_loss_is_of_whole_query_sets_alone(ask: Ask, learner: Any) -> None:
    """Query images come to the network together and alone, one call for each query set; without steps nothing else."""
    question = {**learner.question, "task_batch": learner.tasks[:3], "num_steps": 0}
    hint = "Without a step the loss is that of the parameters themselves, on the queries alone."
    ask("outer_loss", **question).same_as_reference(only="loss", hint=hint)
    for steps in (0, 1):
        question = {**learner.question, "network": "centred", "task_batch": learner.tasks[3:6], "num_steps": steps}
        hint = "A network with batch norm sees what it is given together: one query set, all of it."
        ask("outer_loss", **question).same_as_reference(only="loss", hint=hint)


# With inner steps that are wrong, what comes is compared with what these lead to. So no number is written down here;
# tests/hw2/test_reference.py holds the reference to the handout's numbers and to finite differences.
@problem("3", points="3/2", needs=[*INNER, *GRADIENTS, LOSS], of="gradients")
def test_the_outer_gradient_is_of_second_order(ask: Ask, quadratic: Any, examples: Any, learner: Any) -> None:
    """The outer gradient goes through the inner steps; where the outer loss is least it is 0."""
    hint = "Pass train on to the inner loop, and detach nothing."
    tasks = two_quadratics(examples)
    for theta in (0.0, 3 / 7):
        question = {**quadratic(theta=theta, rate=0.2), "task_batch": tasks, "num_steps": 1}
        ask("outer_gradients", **question).same_as_reference(only="theta", atol=1e-9, hint=hint)
    question = {**learner.question, "task_batch": learner.tasks[:3], "num_steps": 2}
    ask("outer_gradients", **question).same_as_reference(only=list(learner.parameters), hint=hint)


@problem("3", points="1/2", needs=[*INNER, *GRADIENTS], of="gradients")
def test_the_outer_gradient_is_the_slope_of_the_outer_loss(ask: Ask, learner: Any) -> None:
    """A small step in any direction changes the outer loss by as much as its gradient says."""
    hint = "Look for what is cut off between the loss and the parameters."
    question = {**learner.question, "task_batch": learner.tasks[:3], "num_steps": 2}
    theta, answer = learner.parameters, ask("outer_gradients", **question)
    direction = {name: ask.rng.normal(size=value.shape) for name, value in theta.items()}
    slope = sum(float((answer[name] * direction[name]).sum()) for name in theta)
    moved = [{name: theta[name] + h * direction[name] for name in theta} for h in (1e-5, -1e-5)]
    ahead, behind = (float(ask("outer_loss", **{**question, "parameters": each})["loss"]) for each in moved)
    close(slope, (ahead - behind) / 2e-5, atol=1e-7, rtol=1e-6, what="the slope", hint=hint)


@problem("3", points=1, needs=[*INNER, *GRADIENTS, LOSS], of="gradients")
def test_the_outer_gradient_reaches_the_inner_rates(ask: Ask, quadratic: Any, examples: Any, learner: Any) -> None:
    """The outer loss is differentiable with respect to every inner rate."""
    hint = "The rates take part in every inner step: pass the tensors on as they are."
    question = {**quadratic(theta=0.0, rate=0.2), "task_batch": two_quadratics(examples), "num_steps": 1}
    ask("outer_gradients", **question).same_as_reference(only="rate of theta", atol=1e-9, hint=hint)
    question = {**learner.question, "task_batch": learner.tasks[:3], "num_steps": 2}
    rates = [f"rate of {name}" for name in learner.inner_lrs]
    ask("outer_gradients", **question).same_as_reference(only=rates, hint=hint)


@problem("3", points=1, needs=[*INNER, ACCURACIES])
def test_accuracies_are_means_over_tasks(ask: Ask, learner: Any) -> None:
    """The accuracies on support before and after each step, and on queries after adaptation, are means over tasks."""
    question = {**learner.question, "task_batch": learner.tasks[:5]}
    for steps, train in ((3, True), (3, False), (0, True)):
        ask("outer_loss", **question, num_steps=steps, train=train).same_as_reference(
            only=["support_accuracies", "query_accuracy"],
            hint="num_steps + 1 means over tasks for the support sets, one for the query sets.",
        )


@problem("3", points=1, needs=INNER)
def test_no_task_knows_of_another(ask: Ask, learner: Any) -> None:
    """Every task starts from the same parameters: the loss of a batch is the mean of its tasks' own, in any order."""
    question = {**learner.question, "num_steps": 2}
    tasks = learner.tasks[:3]
    alone = [float(ask("outer_loss", **question, task_batch=[task])["loss"]) for task in tasks]
    hint = "Call the inner loop with the `parameters` that came in, for each task anew."
    for order in ([0, 1, 2], [2, 0, 1]):
        together = ask("outer_loss", **question, task_batch=[tasks[i] for i in order])["loss"]
        close(float(together), float(np.mean(alone)), atol=1e-9, what="the loss of three tasks", hint=hint)


@problem("3", points="1/2", needs=[*INNER, "test_no_gradient_is_left_in_the_parameters"])
def test_the_outer_loss_changes_nothing(ask: Ask, learner: Any) -> None:
    """Parameters, rates and tasks stay as they were: the dicts, the list, values, requires_grad and every .grad."""
    for train in (True, False):
        question = {**learner.question, "num_steps": 1, "train": train}
        batches = (learner.tasks[2:4], learner.tasks[:2])
        varies(*(ask("outer_loss", **question, task_batch=batch) for batch in batches))  # or doing nothing would do
        seen = ask("after_outer_loss", **question, task_batch=batches[1]).value
        wrong = [what for what, is_so in seen.items() if is_so]
        hint = "The outer loss is only computed here: whatever came in is to be used again as it is."
        check_that(not wrong, came=", ".join(wrong), expected="nothing changed", hint=hint)


@problem("3", points="1/2")
def test_a_batch_without_tasks_is_an_error(ask: Ask, learner: Any) -> None:
    """No task at all is a ValueError: there is no mean loss to return."""
    question = {**learner.question, "num_steps": 1}
    ask("outer_loss", **question, task_batch=learner.tasks[:1])  # or raising always would do
    for nothing in ([], ()):
        hint = "Look at the length of `task_batch` first: an empty tuple is no task, too."
        ask.raises("ValueError", "outer_loss", **question, task_batch=nothing, hint=hint)
