"""Layers that compute some places of a batch only: a quarter of a batch of glosses is padding, and of a prompt with its
answer, only what is said of the answer counts.

B texts in a batch, T tokens in the longest of them, n places that are computed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn


class Places:
    """Some places of a batch: (B, T, width) as (n, width) and back. `chosen` (B, T): True at those places."""

    def __init__(self, chosen: Tensor) -> None:
        self.shape = chosen.shape
        self.rows = chosen.flatten().nonzero()[:, 0]  # (n,)

    def pack(self, x: Tensor) -> Tensor:
        """(B, T, width) -> (n, width)."""
        return x.flatten(0, 1).index_select(0, self.rows)

    def unpack(self, x: Tensor) -> Tensor:
        """(n, width) -> (B, T, width), 0 at all other places."""
        B, T = self.shape
        return x.new_zeros(B * T, x.shape[1]).index_copy(0, self.rows, x).view(B, T, -1)


@contextmanager
def without_padding(model: Any) -> Iterator[None]:
    """As long as it lasts, a MiniLM that is called with (input_ids, attention_mask) computes nothing for padding.

    Between its first and last block, states are (n, width) for the n tokens of the batch; only attention, where tokens
    of a text meet, sees texts side by side. No token sees padding, so the model answers what it answers otherwise, up
    to rounding. Its modules stay where they are. What stands at `query`, `key` and `value` is given (n, width).
    """
    layers = model.encoder.layer
    attentions = [layer.attention.self for layer in layers]
    at_work: list[Places] = []

    def begin(_: nn.Module, args: tuple[Tensor, Tensor]) -> None:
        at_work[:] = [Places(args[1] != 0)]

    def pack_states(_: nn.Module, args: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        return at_work[0].pack(args[0]), args[1]

    def pack(_: nn.Module, args: object, x: Tensor) -> Tensor:
        return at_work[0].pack(x)

    def unpack(_: nn.Module, args: object, x: Tensor) -> Tensor:
        return at_work[0].unpack(x)

    projections = [getattr(attention, name) for attention in attentions for name in ("query", "key", "value")]
    hooks = [
        model.register_forward_pre_hook(begin),
        layers[0].register_forward_pre_hook(pack_states),
        *(projection.register_forward_hook(unpack) for projection in projections),
        *(attention.register_forward_hook(pack) for attention in attentions),
        layers[-1].register_forward_hook(unpack),
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def logits_only_at(chosen: Tensor, lm_head: nn.Module) -> Iterator[None]:
    """As long as it lasts, a language model computes its logits at the places `chosen` (B, T); all others are 0."""
    places = Places(chosen)
    hooks = [
        lm_head.register_forward_pre_hook(lambda _, args: (places.pack(args[0]),)),
        lm_head.register_forward_hook(lambda _, args, logits: places.unpack(logits)),
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
