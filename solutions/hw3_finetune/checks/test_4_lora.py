"""Problem 4: LoRA."""

from typing import Any

import numpy as np

from grader.judge import Ask, check_that, close, problem

START = "test_a_new_layer_has_factors_of_the_right_shape"
LINEAR = "test_the_product_is_added_to_a_linear_layer"


def layer(ask: Ask, kind: str, d_in: int, d_out: int, rank: int) -> dict[str, Any]:
    """A layer x @ weight + bias, and factors for it."""
    sizes = {"weight": (d_in, d_out), "bias": (d_out,), "A": (d_in, rank), "B": (d_out, rank)}
    return {"kind": kind, **{name: ask.rng.normal(size=size) for name, size in sizes.items()}}


def dense(asked: dict[str, Any]) -> np.ndarray:
    return np.asarray(asked["weight"] + asked["A"] @ asked["B"].T)


def new_layer(ask: Ask, kind: str, d_in: int, d_out: int, rank: int, dtype: str = "float64") -> dict[str, Any]:
    """The question about a layer that has just been made."""
    weight, bias = (ask.rng.normal(size=size).astype(dtype) for size in ((d_in, d_out), (d_out,)))
    return {"kind": kind, "weight": weight, "bias": bias, "rank": rank}


@problem("4", points=1)
def test_a_new_layer_has_factors_of_the_right_shape(ask: Ask) -> None:
    """A is (d_in, r) and B (d_out, r), Parameters with the dtype of the base's weight."""
    hint = (
        "Parameters A (d_in, r) and B (d_out, r) of the weight's dtype. An nn.Linear keeps its weight as (d_out, "
        "d_in), a Conv1D as (d_in, d_out)."
    )
    facts = ["shapes", "are parameters", "dtypes"]
    for kind, dtype in (("linear", "float64"), ("conv1d", "float32")):
        ask("lora_at_the_start", **new_layer(ask, kind, 6, 4, 3, dtype)).same_as_reference(only=facts, hint=hint)


@problem("4", points=1, needs=[START])
def test_a_new_layer_computes_what_its_base_does(ask: Ask) -> None:
    """B begins as 0 and A does not, so a new layer computes what its base does, and can learn."""
    hint = (
        "base(x) + x A B^T with B = 0 is base(x), its bias included. With both factors 0 no gradient would ever reach "
        "either; with neither 0 the pre-trained layer is disturbed."
    )
    for kind in ("linear", "conv1d"):
        asked = new_layer(ask, kind, 5, 7, 2)
        answer = ask("lora_at_the_start", **asked).same_as_reference(only="all zero", hint=hint)
        ask("lora_outputs_at_the_start", **asked, x=ask.rng.normal(size=(3, 5))).same_as_reference(hint=hint)
        hint = (
            "A new layer computes base(x), because B is 0. Every entry of A is drawn by itself, with mean 0: its "
            "columns are what the layer can look at."
        )
        bad = answer["rows or columns of A that are 0 or equal"]
        check_that(bad == 0, came=f"{bad} rows or columns of A are 0 or equal", expected="a random matrix", hint=hint)
        again = answer["another layer has the same A"]
        check_that(not again, came="two new layers have the same A", expected="two random matrices", hint=hint)
    share = ask("lora_at_the_start", **new_layer(ask, "linear", 50, 3, 4))["share of A above 0"]
    # Of 200 entries, half are above 0 with a standard deviation of 3.5 %.
    came = f"{share:.0%} of A's entries are above 0"
    check_that(0.2 < share < 0.8, came=came, expected="about half", hint=hint, like=share, atol=0.05)


@problem("4", points=1, needs=[START])
def test_the_product_is_added_to_a_linear_layer(ask: Ask) -> None:
    """On an nn.Linear: y = base(x) + x A B^T, whatever the rank, and nothing is scaled."""
    hint = "base(x), with its bias, plus x (..., d_in) times A (d_in, r) times B^T (r, d_out). No alpha / r."
    for kind, d_in, d_out, rank in (("linear", 4, 4, 2), ("linear", 6, 4, 3), ("subclass", 3, 5, 1)):
        asked = layer(ask, kind, d_in, d_out, rank)
        x = ask.rng.normal(size=(2, 3, d_in))
        answer = ask("lora_outputs", **asked, x=x)
        close(answer.value, x @ dense(asked) + asked["bias"], atol=1e-9, what="y", hint=hint)
    turned = x.transpose(1, 0, 2) @ dense(asked) + asked["bias"]  # (3, 2, d_out)
    later = ask("lora_outputs_later", **asked, x=x)
    for mode in ("training", "evaluation"):
        close(later[mode], turned, atol=1e-9, what=f"y in {mode} mode, after A and B have changed", hint=hint)


