"""Llama, as in transformers: the same names, shapes and results. SmolLM2 is one.

Hugo Touvron et al. 2023. LLaMA: Open and efficient foundation language models. https://arxiv.org/abs/2302.13971
Jianlin Su et al. 2021. RoFormer: Enhanced transformer with rotary position embedding. https://arxiv.org/abs/2104.09864
Joshua Ainslie et al. 2023. GQA: Training generalized multi-query transformer models. https://arxiv.org/abs/2305.13245
"""

import torch
import torch.nn.functional as F
from language_models.attention import (
    Output,
    Past,
    attend,
    join,
    length_of,
    merge_heads,
    positions_and_sight,
    split_heads,
)
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """x / sqrt(mean(x^2) + eps) * weight."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:  # (..., width)
        return x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + self.eps) * self.weight


def rotate(x: Tensor, positions: Tensor, base: float) -> Tensor:
    """Rotary positions: pairs (x_i, x_{i + d/2}) are turned by the angle position * base^(-2i/d).

    x: (B, heads, T, d), d even; positions: (B, T). Of two tokens only the distance then matters to q . k.
    """
    half = x.shape[-1] // 2
    i = torch.arange(half, dtype=x.dtype, device=x.device)
    angles = positions[:, None, :, None].to(x.dtype) * base ** (-i / half)  # (B, 1, T, d/2)
    cos, sin = angles.cos(), angles.sin()
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


class Attention(nn.Module):
    """Grouped-query attention: heads / kv_heads queries share a key and a value."""

    def __init__(self, width: int, heads: int, kv_heads: int, rope_base: float, dropout: float) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.rope_base, self.dropout = heads, kv_heads, rope_base, dropout
        d = width // heads
        self.q_proj = nn.Linear(width, heads * d, bias=False)
        self.k_proj = nn.Linear(width, kv_heads * d, bias=False)
        self.v_proj = nn.Linear(width, kv_heads * d, bias=False)
        self.o_proj = nn.Linear(heads * d, width, bias=False)

    def forward(self, x: Tensor, positions: Tensor, sight: Tensor, past: tuple[Tensor, Tensor] | None):
        q = split_heads(self.q_proj(x), self.heads)  # (B, heads, T, d)
        k = split_heads(self.k_proj(x), self.kv_heads)  # (B, kv_heads, T, d)
        v = split_heads(self.v_proj(x), self.kv_heads)
        q, k = rotate(q, positions, self.rope_base), rotate(k, positions, self.rope_base)
        k, v = join(past, k, v)  # (B, kv_heads, P + T, d): the cache holds each key and value once
        group = self.heads // self.kv_heads
        heads = attend(
            q,
            k.repeat_interleave(group, dim=1),  # (B, heads, P + T, d)
            v.repeat_interleave(group, dim=1),
            sight,
            self.dropout if self.training else 0.0,
        )
        return self.o_proj(merge_heads(heads)), (k, v)


class MLP(nn.Module):
    """down(silu(gate(x)) * up(x))."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(width, hidden, bias=False)
        self.up_proj = nn.Linear(width, hidden, bias=False)
        self.down_proj = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:  # (B, T, width)
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    """x + Attention(norm(x)), then x + MLP(norm(x))."""

    def __init__(
        self, width: int, heads: int, kv_heads: int, hidden: int, rope_base: float, eps: float, dropout: float
    ) -> None:
        super().__init__()
        self.self_attn = Attention(width, heads, kv_heads, rope_base, dropout)
        self.mlp = MLP(width, hidden)
        self.input_layernorm = RMSNorm(width, eps)
        self.post_attention_layernorm = RMSNorm(width, eps)

    def forward(self, x: Tensor, positions: Tensor, sight: Tensor, past: tuple[Tensor, Tensor] | None):
        attended, keys_and_values = self.self_attn(self.input_layernorm(x), positions, sight, past)
        x = x + attended
        return x + self.mlp(self.post_attention_layernorm(x)), keys_and_values


class Decoder(nn.Module):
    """What transformers calls `model`: all but the last layer."""

    def __init__(self, embed_tokens: nn.Embedding, layers: nn.ModuleList, norm: RMSNorm) -> None:
        super().__init__()
        self.embed_tokens, self.layers, self.norm = embed_tokens, layers, norm


class Llama(nn.Module):
    """`model.layers` are the blocks. If `tied`, `lm_head` has the weight of the embedding `model.embed_tokens`."""

    def __init__(
        self,
        vocab_size: int,
        width: int,
        heads: int,
        kv_heads: int,
        blocks: int,
        hidden: int,
        *,
        context: int = 2048,
        rope_base: float = 10000.0,
        eps: float = 1e-6,
        tied: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if width % (2 * heads) or heads % kv_heads or blocks < 1:
            raise ValueError(
                "Llama needs a block, heads of an even width, and kv_heads that the heads share: "
                f"{width=}, {heads=}, {kv_heads=}, {blocks=}."
            )
        self.context, self.tied = context, tied
        self.model = Decoder(
            nn.Embedding(vocab_size, width),
            nn.ModuleList(Block(width, heads, kv_heads, hidden, rope_base, eps, dropout) for _ in range(blocks)),
            RMSNorm(width, eps),
        )
        self.lm_head = nn.Linear(width, vocab_size, bias=False)
        self.tie()

    def tie(self) -> None:
        """Makes the two weights one again, which loading can undo."""
        if self.tied:
            self.lm_head.weight = self.model.embed_tokens.weight

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        past_key_values: Past | None = None,
        use_cache: bool = False,
    ) -> Output:
        """input_ids: (B, T), with a cache the new tokens only; attention_mask: (B, P + T). Logits (B, T, V)."""
        positions, sight = positions_and_sight(input_ids, attention_mask, past_key_values)
        if (longest := length_of(past_key_values) + input_ids.shape[1]) > self.context:
            raise ValueError(f"This model has {self.context} positions, but is given {longest} tokens.")
        x = self.model.embed_tokens(input_ids)  # (B, T, width)
        present = []
        for number, block in enumerate(self.model.layers):
            x, keys_and_values = block(
                x, positions, sight, None if past_key_values is None else past_key_values[number]
            )
            present.append(keys_and_values)
        logits = self.lm_head(self.model.norm(x))  # (B, T, V)
        return Output(logits, tuple(present) if use_cache else None)


def llama(
    vocab_size: int = 50,
    width: int = 32,
    heads: int = 4,
    kv_heads: int = 2,
    blocks: int = 4,
    hidden: int = 64,
    seed: int = 0,
    *,
    tied: bool = False,
    dropout: float = 0.0,
) -> Llama:
    """A small Llama with random weights: the same ones for the same seed. The global random state is left as it was.

    `dropout` is that of the attention weights, the only one that Llama has.
    """
    with torch.random.fork_rng(devices=[]):
        model = Llama(vocab_size, width, heads, kv_heads, blocks, hidden, tied=tied, dropout=dropout)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.Linear | nn.Embedding):  # (d_out, d_in): each layer keeps the size of its input
                module.weight.normal_(0.0, module.weight.shape[1] ** -0.5, generator=generator)
    return model
