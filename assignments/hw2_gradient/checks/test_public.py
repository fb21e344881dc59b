"""The public checks: small examples of what the handout asks for, one or two for each function.

They show where you stand and carry no points. The hidden checks ask the same questions with other inputs, and more.
"""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem

# ---- Problem 1: prototypes

# The handout's task in one dimension: two support images of each class, and a query of each.
LINE = (np.array([[1.0], [0.4], [0.0], [1.8]]), np.array([1, 0, 0, 1]), np.array([[0.7], [1.2]]), np.array([0, 1]))
# Three classes in two dimensions, with three, one and two support images, and four queries.
PLANE = (
    np.array([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0], [0.5, 0.25], [3.0, -1.0], [-0.5, 0.5]]),
    np.array([0, 2, 1, 0, 2, 0]),
    np.array([[0.5, 1.0], [2.0, 1.0], [1.5, 0.5], [0.0, 0.5]]),
    np.array([0, 2, 1, 0]),
)


@problem("1", visibility="public")
def test_example_of_prototypes(ask: Ask) -> None:
    """Each prototype is the mean of its class's embeddings; a class without any is a ValueError."""
    answer = ask("prototypes", embeddings=PLANE[0], labels=PLANE[1], num_classes=3)
    expected = np.array([[0.0, 1.75 / 3], [1.0, 1.0], [2.5, -0.5]])
    hint = (
        "The mean of each class's rows (1.75 in the first would be their sum), in their dtype. Labels come in any "
        "order, and classes differ in size."
    )
    close(answer.value, expected, atol=1e-9, hint=hint)
    ask.raises("ValueError", "prototypes", embeddings=PLANE[0], labels=PLANE[1], num_classes=4)


@problem("1", visibility="public", of="gradients", needs=["test_example_of_prototypes"])
def test_example_of_the_prototypes_gradient(ask: Ask) -> None:
    """The gradient of a prototype reaches every embedding of its class."""
    upstream = np.array([[3.0, -1.0], [1.0, 0.5], [2.0, -4.0]])
    answer = ask("prototypes_gradient", embeddings=PLANE[0], labels=PLANE[1], num_classes=3, upstream=upstream)
    expected = upstream[PLANE[1]] / np.array([3, 1, 2])[PLANE[1]][:, None]
    close(answer.value, expected, atol=1e-9, hint="Look for .detach() and torch.no_grad().")


@problem("1", visibility="public")
def test_example_of_logits(ask: Ask) -> None:
    """From (1, 2) it is 5 squared to the origin, 1 to (1, 1) and 8 to (3, 0)."""
    hint = "-2.24 in place of -5: not squared. -2.5: divided by D. 5: the sign. Between 0 and 1: a softmax."
    answer = ask("protonet_logits", query=np.array([[1.0, 2.0]]), prototypes=np.array([[0.0, 0], [1, 1], [3, 0]]))
    close(answer.value, np.array([[-5.0, -1.0, -8.0]]), atol=1e-9, hint=hint)


@problem("1", visibility="public", needs=["test_example_of_prototypes", "test_example_of_logits"])
def test_example_of_a_step(ask: Ask) -> None:
    """The handout's task in one dimension has the loss 0.45225; both sets are classified without a fault."""
    hint = "0.90451: the queries' losses are summed, not averaged. 0.56496: softmax before the cross-entropy. "
    hint += "0.25737: the loss of the support images."
    answer = ask("protonet_step", task_batch=[LINE])
    close(answer["loss"], np.array(0.45225), what="the loss", hint=hint, atol=1e-5)
    close([answer["support_acc"], answer["query_acc"]], [1.0, 1.0], atol=1e-9, what="(support_acc, query_acc)")
    ask("protonet_step", task_batch=[LINE, (*LINE[:2], LINE[2][:1], LINE[3][:1])]).same_as_reference(
        hint="Each task's mean, then the mean over tasks. N comes from the support labels: here one class has no query."
    )


@problem(
    "1",
    visibility="public",
    of="gradients",
    needs=["test_example_of_a_step", "test_example_of_the_prototypes_gradient"],
)
def test_example_of_the_steps_gradient(ask: Ask) -> None:
    """The gradient reaches the encoder, through queries and prototypes."""
    weights = np.array([[1.0, 0.5], [-0.5, 2.0]])
    hint = "Embed support and query with the same encoder, and detach neither."
    ask("protonet_step_gradient", task_batch=[PLANE, PLANE], weights=weights).same_as_reference(hint=hint)


@problem("1", visibility="public", needs=["test_example_of_a_step"])
def test_example_of_the_encoders_calls(ask: Ask) -> None:
    """Of 6 support images and 4 queries, the encoder sees all 6 in one call, and all 4 in another."""
    hint = "One call for the whole support set, one for the whole query set: batch norm sees what comes together."
    calls = sorted(len(images) for images in ask("encoder_calls", task_batch=[PLANE]).value)
    check_that(calls == [4, 6], came=f"calls with {calls} images", expected="calls with [4, 6] images", hint=hint)


