"""A language model that reads the beginning which many prompts share once, and not again for each of them."""

from collections.abc import Sequence
from typing import Any

import torch
from language_models import Output
from torch import Tensor, nn


def common_prefix(rows: Sequence[Sequence[int]]) -> list[int]:
    """The tokens with which all rows begin, at least one of each row left over."""
    shortest = min(map(len, rows)) - 1
    length = next((at for at in range(shortest) if len({row[at] for row in rows}) > 1), max(shortest, 0))
    return list(rows[0][:length])


class SharedPrefix(nn.Module):
    """Answers as `model` does, up to rounding, and is called like it; `prefix` is read when it is made.

    The logits of the prefix are part of the answer: whoever calls this need not know of it.
    """

    def __init__(self, model: Any, prefix: Sequence[int]) -> None:
        super().__init__()
        self.model, self.prefix = model, torch.tensor([list(prefix)])  # (1, P)
        if len(prefix):
            training = model.training
            model.eval()
            with torch.no_grad():
                self.read = model(self.prefix, use_cache=True)
            model.train(training)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        past_key_values: Any = None,
        use_cache: bool = False,
    ) -> Output:
        """As the model's. Only a call with the whole prompt, without padding and cache, is shortened."""
        length = self.prefix.shape[1]
        begins = (
            0 < length < input_ids.shape[1]
            and len(input_ids) == 1
            and bool((input_ids[:, :length] == self.prefix).all())
        )
        if not begins or self.training or past_key_values is not None or attention_mask is not None:
            return self.model(input_ids, attention_mask, past_key_values=past_key_values, use_cache=use_cache)
        rest = self.model(input_ids[:, length:], past_key_values=self.read.past_key_values, use_cache=use_cache)
        return Output(torch.cat([self.read.logits, rest.logits], dim=1), rest.past_key_values)
