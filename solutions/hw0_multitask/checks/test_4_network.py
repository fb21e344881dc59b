"""Problem 4: one network, two outputs."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem

ROWS = 9  # examples in a batch: equal to no size of the networks
TOO_FAR = 6.0  # standard errors; a normal variable is that far away once in 5e8 draws


def role_of_bias(shape: list[int], items: int) -> tuple[int, ...]:
    """An item bias may be stored as (I,), (I, 1) or (1, I)."""
    return (items,) if tuple(shape) in ((items,), (items, 1), (1, items)) else tuple(shape)


def check_parameters(ask: Ask, net: Any, **sizes: Any) -> None:
    """The network made with `sizes` has the parameters of `net` and no others."""
    items = net.sizes["num_items"]
    came = sorted(role_of_bias(shape, items) for shape in ask("parameter_shapes", sizes=sizes).value)
    check_that(
        came == sorted(net.shapes.values()),
        came=str(came),
        expected=str(sorted(net.shapes.values())),
        hint="Tables (U, d) and (I, d), one bias per item, and the MLP's layers as nn.Linear, registered with the "
        "module (a plain Python list hides them from the optimiser), with the sizes that were asked for.",
    )


@problem("4", points=2)
def test_network_has_exactly_its_parameters(ask: Ask, shared_net: Any, separate_net: Any, new_net: Any) -> None:
    """The tables, the item bias and the layers have the sizes asked for, and there is no other parameter."""
    check_parameters(ask, shared_net, **shared_net.sizes)
    defaults = {"num_users": 40, "num_items": 50, "embedding_dim": 32, "layer_sizes": (96, 64), "shared": True}
    check_parameters(ask, new_net(defaults), num_users=40, num_items=50)
    one_layer = {**shared_net.sizes, "layer_sizes": (17,)}
    check_parameters(ask, new_net(one_layer), **one_layer)


@problem("4", points=1)
def test_tables_start_as_draws_of_variance_one_over_d(ask: Ask) -> None:
    """The embedding tables start as draws from a normal distribution with mean 0 and variance 1/d."""
    sizes = {"num_users": 210, "num_items": 190, "embedding_dim": 48, "layer_sizes": (5,)}
    tables = ask("initial_parameters", sizes=sizes, shapes=[(210, 48), (190, 48)]).value
    shapes = sorted(table.shape for table in tables)
    check_that(
        shapes == [(190, 48), (210, 48)],
        came=f"{len(tables)} tables",
        expected="2, one with a row per user and one with a row per item",
        hint="One table (U, d) for users and one (I, d) for items, with the sizes that were asked for.",
    )
    for table in tables:
        z = table.astype(np.float64).ravel() * 48**0.5  # standard normal, if right
        moments = {"mean": (z.mean(), 0, 1), "variance": ((z**2).mean(), 1, 2), "fourth moment": ((z**4).mean(), 3, 96)}
        for name, (came, expected, variance) in moments.items():
            check_that(
                bool(abs(came - expected) < TOO_FAR * (variance / z.size) ** 0.5),
                came=f"{name} {came:.3f} after division by the standard deviation 1/sqrt(d)",
                expected=f"{expected}",
                hint="nn.init.normal_ takes the standard deviation, which is the root of the variance 1/d.",
                like=[np.log(z.var()), (z**4).mean() / z.var() ** 2],
                atol=0.3,
            )


@problem("4", points=1)
def test_item_bias_starts_at_zero(ask: Ask) -> None:
    """Every item's bias starts at exactly 0."""
    sizes = {"num_users": 6, "num_items": 31, "embedding_dim": 4, "layer_sizes": (5,)}
    biases = ask("initial_parameters", sizes=sizes, shapes=[(31,), (31, 1), (1, 31)]).value
    sizes_of_biases = [bias.size for bias in biases]
    hint = "One number per item, a parameter."
    check_that(sizes_of_biases == [31], came=f"{sizes_of_biases} numbers", expected="[31] numbers", hint=hint)
    check_that(
        not biases[0].any(),
        came=str(biases[0].ravel()),
        expected="zeros",
        hint="nn.Embedding starts at random.",
        like="not zeros",
    )