# ---- Problems 2 to 5: tasks that are quadratics, and a linear classifier


def quadratics(*rows: tuple[float, float, int]) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels; the cross-entropy of (a, c, label) is 1 + a (theta - c)^2 / 2. See probes.py."""
    images = np.array(rows, dtype=float)
    return images, images[:, 2].astype(np.int64)


def start(theta: float) -> dict[str, Any]:
    return {"network": "quadratic", "parameters": {"theta": np.array(theta)}, "inner_lrs": {"theta": np.array(0.2)}}


# The handout's two tasks, (a, c) = (1, 0) and (3, 1), with the same examples as support and as query.
FIRST, SECOND = quadratics((1, 0, 0), (1, 0, 2)), quadratics((3, 1, 1), (3, 1, 0))
TWO_TASKS = [(*FIRST, *FIRST), (*SECOND, *SECOND)]

# Eighths: exact in binary, so that every machine asks the same question.
LINEAR = {
    "network": "linear",
    "parameters": {"weight": ((5 * np.arange(6) % 7 - 3) / 8).reshape(2, 3), "bias": np.array([0.25, -0.5, 0.125])},
    "inner_lrs": {"weight": np.array(0.5), "bias": np.array(0.125)},
}
MIRRORED = (-PLANE[0], PLANE[1], -PLANE[2], PLANE[3])


def noticed(seen: dict[str, bool]) -> str:
    return ", ".join(what for what in seen if seen[what])


@problem("2", visibility="public")
def test_example_of_inner_steps(ask: Ask) -> None:
    """On the task (3, 1), steps of rate 0.2 from 0 end at 0.6, 0.84 and 0.936."""
    for steps, phi in ((1, 0.6), (2, 0.84), (3, 0.936)):
        answer = ask("inner_loop", **start(0.0), images=SECOND[0], labels=SECOND[1], num_steps=steps)
        hint = (
            "phi_(l+1) = phi_l - alpha grad L(phi_l). From 0, 0.84 is one step too many for one, -0.6 the wrong sign."
        )
        close(answer["adapted"], {"theta": np.array(phi)}, atol=1e-9, what=f"phi after {steps} steps", hint=hint)


@problem("2", visibility="public", needs=["test_example_of_inner_steps"])
def test_example_of_rates_and_accuracies(ask: Ask) -> None:
    """Two steps of a linear classifier, in which weight and bias have rates of their own; three accuracies."""
    answer = ask("inner_loop", **LINEAR, images=PLANE[0], labels=PLANE[1], num_steps=2)
    hint = "inner_lrs[name] is for parameters[name]; num_steps + 1 accuracies, before each step and after the last."
    answer.same_as_reference(hint=hint)


@problem("2", visibility="public", of="gradients", needs=["test_example_of_inner_steps"])
def test_example_of_the_inner_loops_gradient(ask: Ask) -> None:
    """After two steps on the task (3, 1), d phi / d theta is 0.4^2, and d phi / d alpha is 2.4."""
    question = {**start(0.0), "images": SECOND[0], "labels": SECOND[1], "num_steps": 2, "upstream": {"theta": 1.0}}
    through = ask("inner_loop_gradients", **question)
    hint = "1: first order, for want of create_graph=train. 0: detached, or updated under no_grad."
    close(through["theta"], np.array(0.4**2), atol=1e-9, what="d phi / d theta", hint=hint)
    close(through["rate of theta"], np.array(2.4), atol=1e-9, what="d phi / d alpha", hint="Rates are tensors.")


@problem("2", visibility="public", needs=["test_example_of_the_inner_loops_gradient"])
def test_example_of_no_graph_without_train(ask: Ask) -> None:
    """With train=False the inner gradients are constants: after the same two steps d phi / d theta is 1."""
    question = {**start(0.0), "images": SECOND[0], "labels": SECOND[1], "num_steps": 2, "upstream": {"theta": 1.0}}
    without = ask("inner_loop_gradients", **question, train=False)["theta"]
    hint = "create_graph=train: no graph is kept through the inner gradients unless `train` asks for it."
    check_that(without in (0.0, 1.0), came=f"{without}", expected="1 (or no graph at all)", hint=hint)


@problem("2", visibility="public", needs=["test_example_of_inner_steps"])
def test_example_of_leaving_things_alone(ask: Ask) -> None:
    """The parameters and rates that you were given are as they were."""
    seen = ask("after_inner_loop", **LINEAR, images=PLANE[0], labels=PLANE[1], num_steps=2).value
    check_that(not any(seen.values()), came=noticed(seen), expected="no change", hint="New tensors in a new dict.")


@problem(
    "3",
    visibility="public",
    needs=[
        "test_example_of_inner_steps",
        "test_example_of_rates_and_accuracies",
        "test_example_of_leaving_things_alone",
    ],
)
def test_example_of_the_outer_loss(ask: Ask) -> None:
    """Two tasks of a linear classifier: adapted to the support set in two steps, judged on the query set."""
    answer = ask("outer_loss", **LINEAR, task_batch=[PLANE, MIRRORED], num_steps=2)
    answer.same_as_reference(hint="A mean over tasks, of queries, after adaptation.")
    seen = ask("after_outer_loss", **LINEAR, task_batch=[PLANE, MIRRORED], num_steps=2).value
    check_that(not any(seen.values()), came=noticed(seen), expected="no change", hint="No backward() and no step here.")
    ask.raises("ValueError", "outer_loss", **LINEAR, task_batch=[], num_steps=2)


@problem(
    "3",
    visibility="public",
    of="gradients",
    needs=["test_example_of_the_inner_loops_gradient", "test_example_of_the_outer_loss"],
)
def test_example_of_the_outer_gradient(ask: Ask) -> None:
    """On the two quadratics, after one step from 0, the outer gradient is -0.24, the rate's -1.8; at 3/7 it is 0."""
    hint = "-0.6: first order only. -1.5: not adapted. -0.0384: one step too many."
    for theta, gradient in ((0.0, -0.24), (3 / 7, 0.0)):
        answer = ask("outer_gradients", **start(theta), task_batch=TWO_TASKS, num_steps=1)
        close(answer["theta"], np.array(gradient), atol=1e-9, what="the outer gradient", hint=hint)
    rate = ask("outer_gradients", **start(0.0), task_batch=TWO_TASKS, num_steps=1)["rate of theta"]
    close(rate, np.array(-1.8), atol=1e-9, what="the gradient of the rate", hint="Pass the rates on as they came.")


