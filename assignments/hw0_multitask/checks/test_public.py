"""The public checks: small examples of what the handout asks for, one or two for each function.

They show where you stand and carry no points. The hidden checks ask the same questions with other inputs, and more.
"""

import numpy as np

from grader.judge import Ask, check_that, close, problem

# ---- Problem 1: union of data

FRUIT, TOOLS, PLACES = ["apple", "pear", "plum"], ["saw"], ["lake", "hill"]


@problem("1", visibility="public")
def test_example_of_a_union(ask: Ask) -> None:
    """Each example comes once, with the id of its task."""
    (epoch,) = ask("union_epochs", datasets=[FRUIT, TOOLS, PLACES], seed=1).value
    expected = [[0, "apple"], [0, "pear"], [0, "plum"], [1, "saw"], [2, "hill"], [2, "lake"]]
    hint = "Pairs (task_id, example), with ids that count from 0: each example of the longest task, too."
    check_that(sorted(epoch) == expected, came=str(sorted(epoch)), expected=str(expected), hint=hint)


@problem("1", visibility="public")
def test_example_of_the_generator(ask: Ask) -> None:
    """The same generator state gives the same order, and the next epoch another one."""
    datasets = [list(range(20)), list(range(20, 30))]
    first, second = ask("union_epochs", datasets=datasets, seed=1, epochs=2, global_seed=1).value
    again, _ = ask("union_epochs", datasets=datasets, seed=1, epochs=2, global_seed=2).value
    hint = "Whatever draws is given the generator, and nothing sets its state."
    came = f"{first[:4]}..., then {again[:4]}..."
    check_that(first == again, came=came, expected="the same order twice", hint=hint, like="two orders")
    hint = "An order is drawn for each epoch, from where the generator's state has come to."
    came = f"{first[:4]}... in both epochs"
    check_that(first != second, came=came, expected="another order in the second epoch", hint=hint, like="one order")


@problem("1", visibility="public", needs=["test_example_of_a_union"])
def test_example_of_batches(ask: Ask) -> None:
    """The last batch holds what is left, and a batch size of 0 is a ValueError."""
    batches = ask("joint_batches", datasets=[FRUIT, TOOLS, PLACES], batch_size=4, seed=1).value
    lengths = [len(batch) for batch in batches]
    hint = "The six pairs are cut into batches of four, whatever their tasks."
    if lengths == [4]:
        hint = "Two of the six pairs are left after a full batch of four: they are a batch, too."
    check_that(lengths == [4, 2], came=str(lengths), expected="[4, 2]", hint=hint, like=sorted(lengths))
    ask.raises("ValueError", "joint_batches", datasets=[FRUIT], batch_size=0, seed=1)


# ---- Problem 2: sum of losses


@problem("2", visibility="public")
def test_example_of_a_weighted_sum(ask: Ask) -> None:
    """Losses 2 and 0.5 with weights 0.99 and 0.01 add up to 1.985; without weights to 2.5."""
    hint = "0.9925: you averaged. 0.515: you swapped the weights."
    losses = np.array([2.0, 0.5])
    close(ask("total_loss", losses=losses, weights=[0.99, 0.01]).value, np.array(1.985), atol=1e-6, hint=hint)
    close(ask("total_loss", losses=losses).value, np.array(2.5), atol=1e-6)


@problem("2", visibility="public", of="gradients", needs=["test_example_of_a_weighted_sum"])
def test_example_of_its_gradient(ask: Ask) -> None:
    """The derivative with respect to each loss is its weight."""
    answer = ask("total_loss_gradient", losses=np.array([2.0, 0.5, 1.0]), weights=[0.9, 0.1, 0.0])
    hint = "Nothing on the way from the losses to their sum may end the graph. Look for .item(), .detach() and float()."
    close(answer.value, np.array([0.9, 0.1, 0.0]), atol=1e-6, hint=hint)


@problem("2", visibility="public")
def test_example_of_wrong_weights(ask: Ask) -> None:
    """Too few weights, a negative weight and no loss at all are ValueErrors."""
    ask.raises("ValueError", "total_loss", losses=np.array([2.0, 0.5]), weights=[1.0])
    ask.raises("ValueError", "total_loss", losses=np.array([2.0, 0.5]), weights=[1.0, -1.0])
    ask.raises("ValueError", "total_loss", losses=np.array([]))


