"""GPT-2, as in transformers: the same names, shapes and results.

Alec Radford et al. 2019. Language models are unsupervised multitask learners.
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


class Conv1D(nn.Module):
    """y = x W + b with W (d_in, d_out): a linear layer whose weight is the transpose of nn.Linear's."""

    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(d_in, d_out))
        self.bias = nn.Parameter(torch.zeros(d_out))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight + self.bias  # (..., d_in) -> (..., d_out)


class Attention(nn.Module):
    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.c_attn = Conv1D(width, 3 * width)  # queries, keys and values at once
        self.c_proj = Conv1D(width, width)

    def forward(self, x: Tensor, sight: Tensor, past: tuple[Tensor, Tensor] | None):  # x: (B, T, width)
        q, k, v = (split_heads(part, self.heads) for part in self.c_attn(x).chunk(3, dim=-1))  # (B, heads, T, d)
        k, v = join(past, k, v)  # (B, heads, P + T, d)
        heads = attend(q, k, v, sight, self.dropout if self.training else 0.0)
        return F.dropout(self.c_proj(merge_heads(heads)), self.dropout, self.training), (k, v)


class MLP(nn.Module):
    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.c_fc = Conv1D(width, 4 * width)
        self.c_proj = Conv1D(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:  # (B, T, width)
        hidden = F.gelu(self.c_fc(x), approximate="tanh")  # (B, T, 4 width)
        return F.dropout(self.c_proj(hidden), self.dropout, self.training)


class Block(nn.Module):
    """x + Attention(LN(x)), then x + MLP(LN(x))."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads, dropout)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = MLP(width, dropout)

    def forward(self, x: Tensor, sight: Tensor, past: tuple[Tensor, Tensor] | None):
        attended, keys_and_values = self.attn(self.ln_1(x), sight, past)
        x = x + attended
        return x + self.mlp(self.ln_2(x)), keys_and_values


class GPT2(nn.Module):
    """`transformer.h` are the blocks; `lm_head` has the weight of the embedding `transformer.wte`."""

    def __init__(
        self, vocab_size: int, width: int, heads: int, blocks: int, context: int, *, dropout: float = 0.0
    ) -> None:
        super().__init__()
        if width % heads or blocks < 1:
            raise ValueError(f"GPT-2 needs a block and a width that its heads share: {width=}, {heads=}, {blocks=}.")
        self.context, self.dropout = context, dropout
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(vocab_size, width),  # tokens
                "wpe": nn.Embedding(context, width),  # positions
                "h": nn.ModuleList(Block(width, heads, dropout) for _ in range(blocks)),
                "ln_f": nn.LayerNorm(width),
            }
        )
        self.lm_head = nn.Linear(width, vocab_size, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight

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
        x = self.transformer["wte"](input_ids) + self.transformer["wpe"](positions)  # (B, T, width)
        x = F.dropout(x, self.dropout, self.training)
        present = []
        for number, block in enumerate(self.transformer["h"]):
            x, keys_and_values = block(x, sight, None if past_key_values is None else past_key_values[number])
            present.append(keys_and_values)
        logits = self.lm_head(self.transformer["ln_f"](x))  # (B, T, V)
        return Output(logits, tuple(present) if use_cache else None)


def gpt2(
    vocab_size: int = 50,
    width: int = 32,
    heads: int = 4,
    blocks: int = 4,
    context: int = 64,
    seed: int = 0,
    *,
    dropout: float = 0.0,
) -> GPT2:
    """A small GPT-2 with random weights: the same ones for the same seed. The global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        model = GPT2(vocab_size, width, heads, blocks, context, dropout=dropout)
    generator = torch.Generator().manual_seed(seed)
    # Each layer keeps the size of its input. GPT-2's own 0.02 is right for a width of 768; at 32, blocks would add
    # next to nothing. Biases are random, too, so that it shows when one gets lost.
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, Conv1D):
                module.weight.normal_(0.0, module.weight.shape[0] ** -0.5, generator=generator)
                module.bias.normal_(0.0, 0.1, generator=generator)
            elif isinstance(module, nn.Embedding):
                module.weight.normal_(0.0, width**-0.5, generator=generator)
    return model
