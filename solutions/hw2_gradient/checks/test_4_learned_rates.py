"""Problem 4: learned inner rates."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, problem


@problem("4", points=1)
def test_each_parameter_gets_a_rate(ask: Ask, learner: Any) -> None:
    """There is one 0-dimensional rate under the name of each parameter, of its dtype, at the value asked for."""
    parameters = {**learner.parameters, "scale": ask.rng.normal(size=3).astype(np.float32)}
    for inner_lr in (0.4, -0.15):
        answer = ask("initial_inner_lrs", parameters=parameters, inner_lr=inner_lr, learned=True)
        hint = "One 0-dimensional tensor per name, which holds `inner_lr` itself in the dtype of its parameter."
        answer.same_as_reference(only="rates", atol=1e-10, hint=hint)


@problem("4", points=1)
def test_rates_require_gradients_only_if_they_are_learned(ask: Ask, learner: Any) -> None:
    """Each rate is a leaf of its own, and requires gradients if and only if the flag is set."""
    for learned, inner_lr in ((True, 0.25), (False, 0.25), (True, 0.0)):
        question = {"parameters": learner.parameters, "inner_lr": inner_lr, "learned": learned}
        answer = ask("initial_inner_lrs", **question)
        hint = "requires_grad=learned where the tensor is made, and a new tensor for each parameter."
        answer.same_as_reference(only=["require gradients", "leaves", "different tensors"], hint=hint)


@problem("4", points=1)
def test_the_outer_optimiser_moves_parameters_and_learned_rates(ask: Ask, learner: Any) -> None:
    """The outer optimiser is Adam over all parameters and over the rates that are learned."""
    slopes = ask.rng.normal(size=4)
    question = {"parameters": learner.parameters, "inner_lrs": learner.inner_lrs, "outer_lr": 0.03}
    moved = ("parameters", "inner_lrs")
    hint = "One Adam for both: it knows only the tensors that it was given."
    ask("outer_updates", **question, slopes=slopes.tolist(), learned=True).same_as_reference(only=moved, hint=hint)
    for learned in ({"weight": False, "bias": True}, {"weight": True, "bias": False}):
        hint = "Each rate says for itself whether it requires gradients."
        answer = ask("outer_updates", **question, slopes=slopes.tolist(), learned=learned)
        answer.same_as_reference(only=moved, hint=hint)
    hint = "Adam(..., lr=outer_lr), and every other option as PyTorch has it."
    tiny = [2e-7, 5e-9, -1e-8, 5e-9, 2e-9]  # what eps, weight decay and falling slopes do to Adam is seen here
    ask("outer_updates", **question, slopes=tiny, learned=True).same_as_reference(only=moved, hint=hint)


@problem("4", points=1)
def test_rates_that_are_not_learned_stay(ask: Ask, learner: Any) -> None:
    """Where rates are not learned, the outer optimiser moves the parameters, and only them."""
    question = {"parameters": learner.parameters, "inner_lrs": learner.inner_lrs, "slopes": [0.5, -1.0, 2.0]}
    answer = ask("outer_updates", **question, learned=False, outer_lr=0.05)
    moved = [name for name, rate in learner.inner_lrs.items() if not np.array_equal(answer["inner_lrs"][name], rate)]
    hint = "Adam over the parameters; what does not require gradients stays as it is."
    check_that(not moved, came=f"the rates of {', '.join(moved)} moved", expected="no rate moved", hint=hint)
    answer.same_as_reference(only=["parameters", "require gradients"], hint=hint)
