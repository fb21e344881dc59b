"""Problem 4: learned inner rates."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, problem


@problem("4", points=1)
def test_each_parameter_gets_a_rate(ask: Ask, learner: Any) -> None:
    """There is one 0-dimensional rate under the name of each parameter, of its dtype, at the value asked for."""
    parameters = {**learner.parameters, "scale": ask.rng.normal(size=3).astype(np.float32)}
    answer = ask("initial_inner_lrs", parameters=parameters, inner_lr=0.4, learned=True)
    answer.same_as_reference(only="rates", hint="One 0-dimensional tensor per name: one rate serves a whole parameter.")


@problem("4", points=1)
def test_rates_require_gradients_only_if_they_are_learned(ask: Ask, learner: Any) -> None:
    """Each rate is a leaf of its own, and requires gradients if and only if the flag is set."""
    for learned in (True, False):
        question = {"parameters": learner.parameters, "inner_lr": 0.25, "learned": learned}
        answer = ask("initial_inner_lrs", **question)
        hint = "requires_grad=learned where the tensor is made, and a new tensor for each parameter."
        answer.same_as_reference(only=["require gradients", "leaves", "different tensors"], hint=hint)


@problem("4", points=1)
def test_the_outer_optimiser_moves_parameters_and_learned_rates(ask: Ask, learner: Any) -> None:
    """The outer optimiser is Adam over all parameters and over the rates that are learned."""
    slopes = ask.rng.normal(size=4).tolist()
    question = {"parameters": learner.parameters, "inner_lrs": learner.inner_lrs, "slopes": slopes, "outer_lr": 0.03}
    hint = "One Adam for both: it knows only the tensors that it was given."
    ask("outer_updates", **question, learned=True).same_as_reference(hint=hint)


@problem("4", points=1)
def test_rates_that_are_not_learned_stay(ask: Ask, learner: Any) -> None:
    """Where rates are not learned, the outer optimiser moves the parameters, and only them."""
    question = {"parameters": learner.parameters, "inner_lrs": learner.inner_lrs, "slopes": [0.5, -1.0, 2.0]}
    answer = ask("outer_updates", **question, learned=False, outer_lr=0.05)
    moved = [name for name, rate in learner.inner_lrs.items() if not np.array_equal(answer["inner_lrs"][name], rate)]
    hint = "Adam over the parameters; what does not require gradients stays as it is."
    check_that(not moved, came=f"the rates of {', '.join(moved)} moved", expected="no rate moved", hint=hint)
    answer.same_as_reference(only="parameters", hint=hint)
