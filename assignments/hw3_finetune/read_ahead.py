"""A language model that reads many prompts together before it is asked for them one by one."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import torch
from language_models import Output
from torch import Tensor, nn


def common_prefix(rows: Sequence[Sequence[int]]) -> list[int]:
    """The tokens with which all rows begin, at least one of each row left over."""
    shortest = min(map(len, rows)) - 1
    length = next((at for at in range(shortest) if len({row[at] for row in rows}) > 1), max(shortest, 0))
    return list(rows[0][:length])


class Place(NamedTuple):
    """Stands for a cache: the tokens that it would have seen."""

    tokens: tuple[int, ...]


class ReadAhead(nn.Module):
    """Answers as `model` does, up to rounding, and is called like it with one text at a time.

    When it is made, it reads the prompts `rows` (tokens): once what all of them begin with, the rest as one batch. It
    goes on with each by the most likely token, until a token of `stop` or for `new_tokens` tokens. Whoever asks for one
    of these texts, with a cache or without, gets the logits that were computed then; the model answers all else.

    A pass with one token takes nearly as long as one with twenty: the time goes into reading the weights.
    """

    def __init__(self, model: Any, rows: Sequence[Sequence[int]], stop: Collection[int], new_tokens: int) -> None:
        super().__init__()
        self.model = model
        self.prefix = common_prefix(rows)
        self._prefix_logits = torch.zeros(0)  # (P, V), where there is a prefix
        self._logits: list[Tensor] = []  # of each row: (n, V) for all tokens after the prefix
        self._row_of: dict[tuple[int, ...], int] = {}  # each text that was read, and the row that begins with it
        training = model.training
        model.eval()
        with torch.no_grad():
            self._read(rows, torch.tensor(sorted(stop)), new_tokens)
        model.train(training)

    def _read(self, rows: Sequence[Sequence[int]], stop: Tensor, new_tokens: int) -> None:
        N, P = len(rows), len(self.prefix)
        longest = max(map(len, rows)) - P
        past = None
        if P:
            begun = self.model(torch.tensor([self.prefix]), use_cache=True)
            self._prefix_logits = begun.logits[0]
            past = tuple((k.expand(N, -1, -1, -1), v.expand(N, -1, -1, -1)) for k, v in begun.past_key_values)
        # Padding goes between the prefix and the rest, so that each row goes on at its end.
        lengths = torch.tensor([len(row) - P for row in rows])
        is_token = torch.arange(longest) >= longest - lengths[:, None]  # (N, longest)
        tokens = torch.zeros(N, longest, dtype=torch.int64)
        tokens[is_token] = torch.tensor([token for row in rows for token in row[P:]])
        mask = torch.cat([torch.ones(N, P, dtype=torch.bool), is_token], dim=1).long()
        output = self.model(tokens, mask, past_key_values=past, use_cache=True)
        texts = [tuple(row) for row in rows]
        parts = [[logits[longest - length :]] for logits, length in zip(output.logits, lengths.tolist(), strict=True)]
        self._row_of.update((text, number) for number, text in enumerate(texts))
        rows_left = torch.arange(N)  # rows of `output`, by their number: one that has stopped leaves the batch
        for _ in range(new_tokens - 1):
            chosen = output.logits[:, -1].argmax(dim=1)  # (rows left,)
            goes_on = ~torch.isin(chosen, stop)
            if not goes_on.any():
                break
            rows_left, chosen, mask = rows_left[goes_on], chosen[goes_on], mask[goes_on]
            past = tuple((k[goes_on], v[goes_on]) for k, v in output.past_key_values)
            mask = torch.cat([mask, torch.ones(len(mask), 1, dtype=torch.int64)], dim=1)
            output = self.model(chosen[:, None], mask, past_key_values=past, use_cache=True)
            for number, token, logits in zip(rows_left.tolist(), chosen.tolist(), output.logits, strict=True):
                texts[number] += (token,)
                parts[number].append(logits)
                self._row_of[texts[number]] = number
        self._logits = [torch.cat(logits) for logits in parts]

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        past_key_values: Any = None,
        use_cache: bool = False,
    ) -> Output:
        """As the model's. The cache that it returns for a text that was read is a `Place`."""
        if past_key_values is not None and not isinstance(past_key_values, Place):
            return self.model(input_ids, attention_mask, past_key_values=past_key_values, use_cache=use_cache)
        before = past_key_values.tokens if past_key_values is not None else ()
        text = (*before, *input_ids[0].tolist()) if len(input_ids) == 1 else ()
        if text in self._row_of and attention_mask is None and not self.training:
            logits = self._between(self._row_of[text], len(before), len(text))
            return Output(logits[None], Place(text) if use_cache else None)
        whole = torch.cat([torch.tensor([before], dtype=torch.int64).expand(len(input_ids), -1), input_ids], dim=1)
        output = self.model(whole, attention_mask, use_cache=use_cache)
        return Output(output.logits[:, len(before) :], output.past_key_values)

    def _between(self, row: int, first: int, end: int) -> Tensor:
        """The logits (end - first, V) of a row's tokens."""
        P = len(self.prefix)
        rest = self._logits[row][max(first - P, 0) : end - P]
        return torch.cat([self._prefix_logits[first:], rest]) if first < P else rest
