"""Problem 2: sum of losses."""

import numpy as np

from grader.judge import Ask, close, problem, varies


@problem("2", points=1)
def test_total_loss_is_the_weighted_sum(ask: Ask) -> None:
    """The multi-task loss is the weighted sum of the task losses."""
    hint = "L = sum_i w_i L_i: each loss with its own weight, int or float, nothing divided. A weight may be 0."
    pinned = ask("total_loss", losses=np.array([2.0, 0.5]), weights=[0.99, 0.01])
    close(pinned.value, np.array(1.985), atol=1e-6, hint=hint)
    losses, weights = ask.rng.uniform(0.5, 3, size=5), [*ask.rng.uniform(0.1, 2, size=4).tolist(), 0.0]
    ask("total_loss", losses=losses, weights=weights).same_as_reference(hint=hint)
    ask("total_loss", losses=losses[:3], weights=[0.0, 0.0, 0.7]).same_as_reference(hint=hint)
    ask("total_loss", losses=losses[:4], weights=[1, 0.3, 2, 0.6], sequence="tuple").same_as_reference(hint=hint)
    for few in ([0.0, 0, 0], [0.3]):  # all tasks switched off, and a single one
        ask("total_loss", losses=losses[: len(few)], weights=few).same_as_reference(hint=hint)


@problem("2", points="1/2")
def test_total_loss_without_weights_is_the_sum(ask: Ask) -> None:
    """Without weights every task counts once, however many tasks there are."""
    for tasks in (1, 2, 5):
        losses = ask.rng.uniform(0.5, 3, size=tasks)
        ask("total_loss", losses=losses).same_as_reference(hint="w_i = 1 for each task: a sum, not a mean.")


@problem("2", points=1, needs=["test_total_loss_is_the_weighted_sum"], of="gradients")
def test_total_loss_passes_the_gradient_to_every_task(ask: Ask) -> None:
    """The derivative of the total loss with respect to L_i is w_i."""
    losses, weights = ask.rng.uniform(0.5, 3, size=4), [0.99, 0.01, 0.0, 2.5]
    hint = "Stay with tensors: .item(), float(), .detach() and torch.tensor(...) cut the gradient."
    close(ask("total_loss_gradient", losses=losses, weights=weights).value, np.array(weights), atol=1e-6, hint=hint)


@problem("2", points="1/2")
def test_total_loss_changes_nothing_that_it_is_given(ask: Ask) -> None:
    """The losses and the weights are the caller's: they are afterwards as they were."""
    losses = ask.rng.uniform(0.5, 3, size=3)
    varies(*(ask("total_loss", losses=few) for few in (losses, 2 * losses)))  # or doing nothing would do
    hint = "Operations whose names end in _, and +=, change a tensor in place."
    for given in ([[*losses], [0.7, 0.2, 1.5]], [[*losses]]):
        question = [[np.array(loss) for loss in given[0]], *given[1:]]
        ask("afterwards", function="total_loss", arguments=question).same_as_reference(hint=hint)


@problem("2", points=1)
def test_total_loss_refuses_what_has_no_meaning(ask: Ask) -> None:
    """No loss at all, as many weights as there are not losses, and a negative weight are ValueErrors."""
    losses = ask.rng.uniform(0.5, 3, size=3)
    ask("total_loss", losses=losses, weights=[0.5, 0.3, 0.2])  # or raising always would do
    ask.raises("ValueError", "total_loss", losses=losses, weights=[0.5, 0.5], hint="Compare the two lengths.")
    ask.raises("ValueError", "total_loss", losses=losses[:2], weights=[0.5, 0.3, 0.2], hint="Compare the two lengths.")
    ask.raises("ValueError", "total_loss", losses=losses, weights=[], hint="No weights are not the weights None.")
    ask.raises("ValueError", "total_loss", losses=losses, weights=[0.9, -0.1, 0.2], hint="A weight is negative.")
    for sequence in ("list", "tuple"):
        ask.raises("ValueError", "total_loss", losses=losses[:0], sequence=sequence, hint="There is no loss.")
