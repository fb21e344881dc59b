"""Problem 5: training and accuracy."""

from typing import Any

import numpy as np

from grader.judge import Ask, Calibrated, Retest, check_that, close, problem

LOSS = (
    "test_loss_is_the_cross_entropy_of_the_query",
    "test_gradient_is_softmax_minus_label",
    "test_support_rows_count_for_nothing",
)
RETEST = Retest(right=0.95, wrong=0.05, false_pass=0.06, attempts=8)
NETWORK = (
    "test_network_has_two_lstms",
    "test_network_has_exactly_its_parameters",
    "test_logits_are_those_of_two_lstms",
    "test_query_labels_are_not_seen",
    "test_inputs_stay_as_they_were",
    "test_query_learns_from_the_support",
)


def toy(rng: np.random.Generator, episodes: int) -> dict[str, Any]:
    """The matrix of the probe's toy network, and episodes for it: 4 classes, 2 shots, 3 pixels."""
    ways, rows, pixels = 4, 3, 3
    orders = rng.permuted(np.tile(np.arange(ways), (episodes, rows, 1)), axis=-1)
    images = rng.normal(size=(episodes, rows, ways, pixels)) * rng.uniform(0.3, 3, size=(episodes, 1, 1, 1))
    return {"weight": rng.normal(size=(pixels, ways)), "images": images, "labels": np.eye(ways)[orders]}


@problem("5", points="5/2", needs=LOSS)
def test_each_step_is_one_of_adam(ask: Ask) -> None:
    """Each step is one update of Adam along the gradient of the query loss of its own batch."""
    hint = (
        "One torch.optim.Adam for all steps, with the learning rate that was given. Each step: new episodes, forward, "
        "query_loss, zero_grad, backward, step."
    )
    for steps, batch_size in ((1, 3), (12, 3)):
        question = toy(ask.rng, steps * batch_size)
        answer = ask("toy_training", **question, steps=steps, batch_size=batch_size, learning_rate=0.07)
        answer.same_as_reference(only="weight", hint=hint)


@problem("5", points=1, needs=LOSS)
def test_losses_of_all_steps_come_back(ask: Ask) -> None:
    """There is one loss for each step of this call, in order, a float from before its update."""
    question = {**toy(ask.rng, 20), "steps": 5, "batch_size": 4, "learning_rate": 0.2}
    hint = "A float for each step: after a wrong update the next is wrong, too."
    ask("toy_training", **question).same_as_reference(only="losses", hint=hint)
    hint = "Each call makes a list and an Adam of its own, and goes on with the weights that the model has."
    ask("toy_training", **question, calls=2).same_as_reference(only=("weight", "losses"), hint=hint)


@problem("5", points=1, needs=LOSS)
def test_each_step_draws_its_episodes(ask: Ask) -> None:
    """Each step draws `batch_size` episodes from the sampler and shows them whole; without steps nothing happens."""
    known = toy(ask.rng, 8)  # the toy network knows these already: the loss is near 0 from the first step on
    code = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 3.0
    known |= {"weight": code.T.copy(), "images": known["labels"] @ code}
    for steps, batch_size, question in ((3, 2, known), (4, 1, toy(ask.rng, 8)), (0, 2, toy(ask.rng, 8))):
        answer = ask("toy_training", **question, steps=steps, batch_size=batch_size, learning_rate=0.1)
        came, expected = answer["episodes"], steps * batch_size
        hint = "sampler.sample() gives one episode; call it batch_size times in each step and stack what comes."
        check_that(came == expected, came=f"{came} episodes drawn", expected=f"{expected}", hint=hint)
        answer.same_as_reference(only="labels", hint="The model gets all labels as the sampler gives them.")
    answer.same_as_reference(only=("weight", "losses"), hint="With 0 steps the list is empty.")


@problem("5", points="1/2", needs=LOSS)
def test_training_happens_in_training_mode(ask: Ask) -> None:
    """Every forward pass happens in training mode, and gradients that were there before change nothing."""
    question = {**toy(ask.rng, 4), "steps": 2, "batch_size": 2, "learning_rate": 0.1}
    answer = ask("toy_training", **question)
    modes = answer["training mode"]
    always = len(modes) > 0 and all(mode is True for mode in modes)
    check_that(always, came=f"training mode: {modes}", expected="always", hint="Call model.train() first.")
    weight = ask("toy_training", **question, gradient=np.full_like(question["weight"], 3.0))["weight"]
    hint = "Clear the gradients before the first backward, too: a model may come with some."
    same = weight.shape == answer["weight"].shape and bool(np.abs(weight - answer["weight"]).max() < 1e-9)
    check_that(same, came="another update", expected="the update along the gradient of the batch alone", hint=hint)


