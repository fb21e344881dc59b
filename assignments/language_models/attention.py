"""What the three architectures share: attention, and for the causal ones who sees whom and what a model returns.

Ashish Vaswani et al. 2017. Attention is all you need. https://arxiv.org/abs/1706.03762
"""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

Past = tuple[tuple[Tensor, Tensor], ...]  # of each block: keys and values, (B, heads, P, width of a head)


class Output(NamedTuple):
    """What a causal language model returns, with the names that transformers uses.

    logits: (B, T, V), at place t for the token at t + 1.
    past_key_values: with `use_cache=True`, what the next call needs in order to be given new tokens only.
    """

    logits: Tensor
    past_key_values: Past | None = None


def length_of(past: Past | None) -> int:
    """P, the number of tokens that the cache has seen."""
    return 0 if past is None else past[0][0].shape[2]


def positions_and_sight(input_ids: Tensor, attention_mask: Tensor | None, past: Past | None) -> tuple[Tensor, Tensor]:
    """Where in its text each new token stands, (B, T), and which tokens it sees, (B, 1, T, P + T) bool.

    attention_mask: (B, P + T), 1 for tokens and 0 for padding, the tokens in the cache included; None: no padding.
    Padding is not counted, so a text has the same positions, and so the same logits, wherever padding stands.
    Raises `ValueError` for shapes that do not fit.
    """
    if input_ids.dim() != 2 or input_ids.shape[1] == 0:
        raise ValueError(f"input_ids must be (B, T) with at least one token, not {tuple(input_ids.shape)}.")
    (B, T), P = input_ids.shape, length_of(past)
    if attention_mask is None:
        attention_mask = torch.ones(B, P + T, device=input_ids.device)
    if attention_mask.shape != (B, P + T):
        raise ValueError(
            f"attention_mask must be (B, P + T) = {(B, P + T)}, for {P} tokens in the cache and {T} new ones, "
            f"not {tuple(attention_mask.shape)}."
        )
    is_token = attention_mask != 0  # (B, P + T)
    positions = (is_token.long().cumsum(dim=1) - 1).clamp(min=0)[:, P:]  # (B, T)
    place = torch.arange(P + T, device=input_ids.device)
    not_later = place[None, :] <= place[P:, None]  # (T, P + T)
    return positions, not_later & is_token[:, None, None, :]


def attend(q: Tensor, k: Tensor, v: Tensor, sight: Tensor, dropout: float = 0.0) -> Tensor:
    """softmax(Q K^T / sqrt(d)) V (equation 1 of Vaswani et al.), where tokens see what `sight` allows.

    q: (B, heads, T, d); k, v: (B, heads, S, d); sight: bool that broadcasts to (B, heads, T, S). Returns q's shape.
    """
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])  # (B, heads, T, S)
    # The smallest number, not -inf: a place of padding may see nothing at all, and must not become NaN.
    scores = scores.masked_fill(~sight, torch.finfo(scores.dtype).min)
    weights = F.dropout(scores.softmax(dim=-1), dropout)
    return weights @ v


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, T, heads * d) -> (B, heads, T, d)."""
    B, T, _ = x.shape
    return x.view(B, T, heads, -1).transpose(1, 2)


def merge_heads(x: Tensor) -> Tensor:
    """(B, heads, T, d) -> (B, T, heads * d)."""
    return x.transpose(1, 2).flatten(2)


def join(past: tuple[Tensor, Tensor] | None, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """A block's keys and values of all tokens so far: those of the cache and the new ones, (B, heads, P + T, d)."""
    if past is None:
        return k, v
    return torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
