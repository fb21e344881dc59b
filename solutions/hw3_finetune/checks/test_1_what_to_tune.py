"""Problem 1: what to tune."""

from typing import Any

import pytest

from grader.judge import Ask, check_that, problem

ALL_OF = ((3, "gpt2", False), (1, "llama", False), (3, "gpt2", True))  # blocks, architecture, a head
LORA_IN = {
    "gpt2": ["transformer.h.0.attn.c_attn", "transformer.h.2.attn.c_attn", "transformer.h.2.mlp.c_proj"],
    # lm_head is in no block
    "llama": ["model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.v_proj", "lm_head"],
}


@pytest.fixture
def question(ask: Ask) -> Any:
    """A function that asks about a model with so many blocks, GPT-2 or Llama by chance."""

    def asked(blocks: int, mode: str, architecture: str = "", **rest: Any) -> dict[str, Any]:
        chosen = architecture or ("gpt2", "llama")[ask.rng.integers(2)]
        return {"architecture": chosen, "blocks": blocks, "mode": mode, **rest}

    return asked


@problem("1", points=2)
def test_modes_choose_their_two_blocks(ask: Ask, question: Any) -> None:
    """First, last and middle are the parameters of two blocks: 0 and 1, L - 2 and L - 1, L // 2 - 1 and L // 2."""
    hint = "With 5 blocks the middle ones are 1 and 2, with 6 they are 2 and 3. Return the parameters in them."
    for blocks in (6, 5, 2):
        for mode in ("first", "last", "middle"):
            ask("parameters_to_fine_tune", **question(blocks, mode)).same_as_reference(only="returned", hint=hint)


@problem("1", points=1)
def test_all_is_every_parameter_once(ask: Ask, question: Any) -> None:
    """All are the model's parameters, also those that came frozen, and one that is used in two places comes once."""
    hint = (
        "model.parameters(), whatever required gradients before. GPT-2's embedding is also its last layer: "
        "model.parameters() counts such a tensor a single time. One block is enough here."
    )
    adapted = question(4, "all", "llama", lora_in=LORA_IN["llama"], frozen=True)
    plain = [question(blocks, "all", name, head=head) for blocks, name, head in ALL_OF]
    for asked in (*plain, adapted):
        ask("parameters_to_fine_tune", **asked).same_as_reference(only="returned", hint=hint)


@problem("1", points=1)
def test_lora_is_the_factors_of_every_lora_layer(ask: Ask, question: Any) -> None:
    """Lora is A and B of every module that has base, A and B, and nothing of the base."""
    hint = "Go through model.modules(), and look for those that have all three attributes."
    for architecture, paths in LORA_IN.items():
        asked = question(4, "lora", architecture, lora_in=paths, pair=True)
        ask("parameters_to_fine_tune", **asked).same_as_reference(only="returned", hint=hint)


@problem("1", points="1/2")
def test_a_new_head_is_always_trained(ask: Ask, question: Any) -> None:
    """If the model has a head, its parameters are among them in every mode."""
    hint = (
        "What the mode names, and in every mode the new classifier: it holds random numbers, so it has to be trained."
    )
    for mode in ("first", "last", "middle", "lora"):
        found = ask("parameters_to_fine_tune", **question(4, mode, "gpt2", head=True, lora_in=LORA_IN["gpt2"]))
        came = [name for name in found["returned"] if name.startswith("head.")]
        expected = ["head.bias", "head.weight"]
        check_that(came == expected, came=f"{mode}: {came}", expected=f"{expected}", hint=hint, like=[mode, came])


@problem("1", points="1/2")
def test_what_is_returned_requires_gradients(ask: Ask, question: Any) -> None:
    """Afterwards each parameter that you return requires gradients, also if the model came frozen."""
    hint = "Set requires_grad_(True) on what you return: the model may come from a call with another mode."
    for mode in ("first", "last", "middle", "all"):
        for frozen in (False, True):
            seen = ask("parameters_to_fine_tune", **question(5, mode, "gpt2", frozen=frozen))
            check_that(bool(seen["returned"]), came="no parameter", expected="those that are to be trained", hint=hint)
            still = len({*seen["returned"]} - {*seen["trainable"]})
            came = f"{still} of {len(seen['returned'])} that you return require no gradients"
            check_that(still == 0, came=came, expected="none of them", hint=hint, like=[mode, frozen, still])


@problem("1", points="1/2")
def test_everything_else_is_frozen(ask: Ask, question: Any) -> None:
    """Afterwards no parameter requires gradients but those that you return, and none has another value."""
    hint = "model.requires_grad_(False) freezes all of them; then set it again on those that you return."
    questions = [question(5, mode, "gpt2") for mode in ("first", "last", "middle", "all")]
    for asked in (*questions, question(4, "lora", "llama", head=True, lora_in=LORA_IN["llama"])):
        seen = ask("parameters_to_fine_tune", **asked)
        still = len({*seen["trainable"]} - {*seen["returned"]})
        came = f"{still} that you do not return require gradients"
        check_that(still == 0, came=came, expected="none of them", hint=hint, like=[asked["mode"], still])
        seen.same_as_reference(only="values changed", hint="It chooses and freezes; nothing is trained yet.")


@problem("1", points="1/2")
def test_a_list_comes_back_or_a_value_error(ask: Ask, question: Any) -> None:
    """A list comes back; another mode, too few blocks, and lora without a LoRA layer are ValueErrors."""
    kind = ask("parameters_to_fine_tune", **question(3, "all"))["type"]
    hint = "Whoever reads a generator a second time gets nothing: the optimiser would hold no parameter. Make a list."
    check_that(kind in ("list", "tuple"), came=kind, expected="list", hint=hint)
    hint = "Look at the mode, and at the number of blocks or of LoRA layers, before you choose."
    unknown = [question(3, mode, "gpt2", lora_in=LORA_IN["gpt2"]) for mode in ("top", "", "lor")]
    few = [question(1, mode) for mode in ("first", "middle", "last")]
    for asked in (*unknown, *few, question(3, "lora"), question(3, "lora", head=True)):
        ask.raises("ValueError", "parameters_to_fine_tune", **asked, hint=hint)
