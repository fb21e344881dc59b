"""Problem 4: one network, two outputs."""

from itertools import combinations
from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem

ROWS = 9  # examples in a batch: equal to no size of the networks
TOO_FAR = 6.0  # standard errors; a normal variable is that far away once in 5e8 draws


def role_of_bias(shape: list[int], items: int) -> tuple[int, ...]:
    """An item bias may be stored as (I,), (I, 1) or (1, I)."""
    return (items,) if tuple(shape) in ((items,), (items, 1), (1, items)) else tuple(shape)


def check_parameters(ask: Ask, net: Any, networks: int = 1, **sizes: Any) -> None:
    """The last of some networks made with `sizes` has the parameters of `net` and no others."""
    items, question = net.sizes["num_items"], {"sizes": sizes, "networks": networks}
    came = sorted(role_of_bias(shape, items) for shape in ask("parameter_shapes", **question).value)
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
    one_layer = {**shared_net.sizes, "layer_sizes": [17]}
    check_parameters(ask, new_net(one_layer), networks=2, **one_layer)  # from one and the same list


@problem("4", points=1)
def test_tables_start_as_draws_of_variance_one_over_d(ask: Ask) -> None:
    """Embedding tables begin as independent draws of variance 1/d, and every network has new ones."""
    for shared, networks in ((True, 2), (False, 1)):
        sizes = {"num_users": 210, "num_items": 190, "embedding_dim": 48, "layer_sizes": (5,), "shared": shared}
        question = {"sizes": sizes, "shapes": [(210, 48), (190, 48)], "networks": networks}
        tables = ask("initial_parameters", **question).value
        shapes = sorted(table.shape for table in tables)
        check_that(
            shapes == [(190, 48)] * 2 + [(210, 48)] * 2,
            came=f"{len(tables)} tables",
            expected="4, half of them with a row per user and half with a row per item",
            hint="With shared=True one table (U, d) for users and one (I, d) for items, with shared=False two of each.",
        )
        drawn = [table.astype(np.float64) * 48**0.5 for table in tables]  # standard normal, if right
        for z in drawn:
            check_normal(z)
        for first, second in combinations([z[:190].ravel() for z in drawn], 2):
            check_that(
                bool(abs((first * second).mean()) < TOO_FAR / first.size**0.5),
                came="two tables with entries in common",
                expected="tables that have nothing to do with each other",
                hint="Draw each table by itself and for each network anew: a copy is no draw, nor is a draw after "
                "setting the seed. What stands in the class, or outside, belongs to all networks.",
                like="related tables",
            )


def check_normal(z: np.ndarray) -> None:
    """The entries of a table (rows, d), divided by their standard deviation, are standard normal and independent."""
    rows, d = z.shape
    moments = {
        "mean": (z.mean(), 0, 1 / z.size),
        "variance": ((z**2).mean(), 1, 2 / z.size),
        "fourth moment": ((z**4).mean(), 3, 96 / z.size),
        "spread of a row's squared length": ((((z**2).sum(axis=1) - d) ** 2 / (2 * d)).mean(), 1, (2 + 12 / d) / rows),
    }
    for name, (came, expected, variance) in moments.items():
        check_that(
            bool(abs(came - expected) < TOO_FAR * variance**0.5),
            came=f"{name} {came:.3f} after division by the standard deviation 1/sqrt(d)",
            expected=f"{expected}",
            hint="nn.init.normal_ takes the standard deviation, which is the root of the variance 1/d.",
            like=[np.log(z.var()), (z**4).mean() / z.var() ** 2],
            atol=0.3,
        )