@problem("5", points=2)
def test_accuracy_is_the_share_of_right_query_images(ask: Ask) -> None:
    """The accuracy is the share of query images whose largest logit is that of their label."""
    hint = "Of the last row only; argmax over the last axis, which is the class, of both logits and labels."
    for count, rows, ways, size in ((3, 3, 4, 1), (7, 2, 5, 0.01), (2, 4, 3, 20)):
        orders = ask.rng.permuted(np.tile(np.arange(ways), (count, rows, 1)), axis=-1)
        labels = np.eye(ways)[orders]
        logits = size * (labels + ask.rng.normal(scale=0.6, size=labels.shape) - ask.rng.uniform(0, 2))
        ask("query_accuracy", logits=logits, labels=labels).same_as_reference(hint=hint)
    cycle = np.stack([np.eye(3)[[0, 1, 2]], np.eye(3)[[1, 2, 0]]])[None]
    close(ask("query_accuracy", logits=3 * cycle - 1, labels=cycle).value, 1.0, atol=1e-6, hint=hint)
    close(ask("query_accuracy", logits=-cycle, labels=cycle).value, 0.0, atol=1e-6, hint=hint)


# A right solution passes an attempt in 19 of 20 cases or more, and the check itself in all but one of 10,000.
@problem("5", points=2, needs=(*LOSS, *NETWORK), budget_s=2.5, retest=RETEST)
def test_training_learns_to_learn(ask: Ask, new_net: Any, calibrated: Calibrated) -> None:
    """Meta-trained by your code, the better of two networks tells classes apart that it has never seen."""
    shapes = new_net(SIZES).shapes
    images, labels = world(ask.rng, NETWORKS * TRAINING["steps"] * TRAINING["batch_size"])
    question = {"sizes": SIZES, "shapes": shapes, "images": images, "labels": labels, "networks": NETWORKS}
    fitted = ask("fit", **question, **TRAINING).value

    images, labels = world(ask.rng, 500)  # new classes; from here on, the judge computes
    accuracies = []
    for weights in fitted:
        came = {role: weights[role].shape for role in shapes}
        check_that(came == shapes, came=f"{came}", expected=f"{shapes}", hint="Training changes no shape.")
        net = new_net(SIZES, {role: weights[role].astype(np.float64) for role in shapes})
        right = net.logits(images, labels)[:, -1].argmax(axis=-1) == labels[:, -1].argmax(axis=-1)
        accuracies.append(float(right.mean()))
    hint = "Plot the losses that train returns: at log N the network has learned nothing of the support."
    chance = 1 / SIZES["num_classes"]
    calibrated("accuracy on new classes", max(accuracies), within="0 to 1", baseline=chance, hint=hint)


# A class is a direction in a plane, seen through six pixels: little to learn by heart, and all of it to compare. One
# network in fifty is still halfway when training ends; that both are is rare.
SIZES = {"num_classes": 2, "num_shots": 2, "input_dim": 6, "hidden_dim": 32}
NETWORKS = 2
TRAINING = {"steps": 200, "batch_size": 32, "learning_rate": 0.015}
CLASSES, NOISE = 60, 0.3
PLANE = np.array([[2.7, -1.8, 0.9, 3.3, -0.6, -3.0], [0.6, 2.4, -3.0, 1.2, 3.6, 1.8]])


def world(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels, both float32, of `count` episodes of classes that were drawn for them."""
    ways, rows = SIZES["num_classes"], SIZES["num_shots"] + 1
    angles = rng.uniform(0, 2 * np.pi, size=CLASSES)
    prototypes = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ PLANE
    classes = rng.permuted(np.tile(np.arange(CLASSES), (count, 1)), axis=1)[:, :ways]
    orders = np.tile(np.arange(ways), (count, rows, 1))
    orders[:, -1] = rng.permuted(orders[:, -1], axis=-1)  # of the query only
    shown = np.take_along_axis(classes[:, None].repeat(rows, axis=1), orders, axis=-1)
    images = prototypes[shown] + NOISE * rng.normal(size=(*shown.shape, PLANE.shape[1]))
    return images.astype(np.float32), np.eye(ways, dtype=np.float32)[orders]
