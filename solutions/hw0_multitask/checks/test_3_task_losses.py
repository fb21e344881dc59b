"""Problem 3: the loss of each task."""

import numpy as np

from grader.judge import Ask, close, problem

UNCHANGED = "What a function is given is the caller's. Operations whose names end in _, and +=, change it in place."


@problem("3", points=1)
def test_interaction_loss_is_the_mean_of_one_minus_sigmoid(ask: Ask) -> None:
    """The interaction loss is the mean over the batch of 1 - sigmoid(p+ - p-)."""
    hint = "L = (1/B) sum_b [1 - sigmoid(p+_b - p-_b)]: rated minus not rated, row by row, and no logarithm."
    for positive, negative, expected in ((4.0, -4.0, 3.3535e-4), (1.5, 1.5, 0.5)):
        pinned = ask("interaction_loss", positive=np.full(3, positive), negative=np.full(3, negative))
        close(pinned.value, np.array(expected), atol=1e-8, hint=hint)
    ask("interaction_loss", positive=ask.rng.normal(size=6), negative=ask.rng.normal(size=6)).same_as_reference(
        hint=hint
    )
    positive, negative = ask.rng.normal(0, 6, size=(2, 60))  # some far apart
    negative[:5] = positive[:5]  # and some equal
    ask("interaction_loss", positive=positive, negative=negative).same_as_reference(hint=hint)
    ask("afterwards", function="interaction_loss", arguments=[positive, negative]).same_as_reference(hint=UNCHANGED)


@problem("3", points=1, needs=["test_interaction_loss_is_the_mean_of_one_minus_sigmoid"], of="gradients")
def test_interaction_loss_moves_both_scores(ask: Ask) -> None:
    """The gradient of the interaction loss raises the score of the rated item and lowers that of the other one."""
    scores = {"positive": ask.rng.normal(size=5), "negative": ask.rng.normal(size=5)}
    answer = ask("interaction_loss_gradients", **scores)
    answer.same_as_reference(hint="The gradient flows through p+ and through p-: detach neither.")
    for gradient, name in zip(answer.value, scores, strict=True):
        direction = ask.rng.normal(size=5)
        slope = central_difference(ask, "interaction_loss", scores, name, direction)
        close(float(gradient @ direction), slope, atol=1e-7, what=f"the slope along {name}")


@problem("3", points=1)
def test_rating_loss_is_the_mean_squared_error(ask: Ask) -> None:
    """The rating loss is the mean over the batch of the squared error."""
    hint = "L = (1/B) sum_b (predicted_b - observed_b)^2: neither summed, nor halved, nor under a root."
    ask("rating_loss", predicted=ask.rng.normal(3, 1, size=7), observed=ask.rng.normal(3, 1, size=7)).same_as_reference(
        hint=hint
    )
    # A network predicts anything, far away from all ratings, too; and a rating may be 0.
    predicted, observed = ask.rng.normal(0, 9, size=60), np.append(ask.rng.normal(3, 1, size=57), [0.0, 0.0, -1.0])
    ask("rating_loss", predicted=predicted, observed=observed).same_as_reference(hint=hint)
    ask("afterwards", function="rating_loss", arguments=[predicted, observed]).same_as_reference(hint=UNCHANGED)


@problem("3", points=1, needs=["test_rating_loss_is_the_mean_squared_error"], of="gradients")
def test_rating_loss_moves_the_prediction(ask: Ask) -> None:
    """The gradient of the rating loss is 2 (predicted - observed) / B."""
    ratings = {"predicted": ask.rng.normal(3, 1, size=5), "observed": ask.rng.normal(3, 1, size=5)}
    gradient, _ = ask("rating_loss_gradients", **ratings).value
    close(gradient, 2 * (ratings["predicted"] - ratings["observed"]) / 5, atol=1e-9, what="the gradient")
    direction = ask.rng.normal(size=5)
    slope = central_difference(ask, "rating_loss", ratings, "predicted", direction)
    close(float(gradient @ direction), slope, atol=1e-7, what="the slope")


def central_difference(ask: Ask, probe: str, inputs: dict[str, np.ndarray], name: str, direction: np.ndarray) -> float:
    """The slope of the student's own loss along a direction of one input, from values a small step to both sides."""
    step = 1e-5
    ahead, behind = (ask(probe, **{**inputs, name: inputs[name] + h * direction}).value for h in (step, -step))
    return float(ahead - behind) / (2 * step)
