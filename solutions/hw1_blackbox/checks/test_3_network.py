"""Problem 3: the network."""

from collections import Counter
from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem

EPISODES = 4  # in a batch: equal to no size of the networks
PARAMETERS = ["test_network_has_two_lstms"]
EXACT = [*PARAMETERS, "test_logits_are_those_of_two_lstms"]


DEFAULTS = {"input_dim": 784, "hidden_dim": 128}
MADE = (  # arguments of MANN; H may be less than N
    {"num_classes": 4, "num_shots": 2, "input_dim": 6, "hidden_dim": 9},
    {"num_classes": 5, "num_shots": 1},
    {"num_classes": 6, "num_shots": 1, "input_dim": 4, "hidden_dim": 2},
)


@problem("3", points="1/2")
def test_network_has_two_lstms(ask: Ask, new_net: Any) -> None:
    """There are the weights and biases of two LSTMs with the sizes asked for."""
    for sizes in MADE:
        came = Counter(map(tuple, ask("parameter_shapes", sizes=sizes).value))
        expected = Counter(new_net({**DEFAULTS, **sizes}).shapes.values())
        hint = "nn.LSTM(D + N, H) and nn.LSTM(H, N), each of one layer and with its biases."
        found = not expected - came
        check_that(found, came=_listed(came), expected=f"among others {_listed(expected)}", hint=hint)


@problem("3", points="1/2", needs=PARAMETERS)
def test_network_has_exactly_its_parameters(ask: Ask, new_net: Any) -> None:
    """There is no parameter besides those of the two LSTMs."""
    for sizes in MADE:
        came = Counter(map(tuple, ask("parameter_shapes", sizes=sizes).value))
        expected = Counter(new_net({**DEFAULTS, **sizes}).shapes.values())
        hint = "Nothing is learned before, between or behind the LSTMs, and their first states are zeros."
        check_that(came == expected, came=_listed(came), expected=_listed(expected), hint=hint)


def _listed(shapes: Counter[tuple[int, ...]]) -> str:
    return str(sorted(shapes.elements()))


@problem("3", points="1/2", needs=PARAMETERS)
def test_network_starts_as_pytorch_does(ask: Ask, new_net: Any) -> None:
    """Each new network has parameters of its own, as PyTorch initialises them."""
    sizes = {"num_classes": 5, "num_shots": 1, "input_dim": 60, "hidden_dim": 40}
    shapes = set(new_net(sizes).shapes.values())
    first, second = ([each for each in made if each.shape in shapes] for made in ask("new_networks", sizes=sizes).value)
    hint = "Make both LSTMs in __init__, and seed nothing there."
    pairs = [(one, two) for one, two in zip(first, second, strict=True) if one.ndim == 2]
    differ = not any(np.array_equal(one, two) for one, two in pairs)
    check_that(differ, came="two networks with the same weights", expected="others in each network", hint=hint)
    hint = "Leave the parameters as nn.LSTM makes them."
    # All come evenly from -1 to 1 over the square root of the LSTM's width, which is a fourth of the rows. A mean that
    # is off by 7 standard errors comes by chance in less than one of 10^11.
    for shape in sorted(shapes):
        drawn = np.concatenate([each.ravel() for each in (*first, *second) if each.shape == shape])
        scaled = drawn.astype(np.float64) * (shape[0] / 4) ** 0.5
        error = 7 / (12 * drawn.size) ** 0.5
        even = abs(np.abs(scaled).mean() - 0.5) < error and abs(scaled.mean()) < 2 * error
        inside = bool(np.abs(scaled).max() < 1 + 1e-5)
        came = f"parameters {shape} from another distribution"
        check_that(inside and bool(even), came=came, expected="PyTorch's own", hint=hint)


@problem("3", points=3, needs=PARAMETERS)
def test_logits_are_those_of_two_lstms(ask: Ask, net: Any, new_net: Any) -> None:
    """With given parameters the logits of each image, support and query, are those of two LSTMs over one sequence."""
    hint = (
        "One sequence of (K+1) N steps for each episode, the support rows first, each step [image, label]; zeros for "
        "the labels of the query; nothing after the second LSTM."
    )
    few_units = {"num_classes": 4, "num_shots": 1, "input_dim": 3, "hidden_dim": 2}
    for each in (net, new_net(few_units).filled(ask.rng)):
        for training in (True, False):
            question = {"sizes": each.sizes, "weights": each.weights, "batches": [each.batch(ask.rng, EPISODES)]}
            ask("logits", **question, training=training).same_as_reference(hint=hint)