# ---- Problem 3: the loss of each task


POSITIVE, NEGATIVE = np.array([4.0, 1.0, 0.0]), np.array([-4.0, 1.0, 2.0])
PREDICTED, OBSERVED = np.array([3.0, 2.0, 5.0]), np.array([4.0, 4.0, 5.0])


@problem("3", visibility="public")
def test_example_of_the_interaction_loss(ask: Ask) -> None:
    """Differences of 8, 0 and -2 lose 3.3535e-4, 1/2 and 0.8808, in the mean 0.4604."""
    hint = (
        "0.99966 for the first pair: the wrong way round. 0.693 at equal scores: -log sigmoid. Pairs stand in one row: "
        "nothing else is compared."
    )
    ahead = ask("interaction_loss", positive=POSITIVE[:1], negative=NEGATIVE[:1])
    close(ahead.value, np.array(3.3535e-4), atol=1e-8, hint=hint)
    equal = ask("interaction_loss", positive=POSITIVE[1:2], negative=NEGATIVE[1:2])
    close(equal.value, np.array(0.5), atol=1e-8, hint=hint)
    ask("interaction_loss", positive=POSITIVE, negative=NEGATIVE).same_as_reference(hint=hint)


@problem("3", visibility="public")
def test_example_of_the_rating_loss(ask: Ask) -> None:
    """Errors of 1, 2 and 0 have a mean square of 5/3."""
    answer = ask("rating_loss", predicted=PREDICTED, observed=OBSERVED)
    hint = "5: the sum. 0.8333: halved. 1.2910: the root. 1: no square."
    close(answer.value, np.array(5 / 3), atol=1e-8, hint=hint)


@problem(
    "3",
    visibility="public",
    of="gradients",
    needs=["test_example_of_the_interaction_loss", "test_example_of_the_rating_loss"],
)
def test_example_of_the_gradients(ask: Ask) -> None:
    """The gradient of the interaction loss reaches both scores, that of the rating loss the prediction."""
    hint = "Look for .detach(), .item() or .data."
    ask("interaction_loss_gradients", positive=POSITIVE, negative=NEGATIVE).same_as_reference(hint=hint)
    gradient, _ = ask("rating_loss_gradients", predicted=PREDICTED, observed=OBSERVED).value
    close(gradient, np.array([-2 / 3, -4 / 3, 0.0]), atol=1e-8, what="the gradient", hint=hint)


# ---- Problem 4: one network, two outputs

SIZES = {"num_users": 3, "num_items": 5, "embedding_dim": 2, "layer_sizes": (4,), "shared": True}
SHAPES = {
    "users": (3, 2),
    "items": (5, 2),
    "item_bias": (5,),
    "weight_0": (4, 6),
    "bias_0": (4,),
    "weight_1": (1, 4),
    "bias_1": (1,),
}
# Eighths: exact in binary, so that every machine asks the same question.
WEIGHTS = {role: ((7 * np.arange(np.prod(shape)) % 11 - 4) / 8).reshape(shape) for role, shape in SHAPES.items()}
SEPARATE = {
    **{
        f"{task}_{role}": (k + 1) * WEIGHTS[role]
        for k, task in enumerate(["score", "rating"])
        for role in ("users", "items")
    },
    **{role: value for role, value in WEIGHTS.items() if role not in ("users", "items")},
}
USERS, ITEMS = np.array([0, 2, 2, 1]), np.array([3, 0, 4, 3])


@problem("4", visibility="public")
def test_example_of_the_parameters(ask: Ask) -> None:
    """A small network has these parameters and no others (the item bias may also be a column or a row)."""
    shapes = [tuple(shape) for shape in ask("parameter_shapes", sizes=SIZES).value]
    came = sorted((5,) if shape in ((5, 1), (1, 5)) else shape for shape in shapes)
    hint = (
        "There is nothing beside the tables, one bias per item, and the layers, all in the sizes that were asked for."
    )
    if len(came) == len(SHAPES):
        hint = "The number is right, a size is not: all of them follow from the arguments."
    if len(came) < len(SHAPES):
        hint = (
            "Layers in a plain list, and plain tensors, are not found and never trained: nn.Sequential, nn.Parameter."
        )
    check_that(came == sorted(SHAPES.values()), came=str(came), expected=str(sorted(SHAPES.values())), hint=hint)