@problem("4", points=1, needs=[START])
def test_the_product_is_added_to_a_conv1d(ask: Ask) -> None:
    """On GPT-2's Conv1D, whose weight is transposed, y = base(x) + x A B^T as well."""
    hint = (
        "base(x), with its bias, plus x A B^T, as for an nn.Linear. The weight of a Conv1D is (d_in, d_out): that "
        "matters only where the sizes are read."
    )
    for d_in, d_out, rank in ((5, 5, 3), (4, 7, 2), (5, 3, 4)):
        asked = layer(ask, "conv1d", d_in, d_out, rank)
        x = ask.rng.normal(size=(2, 4, d_in))
        answer = ask("lora_outputs", **asked, x=x)
        close(answer.value, x @ dense(asked) + asked["bias"], atol=1e-9, what="y", hint=hint)
    other = {**asked, "kind": "matrix", "bias": np.zeros(d_out)}
    hint = "A weight of two dimensions, and no nn.Linear: taken for a Conv1D, with a weight (d_in, d_out)."
    close(ask("lora_outputs", **other, x=x).value, x @ dense(asked), atol=1e-9, what="y", hint=hint)


@problem("4", points=1, needs=[LINEAR], of="gradients")
def test_gradients_reach_the_factors(ask: Ask) -> None:
    """The output is differentiable in A, in B and in x."""
    asked = layer(ask, "linear", 5, 3, 2)
    x, upstream = ask.rng.normal(size=(4, 5)), ask.rng.normal(size=(4, 3))
    answer = ask("lora_gradients", **asked, x=x, upstream=upstream)
    hint = "No .detach(), no .data and no torch.no_grad() in forward: both factors learn, and earlier layers too."
    right = {
        "A": x.T @ upstream @ asked["B"],
        "B": upstream.T @ x @ asked["A"],
        "x": upstream @ dense(asked).T,
    }
    for name, gradient in right.items():
        close(answer[name], gradient, atol=1e-9, what=f"the gradient of {name}", hint=hint)


@problem("4", points=1)
def test_the_base_is_frozen_and_kept(ask: Ask) -> None:
    """The base is the layer itself, its parameters require no gradients, and A and B do."""
    hint = (
        "What is trained is A and B: self.base = base, and requires_grad_(False) on it. A copy would cost the memory "
        "that LoRA saves."
    )
    for kind in ("linear", "conv1d"):
        answer = ask("lora_at_the_start", **new_layer(ask, kind, 4, 6, 2))
        answer.same_as_reference(only=["trainable", "base kept"], hint=hint)
    asked = {**layer(ask, "linear", 5, 3, 2), "x": ask.rng.normal(size=(4, 5)), "upstream": ask.rng.normal(size=(4, 3))}
    answer = ask("lora_gradients", **asked).same_as_reference(only="of the base", hint=hint)
    hint = "forward reads the base's weight, and writes nothing into it."
    answer.same_as_reference(only="base changed", hint=hint)


@problem("4", points="3/2", needs=[START])
def test_merging_gives_a_plain_layer_that_computes_the_same(ask: Ask) -> None:
    """The merged layer is of the base's kind, and its weight is the base's weight plus the product."""
    hint = "W + B A^T for an nn.Linear, W + A B^T for a Conv1D, in a copy of the base."
    for kind, d_in, d_out in (("linear", 5, 5), ("conv1d", 5, 5), ("linear", 6, 4), ("conv1d", 4, 6)):
        asked = layer(ask, kind, d_in, d_out, 3)
        x = ask.rng.normal(size=(3, d_in))
        answer = ask("lora_merged", **asked, x=x)
        answer.same_as_reference(only=["kind", "bias"], hint=hint)
        close(answer["weight"], dense(asked), atol=1e-9, what="the merged weight (as d_in, d_out)", hint=hint)
        close(answer["y"], x @ dense(asked) + asked["bias"], atol=1e-9, what="y", hint=hint)
        hint = (
            "W + B A^T for an nn.Linear, W + A B^T for a Conv1D, in a copy of the base: the layer itself may go on "
            "with its training afterwards."
        )
        answer.same_as_reference(only="side effects", hint=hint)
    x, asked = ask.rng.normal(size=(3, 5)), layer(ask, "linear", 5, 4, 2)
    hint = "Merging reads the factors when it is called, and makes a new layer each time."
    later = ask("lora_merged_later", **asked).value
    close(later, dense(asked), atol=1e-9, what="the weight, merged again after A and B have changed", hint=hint)
    without = {**asked, "bias": None}
    hint = "A base without a bias gives a merged layer without one."
    ask("lora_merged", **without, x=x).same_as_reference(only=["kind", "bias", "y"], hint=hint)


@problem("4", points="1/2")
def test_a_rank_below_one_and_a_layer_without_matrix_are_errors(ask: Ask) -> None:
    """A rank below 1 is a ValueError; a base that has no weight of two dimensions is a TypeError."""
    ask("lora_of", kind="linear", rank=1)
    for rank in (0, -1):
        ask.raises("ValueError", "lora_of", kind="linear", rank=rank, hint="Look at the rank first.")
    hint = "A dropout has no weight at all, that of a layer norm has one dimension, and that of a convolution three."
    for kind in ("dropout", "norm", "convolution"):
        ask.raises("TypeError", "lora_of", kind=kind, rank=2, hint=hint)