@problem("4", visibility="public")
def test_example_of_inner_rates(ask: Ask) -> None:
    """A rate for each parameter: a 0-dimensional leaf that requires gradients if and only if it is learned."""
    for learned in (True, False):
        ask("initial_inner_lrs", parameters=LINEAR["parameters"], inner_lr=0.4, learned=learned).same_as_reference(
            hint="For each name torch.tensor(inner_lr, dtype=that of its parameter, requires_grad=learned)."
        )


@problem("4", visibility="public")
def test_example_of_the_outer_optimiser(ask: Ask) -> None:
    """One step of Adam moves each tensor by the outer rate, down its slope; rates only if they are learned."""
    question = {"parameters": LINEAR["parameters"], "inner_lrs": LINEAR["inner_lrs"], "slopes": [1.0]}
    for learned in (True, False):
        ask("outer_updates", **question, learned=learned, outer_lr=0.0625).same_as_reference(
            hint="torch.optim.Adam over all parameters and over the rates that require gradients, with lr=outer_lr."
        )


@problem("5", visibility="public", needs=["test_example_of_the_outer_gradient", "test_example_of_the_outer_optimiser"])
def test_example_of_meta_training(ask: Ask) -> None:
    """Three batches make three updates, of the rates too if they are learned."""
    batches = [[PLANE], [PLANE, MIRRORED], [MIRRORED]]
    for learned in (False, True):
        answer = ask("meta_train", **LINEAR, task_batches=batches, learned=learned, num_steps=2, outer_lr=0.0625)
        hint = "For each batch zero_grad, outer loss with train=True, backward, step; one optimiser for all."
        answer.same_as_reference(only=("losses", "parameters", "inner_lrs"), hint=hint)
        hint = "Take a batch, update, take the next: list(task_batches) takes all of them before the first update."
        answer.same_as_reference(only="when a batch was taken", hint=hint)


@problem("5", visibility="public")
def test_example_of_an_interval(ask: Ask) -> None:
    """Accuracies 0.5, 0.75 and 1 have the mean 0.75 and sd 0.25: half the interval's width is 0.2829."""
    answer = ask("mean_and_interval", accuracies=[0.5, 0.75, 1.0])
    close(answer.value, [0.75, 1.96 * 0.25 / 3**0.5], atol=1e-6, hint="n - 1 in the variance, then sd / sqrt(n).")
    ask.raises("ValueError", "mean_and_interval", accuracies=[0.5])


@problem("5", visibility="public", needs=["test_example_of_the_outer_loss", "test_example_of_an_interval"])
def test_example_of_meta_testing(ask: Ask) -> None:
    """Three tasks, adapted in one step each: the mean accuracy on queries, and its interval."""
    tasks = [PLANE, MIRRORED, (*PLANE[:3], PLANE[3][::-1])]
    ask("meta_test", **LINEAR, tasks=tasks, num_steps=1).same_as_reference()
    seen = ask("after_meta_test", **LINEAR, tasks=tasks, num_steps=1).value
    check_that(not any(seen.values()), came=noticed(seen), expected="no change", hint="Testing is no training.")
