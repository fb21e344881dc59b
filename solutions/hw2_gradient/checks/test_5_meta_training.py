"""Problem 5: meta-training and meta-testing."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem, varies

INNER = (
    "test_one_step_goes_down_the_mean_cross_entropy",
    "test_as_many_steps_as_asked_for",
    "test_each_parameter_has_its_own_rate",
    "test_parameters_and_rates_are_left_as_they_were",
)
GRADIENTS = ("test_the_gradient_goes_through_the_inner_gradients", "test_the_gradient_reaches_the_inner_rates")
OUTER = (
    "test_the_adapted_parameters_are_judged_on_queries",
    "test_the_outer_gradient_is_of_second_order",
    "test_the_outer_gradient_reaches_the_inner_rates",
)
OPTIMISER = "test_the_outer_optimiser_moves_parameters_and_learned_rates"
STAYING = "test_rates_that_are_not_learned_stay"
CLEAN = ("test_no_gradient_is_left_in_the_parameters", "test_the_outer_loss_changes_nothing")
TRAINING = (*INNER, *GRADIENTS, *OUTER, *CLEAN, OPTIMISER, STAYING)
UPDATES = "test_each_batch_makes_one_update"
INTERVAL = "test_the_interval_is_of_the_mean_over_tasks"
TESTING = (*INNER, OUTER[0], "test_accuracies_are_means_over_tasks", INTERVAL)


def batches(learner: Any) -> list[list[Any]]:
    """Four batches of unlike sizes."""
    return [learner.tasks[:3], learner.tasks[3:5], learner.tasks[5:9], learner.tasks[9:]]


@problem("5", points="3/2", needs=TRAINING)
def test_each_batch_makes_one_update(ask: Ask, learner: Any) -> None:
    """Each batch of tasks makes one update down the gradient of its own outer loss, all with one optimiser."""
    hint = "One optimiser; each batch: zero_grad, outer loss with train=True, backward, step."
    question = {**learner.question, "task_batches": batches(learner), "learned": False, "outer_lr": 0.05}
    answer = ask("meta_train", **question, num_steps=2)
    answer.same_as_reference(only="parameters", hint=hint)


@problem("5", points="1/2", needs=[*TRAINING, UPDATES])
def test_training_takes_up_tensors_as_they_come(ask: Ask, learner: Any) -> None:
    """An old .grad has no part in an update, a large one counts in full, and the dicts hold their own tensors."""
    question = {**learner.question, "task_batches": batches(learner)[:2], "num_steps": 1, "outer_lr": 0.05}
    learned = {"weight": False, "bias": True}
    answer = ask("meta_train", **question, learned=learned, old_grad=0.75)
    hint = "Clear before backward(): a .grad that was there before the first batch is not of this batch."
    answer.same_as_reference(only=["parameters", "inner_lrs"], hint=hint)
    hint = "Change the tensors in place; put no others into the dicts, and leave requires_grad alone."
    answer.same_as_reference(only=["other tensors in the dicts", "require gradients"], hint=hint)
    wild = [(10 * support, labels, 10 * query, own) for support, labels, query, own in learner.tasks[3:5]]
    mixed = {**question, "task_batches": [learner.tasks[:3], wild, learner.tasks[5:7]], "num_steps": 0}
    hint = "Each batch makes an update, however large its loss is, and no gradient is clipped."
    ask("meta_train", **mixed, learned=False).same_as_reference(only="parameters", hint=hint)
    none = ask("meta_train", **{**question, "task_batches": []}, learned=True)
    none.same_as_reference(only="losses", hint="No batch, no update, no loss: an empty list.")


@problem("5", points="1/2", needs=TRAINING)
def test_the_losses_are_those_before_each_update(ask: Ask, learner: Any) -> None:
    """Meta-training returns the outer loss of each batch as it was before its update, and then takes the next batch."""
    question = {**learner.question, "task_batches": batches(learner), "learned": False, "outer_lr": 0.05}
    answer = ask("meta_train", **question, num_steps=1)
    answer.same_as_reference(only="losses", hint="One per batch, in order; a wrong update spoils the next one.")
    hint = "for task_batch in task_batches: ...; with list(task_batches) all are there before the first update."
    answer.same_as_reference(only="computed before the next batch", hint=hint)
    hint = "Update the caller's tensors after each batch: they may be looked at when the next one is taken."
    answer.same_as_reference(only="when a batch was taken", hint=hint)


@problem("5", points=1, needs=TRAINING)
def test_rates_change_if_and_only_if_they_are_learned(ask: Ask, learner: Any) -> None:
    """Meta-training changes the inner rates that require gradients, and leaves the others as they are."""
    question = {**learner.question, "task_batches": batches(learner), "num_steps": 2, "outer_lr": 0.05}
    fixed = ask("meta_train", **question, learned=False)["inner_lrs"]
    moved = [name for name, rate in learner.inner_lrs.items() if not np.array_equal(fixed[name], rate)]
    check_that(not moved, came=f"the rates of {', '.join(moved)} moved", expected="no rate moved")
    learned = ask("meta_train", **question, learned=True)
    hint = "The optimiser of problem 4 moves them along with the parameters. Are the updates of these right?"
    learned.same_as_reference(only=("parameters", "inner_lrs"), hint=hint)
    rates = {"weight": np.array(0.02), "bias": np.array(-0.08)}
    hint = "A learned rate may become negative, or be so from the start."
    answer = ask("meta_train", **{**question, "inner_lrs": rates}, learned=True)
    answer.same_as_reference(only=("parameters", "inner_lrs"), hint=hint)


@problem("5", points="1/2")
def test_the_interval_is_of_the_mean_over_tasks(ask: Ask) -> None:
    """Mean accuracy and 1.96 sd / sqrt(n), with n - 1 in the variance."""
    accuracies = ask.rng.uniform(0.2, 1.0, size=7)
    hint = "The standard error of a mean is sd / sqrt(n); sd^2 divides by n - 1; and the width is halved."
    for some in (accuracies, accuracies[:2]):
        # torch.tensor(list of floats) is float32, which is as good here.
        close(ask("mean_and_interval", accuracies=some.tolist()).value, interval(some), atol=1e-6, hint=hint)


@problem("5", points="1/2", needs=[INTERVAL])
def test_the_interval_holds_for_any_accuracies(ask: Ask) -> None:
    """Equal accuracies all count, the list stays as it was, and fewer than two tasks are a ValueError."""
    hint = "The formula is for all accuracies: for equal ones, and where the interval reaches beyond 1."
    for some in (np.array([1.0, 0.8, 1.0, 1.0, 0.6]), np.full(4, 0.75), np.array([1.0, 0.5])):
        close(ask("mean_and_interval", accuracies=some.tolist()).value, interval(some), atol=1e-6, hint=hint)
    for few in ([0.5], []):
        ask.raises("ValueError", "mean_and_interval", accuracies=few, hint="Two tasks or more make an interval.")
    given = ask.rng.permutation(np.linspace(0.25, 1.0, 7)).tolist()
    hint = "The accuracies belong to the caller: their order stays."
    kept = ask("after_mean_and_interval", accuracies=given).value
    check_that(kept == given, came="another list", expected="the list as it was", hint=hint)


def interval(accuracies: np.ndarray) -> list[float]:
    """The mean and half of the width, by numpy."""
    return [float(accuracies.mean()), float(1.96 * accuracies.std(ddof=1) / len(accuracies) ** 0.5)]


@problem("5", points=1, needs=TESTING)
def test_meta_testing_adapts_to_each_task(ask: Ask, learner: Any) -> None:
    """Meta-testing adapts to each task's support set, and returns mean and interval of the query accuracies."""
    away = {name: np.array(-rate) for name, rate in learner.inner_lrs.items()}  # each step makes it worse
    for steps, rates in ((3, learner.inner_lrs), (0, learner.inner_lrs), (2, away)):
        ask(
            "meta_test", **{**learner.question, "inner_lrs": rates}, tasks=learner.tasks, num_steps=steps
        ).same_as_reference(
            hint="Every task starts from the same parameters and is judged on its query set, after num_steps steps."
        )
    ask.raises("ValueError", "meta_test", **learner.question, tasks=learner.tasks[:1], num_steps=3)


@problem("5", points="1/2", needs=[*INNER, *CLEAN])
def test_meta_testing_learns_nothing(ask: Ask, learner: Any) -> None:
    """Meta-testing leaves what it is given as it was: dicts, values, requires_grad, and every .grad."""
    question = {**learner.question, "num_steps": 2}
    halves = (learner.tasks[4:], learner.tasks[:4])
    varies(*(ask("meta_test", **question, tasks=tasks) for tasks in halves))  # or doing nothing would do
    seen = ask("after_meta_test", **question, tasks=halves[1]).value
    wrong = [what for what, is_so in seen.items() if is_so]
    hint = "No optimiser and no backward() here: what is learned from test tasks is cheating."
    check_that(not wrong, came=", ".join(wrong), expected="nothing changed", hint=hint)
