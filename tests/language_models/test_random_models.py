"""The small random models: what transformers answers, padding, the cache, and what is said of wrong input."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

KINDS = ("gpt2", "llama")


def small(lm: Any, kind: str, **more: Any) -> Any:
    return getattr(lm, kind)(**more).double().eval()


def ids_of(rows: int, length: int) -> torch.Tensor:
    return torch.randint(0, 50, (rows, length), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("title", ["gpt2", "llama", "llama tied"])
def test_transformers_answers_the_same(lm: Any, oracle: ModuleType, title: str):
    kind, settings = oracle.RANDOM[title]
    recorded = np.load(oracle.NUMBERS)
    found = oracle.answers(getattr(lm, kind)(**settings).eval(), positions=False)
    assert len(found) == 5
    for name, logits in found.items():
        wanted = recorded[f"{title}: {name}"]
        assert np.abs(wanted).max() > 1  # so that the bound below says something
        assert np.abs(logits.numpy() - wanted).max() < 1e-4, name


def test_names_and_shapes_are_those_of_transformers(lm: Any):
    gpt2 = {name: tuple(weight.shape) for name, weight in lm.gpt2(width=32, blocks=2).state_dict().items()}
    assert gpt2["transformer.h.1.attn.c_attn.weight"] == (32, 96)
    assert gpt2["transformer.h.1.attn.c_proj.weight"] == (32, 32)
    assert gpt2["transformer.h.0.mlp.c_fc.weight"] == (32, 128)
    assert gpt2["transformer.h.0.mlp.c_proj.weight"] == (128, 32)
    assert gpt2["lm_head.weight"] == gpt2["transformer.wte.weight"] == (50, 32)
    llama = {name: tuple(weight.shape) for name, weight in lm.llama(width=32, heads=4, kv_heads=2).state_dict().items()}
    assert llama["model.layers.3.self_attn.q_proj.weight"] == (32, 32)
    assert llama["model.layers.3.self_attn.k_proj.weight"] == (16, 32)
    assert llama["model.layers.0.mlp.down_proj.weight"] == (32, 64)
    assert not any(name.endswith("proj.bias") for name in llama)


def test_tied_weights_are_one_parameter(lm: Any):
    gpt2, tied, untied = lm.gpt2(), lm.llama(tied=True), lm.llama()
    assert gpt2.lm_head.weight is gpt2.transformer.wte.weight
    assert tied.lm_head.weight is tied.model.embed_tokens.weight
    assert untied.lm_head.weight is not untied.model.embed_tokens.weight
    assert isinstance(gpt2.transformer.h[0].attn.c_attn, lm.Conv1D)
    assert len(gpt2.transformer.h) == len(untied.model.layers) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_decides_and_the_global_state_stays(lm: Any, kind: str):
    torch.manual_seed(11)
    state = torch.get_rng_state()
    one, same, other = (getattr(lm, kind)(seed=seed).state_dict() for seed in (1, 1, 2))
    assert (torch.get_rng_state() == state).all()
    assert all((one[name] == same[name]).all() for name in one)
    assert any((one[name] != other[name]).any() for name in one)
    assert sum(weight.isnan().any() for weight in one.values()) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_sees_nothing_of_later_ones(lm: Any, kind: str):
    model, ids = small(lm, kind), ids_of(2, 8)
    changed = ids.clone()
    changed[:, 5:] = (changed[:, 5:] + 1) % 50
    before, after = model(ids).logits, model(changed).logits
    assert before.dtype == torch.float64
    assert before.shape == (2, 8, 50)
    assert torch.equal(before[:, :5], after[:, :5])
    assert (before[:, 5:] - after[:, 5:]).abs().amax(dim=-1).min() > 1e-3  # and all of the earlier ones
    changed = ids.clone()
    changed[:, 0] = (changed[:, 0] + 1) % 50
    assert (model(changed).logits - before).abs().amax(dim=-1).min() > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_rows_and_padding_change_nothing(lm: Any, kind: str):
    """A row alone, in a batch, padded on either side: the same logits."""
    model, ids = small(lm, kind), ids_of(3, 9)
    alone = model(ids[1:2, :6]).logits[0]
    for first in (0, 3):  # where the row begins
        mask = torch.ones(3, 9, dtype=torch.int64)
        mask[1] = 0
        mask[1, first : first + 6] = 1
        padded = ids.clone()
        padded[1, first : first + 6] = ids[1, :6]
        assert (model(padded, attention_mask=mask).logits[1, first : first + 6] - alone).abs().max() < 1e-12


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pieces", [(1,) * 9, (4, 5), (4, 1, 4), (8, 1)])
@pytest.mark.parametrize("padded", [False, True])
def test_the_cache_changes_nothing(lm: Any, kind: str, pieces: tuple[int, ...], padded: bool):
    model, ids = small(lm, kind), ids_of(3, 9)
    mask = torch.ones(3, 9, dtype=torch.int64)
    if padded:
        mask[0, :3] = 0
        mask[2, 2:4] = 0  # as when a padded prompt is continued
    whole = model(ids, attention_mask=mask if padded else None)
    assert whole.past_key_values is None
    past, found, done = None, [], 0
    for piece in pieces:
        output = model(
            ids[:, done : done + piece],
            attention_mask=mask[:, : done + piece] if padded else None,
            past_key_values=past,
            use_cache=True,
        )
        past, done = output.past_key_values, done + piece
        found.append(output.logits)
    difference = (torch.cat(found, dim=1) - whole.logits).abs() * mask[..., None]
    assert difference.max() < 1e-12


def test_the_cache_of_llama_holds_each_key_once(lm: Any):
    past = lm.llama(heads=4, kv_heads=1, width=32, blocks=2)(ids_of(2, 5), use_cache=True).past_key_values
    assert len(past) == 2
    assert all(keys.shape == values.shape == (2, 1, 5, 8) for keys, values in past)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_of_padding_alone_is_no_nan(lm: Any, kind: str):
    model, ids = small(lm, kind), ids_of(2, 4)
    logits = model(ids, attention_mask=torch.tensor([[0, 0, 0, 0], [0, 0, 1, 1]])).logits
    logits.square().mean().backward()
    assert logits.isfinite().all()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_every_weight_has_a_gradient(lm: Any, kind: str):
    model = small(lm, kind)
    torch.nn.functional.cross_entropy(
        model(ids_of(4, 12)).logits[:, :-1].flatten(0, 1), ids_of(4, 12)[:, 1:].flatten()
    ).backward()
    used = [name for name, weight in model.named_parameters() if weight.grad.abs().max() < 1e-7]
    assert used == []


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_is_on_in_training_alone(lm: Any, kind: str):
    model, ids = getattr(lm, kind)(dropout=0.3), ids_of(2, 6)
    assert model.training
    assert not torch.equal(model(ids).logits, model(ids).logits)
    model.eval()
    assert torch.equal(model(ids).logits, model(ids).logits)
    without = getattr(lm, kind)()
    assert torch.equal(without(ids).logits, model(ids).logits)  # in training mode, but there is none


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_learn(lm: Any, kind: str):
    model, ids = getattr(lm, kind)(), ids_of(4, 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(40):
        loss = torch.nn.functional.cross_entropy(model(ids).logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[0] > 3.5  # ln 50 = 3.9, and more as it is wrong with confidence
    assert losses[-1] < 0.5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("ids", "mask", "said"),
    [
        (torch.zeros(2, 0, dtype=torch.int64), None, r"at least one token, not \(2, 0\)"),
        (torch.zeros(4, dtype=torch.int64), None, r"must be \(B, T\)"),
        (torch.zeros(2, 4, dtype=torch.int64), torch.ones(2, 3), r"attention_mask must be \(B, P \+ T\) = \(2, 4\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(lm: Any, kind: str, ids: torch.Tensor, mask: Any, said: str):
    with pytest.raises(ValueError, match=said):
        getattr(lm, kind)()(ids, attention_mask=mask)


def test_more_tokens_than_positions_are_refused(lm: Any):
    model = lm.gpt2(context=8)
    with pytest.raises(ValueError, match=r"has 8 positions, but is given 9 tokens"):
        model(ids_of(1, 9))
    past = model(ids_of(1, 8), use_cache=True).past_key_values
    with pytest.raises(ValueError, match=r"has 8 positions, but is given 9 tokens"):
        model(ids_of(1, 1), past_key_values=past)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("gpt2", {"width": 30, "heads": 4}),
        ("gpt2", {"blocks": 0}),
        ("llama", {"heads": 4, "kv_heads": 3}),
        ("llama", {"width": 12, "heads": 4}),  # heads of 3: no pairs to turn
        ("llama", {"blocks": 0}),
    ],
)
def test_sizes_that_do_not_fit_are_refused(lm: Any, kind: str, settings: dict[str, int]):
    with pytest.raises(ValueError, match=r"needs a block"):
        getattr(lm, kind)(**settings)


def test_an_output_has_the_names_of_transformers(lm: Any):
    output = lm.gpt2()(ids_of(1, 3), use_cache=True)
    assert isinstance(output, lm.Output)
    assert output[0] is output.logits
    assert len(output.past_key_values) == 4
    assert lm.Output(output.logits).past_key_values is None
