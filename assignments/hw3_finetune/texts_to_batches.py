"""Texts with labels as batches for MiniLM: which texts a seed learns from, and in which order it meets them.

B texts in a batch, T tokens in the longest of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from language_models import LabelledTexts, encode_batch
from torch import Tensor

Batch = tuple[Tensor, Tensor, Tensor]  # input_ids (B, T), attention_mask (B, T), labels (B,): all int64


@dataclass(frozen=True)
class Examples:
    """Some texts and their labels."""

    texts: tuple[str, ...]
    labels: tuple[int, ...]

    def first(self, n: int) -> "Examples":
        return Examples(self.texts[:n], self.labels[:n])

    def __len__(self) -> int:
        return len(self.texts)


def balanced(data: LabelledTexts, seed: int) -> Examples:
    """The texts in a random order in which the classes take turns: the first n hold all classes about equally often.

    It ends when the first class has no text left. So a smaller set of examples is part of each larger one.
    """
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(seed)).tolist()
    rows = [[row for row in order if data.labels[row] == label] for label in range(len(data.names))]
    turns = [row for turn in zip(*rows, strict=False) for row in turn]
    return Examples(tuple(data.texts[row] for row in turns), tuple(data.labels[row] for row in turns))


def as_batch(tokenizer: Any, examples: Examples, rows: Sequence[int], max_tokens: int) -> Batch:
    """These rows of the examples."""
    input_ids, attention_mask = encode_batch(tokenizer, [examples.texts[row] for row in rows], max_tokens)
    return input_ids, attention_mask, torch.tensor([examples.labels[row] for row in rows])


def in_order(tokenizer: Any, examples: Examples, batch_size: int, max_tokens: int) -> list[Batch]:
    """All examples once, as they stand."""
    rows = range(len(examples))
    return [
        as_batch(tokenizer, examples, rows[start : start + batch_size], max_tokens)
        for start in range(0, len(examples), batch_size)
    ]


def by_length(examples: Examples) -> Examples:
    """Short texts first: batches of texts of one length hold little padding. For testing, where order is no matter."""
    rows = sorted(range(len(examples)), key=lambda row: len(examples.texts[row]))
    return Examples(tuple(examples.texts[row] for row in rows), tuple(examples.labels[row] for row in rows))


def shuffled(
    tokenizer: Any, examples: Examples, epochs: int, batch_size: int, max_tokens: int, seed: int
) -> Iterator[Batch]:
    """Each epoch all examples once, in another random order.

    Texts of four batches are sorted by length before they are dealt out, and then the batches are shuffled: this saves
    a third of the time that padding would take.
    """
    generator = torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        order = torch.randperm(len(examples), generator=generator).tolist()
        batches = []
        for start in range(0, len(order), 4 * batch_size):
            some = sorted(order[start : start + 4 * batch_size], key=lambda row: len(examples.texts[row]))
            batches += [some[place : place + batch_size] for place in range(0, len(some), batch_size)]
        for number in torch.randperm(len(batches), generator=generator).tolist():
            yield as_batch(tokenizer, examples, batches[number], max_tokens)