@problem("3", points="3/2", needs=PARAMETERS)
def test_query_labels_are_not_seen(ask: Ask, net: Any) -> None:
    """Other labels of the query change nothing; other labels of the support change the logits of the query."""
    images, labels = net.batch(ask.rng, EPISODES)
    other_query, other_support = labels.copy(), labels.copy()
    other_query[:, -1], other_support[:, :-1] = np.roll(labels[:, -1], 1, -1), np.roll(labels[:, :-1], 1, -1)
    for training in (True, False):
        first, query, support = (  # of a new network each: whether one keeps its state is asked elsewhere
            ask("logits", sizes=net.sizes, weights=net.weights, batches=[(images, given)], training=training).value[0]
            for given in (labels, other_query, other_support)
        )
        hint = "The labels that are left out are those of the last row: labels[:, K], of all N images, in any mode."
        check_that(np.array_equal(first, query), came="other logits", expected="the same logits", hint=hint)
        hint = "The support rows come before the query row in one sequence, each image with its label."
        moved = bool((np.abs(first[:, -1] - support[:, -1]).max(axis=(-1, -2)) > 1e-6).all())
        check_that(moved, came="the same logits of the query", expected="other logits of the query", hint=hint)


@problem("3", points="1/2", needs=PARAMETERS)
def test_inputs_stay_as_they_were(ask: Ask, net: Any) -> None:
    """The caller's images and labels are not changed by a forward pass."""
    images, labels = net.batch(ask.rng, EPISODES)
    after = ask("inputs_after_forward", sizes=net.sizes, weights=net.weights, images=images, labels=labels)
    hint = "The loss still needs the labels of the query: put the zeros into a copy."
    for name, before in (("images", images), ("labels", labels)):
        came = f"other {name}"
        check_that(np.array_equal(after[name], before), came=came, expected=f"the same {name}", hint=hint)


@problem("3", points=2, needs=EXACT, of="gradients")
def test_query_learns_from_the_support(ask: Ask, net: Any) -> None:
    """The gradient of the query's logits reaches all support images and every parameter, in the right amount."""
    images, labels = net.batch(ask.rng, EPISODES)
    upstream = np.zeros_like(labels)
    upstream[:, -1] = ask.rng.normal(size=labels[:, -1].shape)
    question = {"sizes": net.sizes, "images": images, "labels": labels, "upstream": upstream}
    answer = ask("logit_gradients", weights=net.weights, **question)
    answer.same_as_reference(hint="Look for .detach(), .data or no_grad in forward.")

    direction = {role: ask.rng.normal(size=value.shape) for role, value in (*net.weights.items(), ("images", images))}
    slope = sum((answer[role] * direction[role]).sum() for role in direction)
    values = []
    for step in (1e-6, -1e-6):
        weights = {role: value + step * direction[role] for role, value in net.weights.items()}
        logits = type(net)(net.sizes, weights).logits(images + step * direction["images"], labels)
        values.append((upstream * logits).sum())
    close(slope, (values[0] - values[1]) / 2e-6, atol=1e-5, rtol=1e-6)


@problem("3", points="3/2", needs=PARAMETERS)
def test_each_episode_starts_from_zero(ask: Ask, net: Any) -> None:
    """An episode has the same logits in any batch, at any place in it, and whatever was read before."""
    images, labels = net.batch(ask.rng, EPISODES)
    alone = [(images[b : b + 1], labels[b : b + 1]) for b in range(EPISODES)]
    batches = [(images, labels), (images[::-1].copy(), labels[::-1].copy()), *alone]
    together, reverse, *single = ask("logits", sizes=net.sizes, weights=net.weights, batches=batches).value
    hint = "The batch is no part of the sequence (look at batch_first), and no state is kept from one call to the next."
    for name, came in (("in another order", reverse[::-1]), ("alone", np.concatenate(single))):
        came_shape = f"{name}: shape {came.shape}"
        check_that(came.shape == together.shape, came=came_shape, expected=f"{together.shape}", hint=hint)
        same = bool(np.abs(came - together).max() < 1e-9)
        check_that(same, came=f"other logits {name}", expected="the same logits for the same episode", hint=hint)
