"""Problem 1: prototypes."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem, varies

MEANS = "test_prototypes_are_the_means_of_their_classes"
DISTANCES = "test_logits_are_minus_the_squared_distances"
LOSS = "test_the_loss_is_the_mean_over_tasks_of_the_mean_over_queries"


def shuffled_labels(rng: np.random.Generator, *shots: int) -> np.ndarray:
    return rng.permutation(np.repeat(np.arange(len(shots)), shots))


@problem("1", points=1)
def test_prototypes_are_the_means_of_their_classes(ask: Ask) -> None:
    """The prototype of a class is the mean of its embeddings, whatever the order of the labels."""
    labels = shuffled_labels(ask.rng, 3, 3, 3, 3)
    hint = (
        "c_n is the mean over the rows of `embeddings` where `labels` is n: N prototypes, in the order of the classes."
    )
    ask("prototypes", embeddings=ask.rng.normal(size=(12, 5)), labels=labels, num_classes=4).same_as_reference(
        hint=hint
    )


@problem("1", points="1/2", needs=[MEANS])
def test_classes_may_have_unequally_many_examples(ask: Ask) -> None:
    """A class's prototype is the mean over as many examples as this class has, and equal ones all count."""
    labels = shuffled_labels(ask.rng, 2, 8, 1, 3)
    hint = "The sum over all examples of this class, equal ones too, divided by how many they are."
    embeddings = ask.rng.normal(size=(14, 4))
    twice = np.flatnonzero(labels == 1)[:2]
    embeddings[twice[0]] = embeddings[twice[1]]
    ask("prototypes", embeddings=embeddings, labels=labels, num_classes=4).same_as_reference(hint=hint)


@problem("1", points="1/2")
def test_a_class_without_examples_is_an_error(ask: Ask) -> None:
    """A class without an example has no mean, and no task has no loss: both are ValueErrors."""
    embeddings = ask.rng.normal(size=(6, 3))
    ask("prototypes", embeddings=embeddings, labels=np.arange(6) % 4, num_classes=4)
    hint = "Every class from 0 to num_classes - 1 needs an example: the first, the last and those between."
    for shots in ((2, 0, 3, 1), (1, 2, 3, 0), (0, 3, 1, 2)):
        labels = shuffled_labels(ask.rng, *shots)
        ask.raises("ValueError", "prototypes", embeddings=embeddings, labels=labels, num_classes=4, hint=hint)
    for nothing in ([], ()):
        hint = "Look at the length of `task_batch` first: an empty tuple is no task, too."
        ask.raises("ValueError", "protonet_step", task_batch=nothing, hint=hint)


@problem("1", points=1, needs=[MEANS], of="gradients")
def test_the_gradient_reaches_every_embedding(ask: Ask) -> None:
    """The gradient flows from a prototype to all embeddings of its class."""
    embeddings, upstream = ask.rng.normal(size=(8, 3)), ask.rng.normal(size=(3, 3))
    labels = shuffled_labels(ask.rng, 2, 4, 2)
    hint = "Look for .detach(), .data, .item() and torch.no_grad()."
    question = {"embeddings": embeddings, "labels": labels, "num_classes": 3, "upstream": upstream}
    answer = ask("prototypes_gradient", **question).same_as_reference(hint=hint)
    expected = upstream[labels] / np.bincount(labels)[labels][:, None]
    close(answer.value, expected, atol=1e-9, what="the gradient", hint=hint)


@problem("1", points=1)
def test_logits_are_minus_the_squared_distances(ask: Ask) -> None:
    """The logit of a query for a class is minus the squared Euclidean distance to its prototype."""
    query, prototypes = ask.rng.normal(size=(7, 3)), ask.rng.normal(size=(4, 3))
    hint = "-|x - c|^2: squared, negative, summed over the embedding's dimension; a row per query, a column per class."
    ask("protonet_logits", query=query, prototypes=prototypes).same_as_reference(atol=1e-9, hint=hint)


@problem("1", points="1/2", needs=[DISTANCES], of="gradients")
def test_logits_move_queries_and_prototypes(ask: Ask) -> None:
    """The gradient of the logits reaches queries and prototypes, also where they are equal, and where they are far."""
    query, prototypes = ask.rng.normal(size=(5, 4)), ask.rng.normal(size=(3, 4))
    query[2] = prototypes[1]  # a root taken and squared again has no gradient here
    query[3] *= 30  # and a limited distance none here
    question = {"query": query, "prototypes": prototypes, "upstream": ask.rng.normal(size=(5, 3))}
    ask("protonet_logits_gradients", **question).same_as_reference(
        hint="Detach neither. If there are NaNs: what is the slope of a square root at 0?"
    )


def line(ask: Ask) -> tuple[np.ndarray, ...]:
    """The handout's task in one dimension, its rows in another order."""
    support, query = ask.rng.permutation(4), ask.rng.permutation(2)
    images, labels = np.array([[0.0], [0.4], [1.0], [1.8]]), np.array([0, 0, 1, 1])
    return images[support], labels[support], np.array([[0.7], [1.2]])[query], np.array([0, 1])[query]


