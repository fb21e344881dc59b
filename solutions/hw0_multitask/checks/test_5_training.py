"""Problem 5: training."""

from typing import Any

import numpy as np

from grader.judge import Ask, Calibrated, check_that, problem

LOSSES = (
    "test_total_loss_is_the_weighted_sum",
    "test_total_loss_passes_the_gradient_to_every_task",
    "test_total_loss_changes_nothing_that_it_is_given",
    "test_interaction_loss_is_the_mean_of_one_minus_sigmoid",
    "test_interaction_loss_moves_both_scores",
    "test_rating_loss_is_the_mean_squared_error",
    "test_rating_loss_moves_the_prediction",
)
NETWORK = (
    "test_network_has_exactly_its_parameters",
    "test_tables_start_as_draws_of_variance_one_over_d",
    "test_score_is_the_inner_product_plus_the_item_bias",
    "test_rating_is_the_mlp_of_both_embeddings_and_their_product",
    "test_gradients_reach_every_parameter",
)


def toy(rng: np.random.Generator, *batch_sizes: int) -> dict[str, Any]:
    """Tables of the probe's two-output toy network, and batches for it."""
    users, items = 6, 9
    batches = [
        (rng.integers(users, size=b), *rng.integers(items, size=(2, b)), rng.uniform(0.5, 5, size=b))
        for b in batch_sizes
    ]
    return {"users": rng.normal(size=(users, 2)), "items": rng.normal(size=(items, 2)), "batches": batches}


@problem("5", points=2, needs=LOSSES)
def test_one_batch_makes_one_step_down_the_weighted_sum(ask: Ask) -> None:
    """One batch changes the parameters by one step of the optimiser along the gradient of the weighted sum."""
    hint = (
        "Score the rated and the negative items for the same users; ratings are known of the rated items only; "
        "weights = (interaction, rating)."
    )
    for weights in ([0.99, 0.01], [0.3, 0.7]):
        ask("toy_updates", **toy(ask.rng, 5), weights=weights, learning_rate=0.1).same_as_reference(hint=hint)
    question = toy(ask.rng, 4)
    users, items, negatives, ratings = question["batches"][0]
    question["batches"] = [(users, items, negatives, 100 * ratings)]  # a large gradient, which is the gradient
    answer = ask("toy_updates", **question, weights=[0.5, 0.5], learning_rate=0.001)
    answer.same_as_reference(hint="The optimiser gets the gradient as it is.")


@problem("5", points="3/2", needs=LOSSES)
def test_each_update_uses_its_own_batch_alone(ask: Ask) -> None:
    """Each batch makes one update with the gradient of that batch alone."""
    question = toy(ask.rng, 5, 1, 5, 2)
    hint = "Each batch: zero_grad, forward, weighted sum, backward, step. What do gradients do when nobody clears them?"
    answer = ask("toy_updates", **question, weights=[0.8, 0.2], learning_rate=0.1, momentum=0.9)
    answer.same_as_reference(hint=hint)


@problem("5", points="1/2", needs=(*LOSSES, "test_each_update_uses_its_own_batch_alone"))
def test_gradients_from_before_do_not_count(ask: Ask) -> None:
    """What `.grad` holds when the epoch begins is of no batch, and does not count."""
    hint = "Clear the gradients before each batch's backward, the first one's, too: somebody else may have left some."
    question = {**toy(ask.rng, 5, 3), "weights": [0.4, 0.6], "learning_rate": 0.1}
    ask("toy_updates", **question, left=0.7).same_as_reference(hint=hint)


@problem("5", points=1, needs=LOSSES)
def test_losses_are_averaged_over_batches(ask: Ask) -> None:
    """The mean over batches of both losses, unweighted, and of the weighted sum."""
    hint = "Plain numbers under the keys interaction, rating and total: the mean over all batches, not the last one."
    ask("toy_means", **toy(ask.rng, 4, 4, 1, 3), weights=[0.9, 0.3]).same_as_reference(hint=hint)
    ask("toy_means", **toy(ask.rng, 4, 2), weights=[0, 0.3], once=True).same_as_reference(
        hint="The two losses are reported without weights, also where a weight is 0."
    )


@problem("5", points="1/2", needs=LOSSES)
def test_training_happens_in_training_mode(ask: Ask) -> None:
    """Every forward pass of an epoch happens in training mode, in all parts of the network."""
    for part_only in (False, True):
        modes = ask("toy_modes", **toy(ask.rng, 3, 3), weights=[0.5, 0.5], part_only=part_only).value
        always = len(modes) > 0 and all(whole is True and part is True for whole, part in modes)
        hint = "Call net.train() first: it reaches the parts of the network, which net.training = True does not."
        came = f"training mode of the network and of its part: {modes}"
        check_that(always, came=came, expected="always", hint=hint)


@problem("5", points="1/2", needs=LOSSES)
def test_an_epoch_without_batches_is_an_error(ask: Ask) -> None:
    """No batch at all is a ValueError: there is no mean loss to return."""
    ask("toy_means", **toy(ask.rng, 3), weights=[0.5, 0.5])  # or raising always would do
    for once in (False, True):
        ask.raises("ValueError", "toy_means", **toy(ask.rng), weights=[0.5, 0.5], once=once)


