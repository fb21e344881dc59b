"""The reference against what is known without it: closed forms, a kept library, one large batch, a full pass."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from grader.course.assignment import load_course

ASSIGNMENT = load_course(Path(__file__)).assignment("hw3")
BY_PEFT = json.loads(Path(__file__).with_name("lora_by_peft.json").read_text())
sys.path.insert(0, str(ASSIGNMENT.shared_folders[0]))

import language_models  # noqa: E402


def module(source: str) -> ModuleType:
    made = ModuleType("of_hw3")
    exec(compile(source, "of_hw3.py", "exec"), made.__dict__)
    return made


finetune, lora, prompts = (module(source) for source in ASSIGNMENT.sources(ASSIGNMENT.solution).values())


def small(architecture: str, blocks: int = 4, dropout: float = 0.0) -> nn.Module:
    """A model with random weights and 13 tokens, in float64."""
    sizes: dict[str, Any] = {"vocab_size": 13, "width": 8, "heads": 2, "blocks": blocks, "seed": 3}
    if architecture == "gpt2":
        return language_models.gpt2(**sizes, context=32, dropout=dropout).double()
    return language_models.llama(**sizes, kv_heads=1, hidden=12).double()


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# ---- Problem 1


@pytest.mark.parametrize("architecture", ["gpt2", "llama"])
@pytest.mark.parametrize(("blocks", "middle"), [(2, [0, 1]), (3, [0, 1]), (4, [1, 2]), (5, [1, 2]), (6, [2, 3])])
def test_the_middle_blocks_are_those_of_the_handout(architecture: str, blocks: int, middle: list[int]) -> None:
    model = small(architecture, blocks)
    chosen = {id(parameter) for parameter in finetune.parameters_to_fine_tune(model, "middle")}
    found = [
        k
        for k, block in enumerate(finetune.blocks(model))
        if all(id(parameter) in chosen for parameter in block.parameters())
    ]
    assert found == middle


def test_what_is_not_tuned_does_not_move_and_has_no_optimiser_state() -> None:
    model = small("gpt2")
    tokens = torch.randint(13, (3, 7), generator=torch.Generator().manual_seed(1))
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}

    def loss_of(network: nn.Module, batch: Tensor) -> tuple[Tensor, int]:
        return finetune.lm_loss(network(batch).logits, batch), batch[:, 1:].numel()

    _, optimizer = finetune.fine_tune(model, [tokens, tokens], loss_of, "last", 0.01)
    moved = {name for name, parameter in model.named_parameters() if not torch.equal(parameter, before[name])}
    assert moved == {name for name in before if name.startswith(("transformer.h.2.", "transformer.h.3."))}
    assert len(optimizer.state) == len(moved)


# ---- Problem 2


def test_uniform_logits_have_the_loss_log_v() -> None:
    targets = torch.tensor([[0, 4, 2], [1, 1, -100]])
    assert finetune.lm_loss(torch.zeros(2, 3, 5, dtype=torch.float64), targets).item() == pytest.approx(math.log(5))


def test_the_loss_is_that_of_log_softmax_token_by_token() -> None:
    logits, targets = drawn(3, 6, 5), torch.randint(5, (3, 6), generator=torch.Generator().manual_seed(2))
    targets[0, :3], targets[2, 4:] = -100, -100
    logarithms = logits - logits.exp().sum(dim=2, keepdim=True).log()
    terms = [-logarithms[b, t, targets[b, t + 1]] for b in range(3) for t in range(5) if int(targets[b, t + 1]) != -100]
    assert finetune.lm_loss(logits, targets).item() == pytest.approx(torch.stack(terms).mean().item(), abs=1e-12)
    assert torch.autograd.gradcheck(lambda x: finetune.lm_loss(x, targets), logits.requires_grad_())


# ---- Problem 3


class Letters:
    """A token for each letter, end of text 0, no padding."""

    eos_token_id, pad_token_id = 0, None

    def encode(self, text: str, add_special_tokens: bool = True) -> list[int]:
        return [99] * add_special_tokens + [ord(letter) - 96 for letter in text]


def test_a_batch_by_hand() -> None:
    batch = finetune.tokenize_batch(Letters(), ["ab", "c"], ["d", "efg"])
    assert batch["input_ids"].tolist() == [[1, 2, 4, 0, 0], [3, 5, 6, 7, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
    assert batch["labels"].tolist() == [[-100, -100, 4, 0, -100], [-100, 5, 6, 7, 0]]


# ---- Problem 4


@pytest.mark.parametrize("case", BY_PEFT["cases"], ids=lambda case: f"{case['kind']}, rank {len(case['A'][0])}")
def test_lora_is_that_of_peft(case: dict[str, Any]) -> None:
    given = {name: torch.tensor(value, dtype=torch.float64) for name, value in case.items() if name != "kind"}
    layer = lora.LoRALinear(base(case["kind"], given["weight"], given["bias"]), given["A"].shape[1])
    with torch.no_grad():
        layer.A.copy_(given["A"])
        layer.B.copy_(given["B"])
    y = layer(given["x"])
    (given["upstream"] * y).sum().backward()
    weight = layer.merged().weight
    found = {"y": y, "gradient of A": layer.A.grad, "gradient of B": layer.B.grad}
    found["merged"] = weight.T if case["kind"] == "linear" else weight
    for name, tensor in found.items():
        torch.testing.assert_close(tensor, given[name], atol=1e-12, rtol=0, msg=name)


def base(kind: str, weight: Tensor, bias: Tensor) -> nn.Module:
    """A layer x @ weight + bias for a weight (d_in, d_out)."""
    d_in, d_out = weight.shape
    layer = nn.Linear(d_in, d_out) if kind == "linear" else small("gpt2").transformer.h[0].mlp.c_fc
    layer.weight = nn.Parameter(weight.T.clone() if kind == "linear" else weight.clone())
    layer.bias = nn.Parameter(bias.clone())
    return layer


@pytest.mark.parametrize(
    ("architecture", "names", "count"),
    [("gpt2", ["c_attn", "c_proj"], 12), ("llama", ["q_proj", "v_proj"], 8), ("llama", ["gate_proj"], 4)],
)
def test_a_model_with_new_lora_layers_is_the_same_model(architecture: str, names: list[str], count: int) -> None:
    model, tokens = small(architecture), torch.arange(10).reshape(2, 5)
    before = model(tokens).logits
    assert lora.add_lora(model, 3, names) == count
    torch.testing.assert_close(model(tokens).logits, before, atol=1e-12, rtol=0)
    tuned = finetune.parameters_to_fine_tune(model, "lora")
    assert len(tuned) == 2 * count
    assert lora.add_lora(small(architecture), 2, names) == count


# ---- Problem 5


@pytest.mark.parametrize("architecture", ["gpt2", "llama"])
def test_accumulated_micro_batches_are_one_large_batch_also_with_unequal_tokens(architecture: str) -> None:
    rows = finetune.tokenize_batch(Letters(), ["ab", "c", "abc", "b"], ["ab", "a", "cabca", "bb"])

    def loss_of(network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, int]:
        logits = network(batch["input_ids"], batch["attention_mask"]).logits
        return finetune.lm_loss(logits, batch["labels"]), int((batch["labels"][:, 1:] != -100).sum())

    def tuned(batches: list[dict[str, Tensor]], accumulation: int) -> tuple[list[float], nn.Module]:
        model = small(architecture)
        losses, _ = finetune.fine_tune(model, batches * 2, loss_of, "all", 0.01, accumulation)
        return losses, model

    micro = [{name: tensor[k : k + 2] for name, tensor in rows.items()} for k in (0, 2)]
    (losses, one), (large, other) = tuned(micro, 2), tuned([rows], 1)
    assert losses == pytest.approx(large, abs=1e-9)
    for mine, theirs in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-6, rtol=0)
    shares = [loss_of(small(architecture), batch)[0].item() for batch in micro]
    assert abs(sum(shares) / 2 - large[0]) > 1e-3  # where the mean of means is another number


def test_dropout_is_on_in_training_and_off_in_evaluation() -> None:
    model, seen = small("gpt2", dropout=0.5), []

    def measure(network: nn.Module, batch: Tensor) -> tuple[Tensor, int]:
        once, twice = network(batch).logits, network(batch).logits
        seen.append(torch.equal(once, twice))
        return once.mean(), len(batch)

    finetune.fine_tune(model.eval(), [torch.arange(8).reshape(2, 4)], measure, "all", 1e-3)
    assert not model.training
    finetune.evaluate(model.train(), [torch.arange(8).reshape(2, 4)], measure)
    assert model.training
    assert seen == [False, True]


def test_no_definition_of_the_hidden_check_is_public_and_none_comes_twice() -> None:
    drawn = np.load(ASSIGNMENT.solution / "checks" / "definitions.npz")
    beginnings = [tuple(row[row > 0]) for part in ("train", "test") for kind in drawn[part] for row in kind]
    tokenizer = language_models.minilm_tokenizer()
    texts = [text for part in language_models.glosses().values() for text in part.texts]
    public = {tuple(tokenizer.encode(text, add_special_tokens=False)[:6]) for text in texts}
    assert len(public) > 2000
    assert len(beginnings) == len({*beginnings}) == 4 * 500
    assert not public & {*beginnings}


# ---- Problem 6


@pytest.mark.parametrize("architecture", ["gpt2", "llama"])
def test_greedy_decoding_is_the_largest_logit_of_a_full_pass(architecture: str) -> None:
    model = small(architecture)
    model.lm_head.weight = nn.Parameter(8 * drawn(13, 8))  # no longer GPT-2's embedding, which would repeat one token
    prompt = torch.tensor([[5, 1, 12, 3]])
    wanted: list[int] = []
    for _ in range(8):
        everything = torch.cat([prompt, torch.tensor([wanted], dtype=torch.int64)], dim=1)
        wanted.append(int(functional.log_softmax(model(everything).logits, dim=2)[0, -1].argmax()))
    assert prompts.greedy_decode(model, prompt, [], 8) == wanted
    stop = next(token for token in wanted if token != wanted[0])
    assert prompts.greedy_decode(model, prompt, {stop}, 8) == wanted[: wanted.index(stop)]