@problem("1", points="3/2", needs=[MEANS, DISTANCES])
def test_the_loss_is_the_mean_over_tasks_of_the_mean_over_queries(ask: Ask, random_task: Any) -> None:
    """The loss is the queries' cross-entropy against prototypes of the support set, the mean of the tasks' means."""
    hint = "Prototypes from the support set, logits of the queries, cross-entropy with their labels; a mean of means."
    loss = ask("protonet_step", task_batch=[line(ask)])["loss"]
    close(loss, np.array(0.45225), atol=5e-6, what="the loss", hint=hint)
    tasks = [random_task(4, [3, 2, 4], [4, 1, 3]), random_task(4, [2, 3, 2, 3], [1, 2, 0, 2])]
    ask("protonet_step", task_batch=tasks).same_as_reference(only="loss", hint=hint)
    hint = "N is the largest label of the support set + 1; not every class need have a query."
    support, labels, query, own = random_task(4, [2, 3, 2, 2], [2, 1, 3, 0])
    near = (0.3 * support, labels, 0.3 * query, own)  # a class far from every query would change no loss
    ask("protonet_step", task_batch=[near]).same_as_reference(only="loss", hint=hint)


@problem("1", points="1/2", needs=[MEANS, DISTANCES])
def test_accuracies_are_of_support_and_query(ask: Ask, random_task: Any) -> None:
    """The accuracies are the shares of support images and of queries nearest to their own class's prototype."""
    tasks = []
    for shots, queries in (([3, 4, 6], [5, 7, 4]), ([4, 3, 3, 5], [3, 2, 4, 3])):
        support, labels, query, own = random_task(3, shots, queries)
        tasks.append((support, ask.rng.permutation(labels), query, ask.rng.permutation(own)))  # hard to get right
    hint = "The mean over tasks of the share within each; (loss, support_acc, query_acc), in this order."
    ask("protonet_step", task_batch=tasks).same_as_reference(only=["support_acc", "query_acc"], hint=hint)


@problem("1", points=1, needs=[LOSS], of="gradients")
def test_the_loss_trains_the_encoder_through_the_prototypes(ask: Ask, random_task: Any) -> None:
    """The gradient of the loss reaches the encoder through the queries and through the prototypes."""
    tasks = [random_task(4, [2, 3, 2], [2, 2, 3]) for _ in range(2)]
    weights, direction = ask.rng.normal(size=(4, 3)) / 2, ask.rng.normal(size=(4, 3))
    hint = "The support set is embedded by the same encoder, with gradient: no torch.no_grad(), no .detach()."
    gradient = ask("protonet_step_gradient", task_batch=tasks, weights=weights).same_as_reference(hint=hint).value
    step = 1e-5
    ahead, behind = (
        ask("protonet_step", task_batch=tasks, weights=weights + h * direction)["loss"] for h in (step, -step)
    )
    slope = float(ahead - behind) / (2 * step)
    close(float((gradient * direction).sum()), slope, atol=1e-7, rtol=1e-6, what="the slope", hint=hint)


@problem("1", points=1)
def test_one_call_of_the_encoder_for_each_set(ask: Ask, random_task: Any) -> None:
    """The encoder sees the whole support set of a task in one call, and the whole query set in another."""
    tasks = []
    for support, labels, query, own in (
        random_task(6, [2, 3, 2], [2, 1, 2]),
        random_task(6, [1, 2, 2, 1], [3, 1, 2, 2]),
    ):
        tasks.append((support.reshape(-1, 2, 3), labels, query.reshape(-1, 2, 3), own))
    calls = ask("encoder_calls", task_batch=tasks).value
    sets = [images for support, _, query, _ in tasks for images in (support, query)]
    sizes = sorted(len(images) for images in calls)
    check_that(
        len(calls) == len(sets) and all(any(same_images(a, b) for b in calls) for a in sets),
        came=f"calls with {sizes} images",
        expected=f"calls with {sorted(map(len, sets))} images, as they stand in the tasks",
        hint="Batch norm sees what it is given together. The images of a set go in at once: same order, shape, dtype.",
    )


def same_images(ours: np.ndarray, came: np.ndarray) -> bool:
    return ours.dtype == came.dtype and np.array_equal(ours, came)


@problem("1", points="1/2")
def test_the_step_changes_nothing(ask: Ask, random_task: Any) -> None:
    """Encoder and tasks are as they were: parameters, every .grad, the mode, and the list of tasks."""
    tasks = [random_task(4, [2, 3, 2], [2, 1, 3]) for _ in range(2)]
    two = ask.rng.normal(size=(2, 4, 3))
    varies(*(ask("protonet_step", task_batch=tasks, weights=weights) for weights in two))  # or doing nothing would do
    for training in (True, False):
        seen = ask("after_protonet_step", task_batch=tasks, weights=ask.rng.normal(size=(4, 3)), training=training)
        wrong = [what for what, is_so in seen.value.items() if is_so]
        hint = "The loss is only computed here: whoever trains the encoder sets its mode and its gradients."
        check_that(not wrong, came=", ".join(wrong), expected="nothing changed", hint=hint)