@problem("4", points=2)
def test_score_is_the_inner_product_plus_the_item_bias(ask: Ask, shared_net: Any) -> None:
    """The score is u . q + b, row by row: (B,)."""
    users, items = shared_net.rows(ask.rng, ROWS)
    answer = ask("outputs", sizes=shared_net.sizes, weights=shared_net.score_weights, users=users, items=items)
    answer.same_as_reference(
        only=["score"],
        hint="One number per row: multiply u and q entry by entry and sum over d; the bias is the item's.",
    )


@problem("4", points=2)
def test_rating_is_the_mlp_of_both_embeddings_and_their_product(ask: Ask, shared_net: Any, new_net: Any) -> None:
    """The rating is MLP([u, q, u * q]), row by row: (B,)."""
    hint = "Concatenate u, q, u * q in this order; a ReLU after each layer but the last, and nothing else in between."
    for layer_sizes in (shared_net.sizes["layer_sizes"], (17,)):
        net = new_net({**shared_net.sizes, "layer_sizes": layer_sizes}).filled(ask.rng)
        users, items = net.rows(ask.rng, ROWS)
        answer = ask("outputs", sizes=net.sizes, weights=net.rating_weights, users=users, items=items)
        answer.same_as_reference(only=["rating"], hint=hint)


@problem("4", points=2, needs=["test_network_has_exactly_its_parameters"], of="gradients")
def test_gradients_reach_every_parameter(ask: Ask, shared_net: Any) -> None:
    """The gradient of both outputs together reaches every parameter, in the right amount."""
    users, items = shared_net.rows(ask.rng, ROWS)
    upstream = {"score": ask.rng.normal(size=ROWS), "rating": ask.rng.normal(size=ROWS)}
    question = {"sizes": shared_net.sizes, "users": users, "items": items, "upstream": upstream}
    answer = ask("output_gradients", weights=shared_net.weights, **question)
    answer.same_as_reference(hint="Look for .detach(), .data, .item() or no_grad in forward.")

    direction = {role: ask.rng.normal(size=value.shape) for role, value in shared_net.weights.items()}
    slope = sum((answer[role] * direction[role]).sum() for role in direction)
    close(slope, central_difference(shared_net, direction, users, items, upstream), atol=1e-5, rtol=1e-6)


@problem("4", points=2)
def test_separate_tables_serve_one_task_each(ask: Ask, separate_net: Any) -> None:
    """With shared=False each output has its own tables: no parameter has a gradient from both tasks."""
    check_parameters(ask, separate_net, **separate_net.sizes)
    users, items = separate_net.rows(ask.rng, ROWS)
    hint = (
        "shared=False: two user tables and two item tables; the score uses one pair and the rating the other. If "
        "outputs are wrong with shared=True as well, mend that first."
    )
    question = {"sizes": separate_net.sizes, "weights": separate_net.weights, "users": users, "items": items}
    ask("outputs", **question).same_as_reference(hint=hint)
    ones, zeros = np.ones(ROWS), np.zeros(ROWS)
    for upstream in ({"score": ones, "rating": zeros}, {"score": zeros, "rating": ones}):
        ask("output_gradients", **question, upstream=upstream).same_as_reference(hint=hint)


def central_difference(net: Any, direction: dict, users: Any, items: Any, upstream: dict) -> float:
    """The slope of the weighted outputs along `direction`, computed in numpy a small step to both sides."""
    step, values = 1e-6, []
    for sign in (step, -step):
        weights = {role: value + sign * direction[role] for role, value in net.weights.items()}
        outputs = type(net)(net.sizes, weights).outputs(users, items)
        values.append(sum((upstream[name] * outputs[name]).sum() for name in upstream))
    return float(values[0] - values[1]) / (2 * step)
