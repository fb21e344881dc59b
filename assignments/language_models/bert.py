"""BERT as an encoder of texts, with the names of transformers. MiniLM is one.

Jacob Devlin et al. 2019. BERT: Pre-training of deep bidirectional transformers for language understanding.
https://arxiv.org/abs/1810.04805
"""

import torch
import torch.nn.functional as F
from language_models.attention import attend, merge_heads, split_heads
from torch import Tensor, nn


class Embeddings(nn.Module):
    def __init__(self, vocab_size: int, width: int, context: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, width)
        self.position_embeddings = nn.Embedding(context, width)
        self.token_type_embeddings = nn.Embedding(2, width)  # first or second sentence: here always the first
        self.LayerNorm = nn.LayerNorm(width, eps=eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, input_ids: Tensor) -> Tensor:  # (B, T)
        x = self.word_embeddings(input_ids)  # (B, T, width)
        x = x + self.position_embeddings.weight[: input_ids.shape[1]] + self.token_type_embeddings.weight[0]
        return self.dropout(self.LayerNorm(x))


class SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)

    def forward(self, x: Tensor, sight: Tensor) -> Tensor:  # x: (B, T, width)
        q, k, v = (split_heads(layer(x), self.heads) for layer in (self.query, self.key, self.value))
        return merge_heads(attend(q, k, v, sight, self.dropout if self.training else 0.0))


class AddAndNorm(nn.Module):
    """LayerNorm(x + dense(y)): the end of both halves of a block."""

    def __init__(self, d_in: int, width: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.dense = nn.Linear(d_in, width)
        self.LayerNorm = nn.LayerNorm(width, eps=eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, y: Tensor, x: Tensor) -> Tensor:
        return self.LayerNorm(x + self.dropout(self.dense(y)))


class Attention(nn.Module):
    def __init__(self, width: int, heads: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.self = SelfAttention(width, heads, dropout)
        self.output = AddAndNorm(width, width, eps, dropout)

    def forward(self, x: Tensor, sight: Tensor) -> Tensor:
        return self.output(self.self(x, sight), x)


class Intermediate(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, hidden)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.dense(x))  # (B, T, hidden)


class Layer(nn.Module):
    """A block: x = LN(x + Attention(x)), then LN(x + MLP(x))."""

    def __init__(self, width: int, heads: int, hidden: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(width, heads, eps, dropout)
        self.intermediate = Intermediate(width, hidden)
        self.output = AddAndNorm(hidden, width, eps, dropout)

    def forward(self, x: Tensor, sight: Tensor) -> Tensor:
        x = self.attention(x, sight)  # (B, T, width)
        return self.output(self.intermediate(x), x)


class Encoder(nn.Module):
    def __init__(self, layers: nn.ModuleList) -> None:
        super().__init__()
        self.layer = layers


class Bert(nn.Module):
    """`encoder.layer` are the blocks. With `num_classes`, `head` is a linear layer on the mean of the last states."""

    def __init__(
        self,
        vocab_size: int,
        width: int,
        heads: int,
        blocks: int,
        hidden: int,
        context: int,
        *,
        num_classes: int | None = None,
        eps: float = 1e-12,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.context, self.num_classes = context, num_classes
        self.embeddings = Embeddings(vocab_size, width, context, eps, dropout)
        self.encoder = Encoder(nn.ModuleList(Layer(width, heads, hidden, eps, dropout) for _ in range(blocks)))
        if num_classes is not None:
            self.head = nn.Linear(width, num_classes)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """input_ids, attention_mask: (B, T), 1 for tokens, 0 for padding. Returns (B, C), or (B, width) without head.

        Raises `ValueError` for more tokens than the model has positions, or shapes that do not fit.
        """
        if input_ids.dim() != 2 or not 1 <= input_ids.shape[1] <= self.context:
            raise ValueError(
                f"input_ids must be (B, T) with 1 to {self.context} tokens a text, not {tuple(input_ids.shape)}."
            )
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        if attention_mask.shape != input_ids.shape:
            raise ValueError(f"attention_mask must be {tuple(input_ids.shape)}, not {tuple(attention_mask.shape)}.")
        is_token = attention_mask != 0  # (B, T)
        x = self.embeddings(input_ids)  # (B, T, width)
        for layer in self.encoder.layer:
            x = layer(x, is_token[:, None, None, :])
        weights = is_token[..., None].to(x.dtype)  # (B, T, 1)
        pooled = (x * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)  # (B, width)
        return pooled if self.num_classes is None else self.head(pooled)