@problem("4", visibility="public", needs=["test_example_of_the_parameters"])
def test_example_of_both_outputs(ask: Ask) -> None:
    """With given parameters, score and rating of four rows have these values."""
    ask("outputs", sizes=SIZES, weights=WEIGHTS, users=USERS, items=ITEMS).same_as_reference()


@problem("4", visibility="public", needs=["test_example_of_the_parameters"])
def test_example_of_separate_tables(ask: Ask) -> None:
    """With shared=False the score reads one pair of tables and the rating another."""
    answer = ask("outputs", sizes={**SIZES, "shared": False}, weights=SEPARATE, users=USERS, items=ITEMS)
    answer.same_as_reference()


# ---- Problem 5: training

LOSSES = (
    "test_example_of_a_weighted_sum",
    "test_example_of_its_gradient",
    "test_example_of_the_interaction_loss",
    "test_example_of_the_rating_loss",
    "test_example_of_the_gradients",
)
TOY = {
    "users": np.array([[1.0, 0.5], [-0.5, 1.0]]),
    "items": np.array([[0.3, -1.0], [1.0, 0.2], [-0.7, 0.4]]),
    "batches": [
        (np.array([0, 1, 1]), np.array([0, 1, 2]), np.array([1, 0, 0]), np.array([4.0, 2.0, 3.5])),
        (np.array([1, 0]), np.array([1, 2]), np.array([2, 1]), np.array([1.0, 5.0])),
    ],
    "weights": [0.9, 0.1],
}


@problem("5", needs=LOSSES, visibility="public")
def test_example_of_updates(ask: Ask) -> None:
    """Two batches change the parameters of a toy network by two steps."""
    hint = "Each batch: zero_grad, forward, weighted sum, backward, step."
    ask("toy_updates", **TOY, learning_rate=0.5).same_as_reference(hint=hint)


@problem("5", needs=LOSSES, visibility="public")
def test_example_of_mean_losses(ask: Ask) -> None:
    """The returned losses are means over the two batches."""
    ask("toy_means", **TOY).same_as_reference(
        hint="Means over both batches: the two losses unweighted, the total weighted."
    )


# ---- Problem 6: metrics


@problem("6", visibility="public")
def test_example_of_reciprocal_ranks(ask: Ask) -> None:
    """Relevant items at ranks {1, 4}, {2} and {1, 3, 4} of three users make 0.5509."""
    hint = "0.5556: you averaged over all relevant items at once. 0.3333: your ranks count from 2, not from 1."
    scores = np.array([[5.0, 4.0, 3.0, 2.0, 1.0]] * 3)
    relevant = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 0, 0], [1, 0, 1, 1, 0]], dtype=bool)
    answer = ask("mean_reciprocal_rank", scores=scores, relevant=relevant, seen=np.zeros_like(relevant))
    close(answer.value, (5 / 8 + 1 / 2 + 19 / 36) / 3, atol=1e-6, hint=hint)


@problem("6", visibility="public")
def test_example_of_a_seen_item(ask: Ask) -> None:
    """An item seen in training takes no rank: the second best becomes the best."""
    table = {"relevant": np.array([[False, True, False]]), "seen": np.array([[True, False, False]])}
    close(ask("mean_reciprocal_rank", scores=np.array([[3.0, 2.0, 1.0]]), **table).value, 1.0, atol=1e-6)


@problem("6", visibility="public")
def test_example_of_the_squared_error(ask: Ask) -> None:
    """Errors of 1, 2 and 0 have a mean square of 5/3; tensors of different shapes are a ValueError."""
    close(ask("mean_squared_error", predicted=PREDICTED, observed=OBSERVED).value, 5 / 3, atol=1e-6)
    hint = "Tensors of different shapes can still be subtracted, by broadcasting: compare their shapes before that."
    ask.raises("ValueError", "mean_squared_error", hint=hint, predicted=PREDICTED[:, None], observed=OBSERVED)