@problem("4", points="1/2")
def test_layers_start_as_pytorch_makes_them(ask: Ask) -> None:
    """The linear layers start as nn.Linear draws them: uniform, for weights and biases alike."""
    sizes = {"num_users": 6, "num_items": 31, "embedding_dim": 40, "layer_sizes": (90, 70)}
    fans = {(90, 120): 120, (90,): 120, (70, 90): 90, (70,): 90}  # shape -> how many numbers a unit reads
    found = ask("initial_parameters", sizes=sizes, shapes=[*fans]).value
    hint = "The MLP consists of nn.Linear, with the sizes that were asked for."
    came = sorted(parameter.shape for parameter in found)
    check_that(came == sorted(fans), came=str(came), expected=str(sorted(fans)), hint=hint)
    hint = "Leave the layers alone: nn.Linear draws its weights and its biases when it is made."
    squares, off = [], []
    for parameter in sorted(found, key=lambda parameter: parameter.shape):
        z = parameter.astype(np.float64).ravel() * fans[parameter.shape] ** 0.5  # uniform from -1 to 1, if right
        squares.append((z**2).mean())
        off.append(abs(squares[-1] - 1 / 3) / (4 / 45 / z.size) ** 0.5)
    came = f"mean squares of {[round(float(square), 3) for square in squares]}, times the number of inputs"
    check_that(bool(max(off) < TOO_FAR), came=came, expected="1/3 each", hint=hint, like=squares, atol=0.15)


@problem("4", points="1/2")
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


@problem("4", points="3/2")
def test_score_is_the_inner_product_plus_the_item_bias(ask: Ask, shared_net: Any) -> None:
    """The score is u . q + b, row by row: (B,)."""
    users, items = shared_net.rows(ask.rng, ROWS)
    answer = ask("outputs", sizes=shared_net.sizes, weights=shared_net.score_weights, users=users, items=items)
    answer.same_as_reference(
        atol=1e-9,
        only=["score"],
        hint="One number per row: multiply u and q entry by entry and sum over d; the bias is the item's.",
    )


@problem("4", points="3/2")
def test_rating_is_the_mlp_of_both_embeddings_and_their_product(ask: Ask, shared_net: Any, new_net: Any) -> None:
    """The rating is MLP([u, q, u * q]), row by row: (B,)."""
    hint = "Concatenate u, q, u * q in this order; a ReLU after each layer but the last, and nothing else in between."
    for layer_sizes in (shared_net.sizes["layer_sizes"], (17,)):
        net = new_net({**shared_net.sizes, "layer_sizes": layer_sizes}).filled(ask.rng)
        users, items = net.rows(ask.rng, ROWS)
        answer = ask("outputs", sizes=net.sizes, weights=net.rating_weights, users=users, items=items)
        answer.same_as_reference(atol=1e-9, only=["rating"], hint=hint)


@problem("4", points=1)
def test_outputs_depend_on_their_row_alone(ask: Ask, shared_net: Any, separate_net: Any) -> None:
    """A row's outputs are the same in training and in evaluation, and alone as in a batch; a batch may be one row."""
    for net in (shared_net, separate_net):
        users, items = net.rows(ask.rng, ROWS)
        question = {"sizes": net.sizes, "weights": net.weights, "users": users, "items": items}
        training, evaluation, alone = ask("outputs_again", **question).value
        for which, name in enumerate(("score", "rating")):
            hint = "Nothing depends on self.training: there is no dropout, no normalisation, no bound on the outputs."
            close(evaluation[which], training[which], atol=1e-9, what=f"The {name} in evaluation", hint=hint)
            hint = (
                ".squeeze() without a dimension removes the batch's, too, where there is one row: name the dimension."
            )
            one = alone[0][which]
            check_that(
                one.ndim == training[which].ndim,
                came=f"{one.ndim} dimensions for one row, {training[which].ndim} for {ROWS} rows",
                expected="as many",
                hint=hint,
                like="another number of dimensions",
            )
            hint = "Row n of the outputs belongs to row n of the ids, and to nothing else in the batch."
            together = np.concatenate([outputs[which].ravel() for outputs in alone])
            close(together, training[which].ravel(), atol=1e-9, what=f"The {name}, row by row", hint=hint)


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