@problem("5", points=1, needs=(*LOSSES, *NETWORK))
def test_one_batch_can_be_learned_by_heart(ask: Ask, calibrated: Calibrated, new_net: Any) -> None:
    """Trained on one batch again and again, your network comes to know that batch by heart."""
    sizes = {"num_users": 30, "num_items": 40, "embedding_dim": 8, "layer_sizes": (24, 16), "shared": True}
    users, (items, negatives) = ask.rng.integers(30, size=20), ask.rng.permutation(40).reshape(2, 20)
    ratings = ask.rng.permutation(np.arange(1, 21, dtype=np.float32) / 4)
    batch = (users, items, negatives, ratings)
    # 40 updates: what is left varies most from run to run when hardly anything is left.
    net = fitted(ask, new_net(sizes), [batch] * 40, batch_size=20, learning_rate=0.03, weights=[0.5, 0.5])

    # A constant prediction leaves all of the ratings' variance, and equal scores have an interaction loss of 1/2.
    unexplained = ((net.outputs(users, items)["rating"] - ratings) ** 2).mean() / ratings.var()
    lead = net.outputs(users, items)["score"] - net.outputs(users, negatives)["score"]
    interaction = (1 / (1 + np.exp(lead))).mean()
    hint = (
        "Watch both losses over repeated calls with the same batch. One that does not fall: no weight, or no gradient?"
    )
    calibrated("unexplained variance", unexplained, better="less", within="0 or more", baseline=1.0, hint=hint)
    calibrated("interaction loss", interaction, better="less", within="0 to 1", baseline=0.5, hint=hint)


@problem("5", points=2, needs=(*LOSSES, *NETWORK))
def test_training_beats_the_trivial_baselines(
    ask: Ask, calibrated: Calibrated, new_net: Any, planted_ratings: Any
) -> None:
    """Training beats the means at predicting held-out ratings, and popularity at ranking held-out items."""
    data = planted_ratings(**WORLD, seed=ask.planted_seed)
    net = fitted(ask, new_net(SIZES), planted_epochs(ask.rng, data), **TRAINING)
    for baseline, gain in gains(net, data).items():
        calibrated(
            f"gain over {baseline}, in standard errors",
            standard_errors(gain),
            baseline=0.0,
            hint="Train on the planted data and compare with the baselines of the handout; plot both losses by epoch.",
        )


# Few and strong tastes, so that a short run tells learning from not learning.
WORLD = {
    **{"num_users": 150, "num_items": 50, "interactions_per_user": 20, "held_out": 5},
    **{"rank": 2, "interest": 3.0, "taste": 1.2, "popularity": 0.0, "user_bias": 0.8},
}
SIZES = {"num_users": 150, "num_items": 50, "embedding_dim": 8, "layer_sizes": (24,), "shared": True}
TRAINING = {"batch_size": 96, "learning_rate": 0.03, "weights": [0.8, 0.2]}
EPOCHS = 16


def fitted(ask: Ask, net: Any, epochs: list[tuple[np.ndarray, ...]], **settings: Any) -> Any:
    """`net` with the parameters that the student's training gave it: from here on, the judge computes."""
    answer = ask("fit", sizes=net.sizes, shapes=net.shapes, epochs=epochs, **settings)
    shapes = {role: answer[role].shape for role in net.shapes}
    check_that(shapes == net.shapes, came=f"{shapes}", expected=f"{net.shapes}", hint="Training changes no shape.")
    return type(net)(net.sizes, {role: answer[role].astype(np.float64) for role in net.shapes})


def planted_epochs(rng: np.random.Generator, data: Any) -> list[tuple[np.ndarray, ...]]:
    """The training data in a new order for each epoch, each row with an item that its user has not rated."""
    unseen = np.stack([np.flatnonzero(~row) for row in data.seen()])  # equally many for each user of planted data
    epochs = []
    for _ in range(EPOCHS):
        order = rng.permutation(len(data.train))
        users = data.train.user_ids[order]
        negatives = unseen[users, rng.integers(unseen.shape[1], size=len(users))]
        epochs.append((users, data.train.item_ids[order], negatives, data.train.ratings[order]))
    return epochs


def gains(net: Any, data: Any) -> dict[str, np.ndarray]:
    """For each user, what the network gains on held-out data over each trivial baseline; above 0 is better."""
    train, test, users, items = data.train, data.test, data.num_users, data.num_items
    counts = np.bincount(train.item_ids, minlength=items)
    mean = train.ratings.mean()
    item_means = mean + np.bincount(train.item_ids, train.ratings - mean, minlength=items) / np.maximum(counts, 1)
    error = (net.outputs(test.user_ids, test.item_ids)["rating"] - test.ratings) ** 2
    over_constant = (mean - test.ratings) ** 2 - error
    over_items = (item_means[test.item_ids] - test.ratings) ** 2 - error
    scores = net.outputs(*np.indices((users, items)).reshape(2, -1))["score"].reshape(users, items)
    return {
        "one constant": np.bincount(test.user_ids, over_constant) / data.relevant().sum(axis=1),
        "each item's mean": np.bincount(test.user_ids, over_items) / data.relevant().sum(axis=1),
        "popularity": share_beaten(scores, data) - share_beaten(counts, data),
    }


def share_beaten(scores: np.ndarray, data: Any) -> np.ndarray:
    """For each user, the share of pairs (held-out item, item never rated) that the scores put in order; ties half."""
    scores = np.broadcast_to(scores, (data.num_users, data.num_items))
    shares = []
    for row, held_out, seen in zip(scores, data.relevant(), data.seen(), strict=True):
        difference = row[held_out][:, None] - row[~(held_out | seen)]
        shares.append((difference > 0).mean() + (difference == 0).mean() / 2)
    return np.array(shares)


def standard_errors(gain: np.ndarray) -> float:
    """How many standard errors the mean of paired gains lies above 0; NaN if they are not numbers."""
    return float(gain.mean() / (gain.std(ddof=1) / len(gain) ** 0.5))
