"""Texts to numbers of tokens and back, with the names that transformers uses: its tokenizers fit in their place."""

import os
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from language_models.errors import ModelError
from language_models.weights import MINILM_TOKENIZER, checked, installed
from torch import Tensor

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}


class Tokenizer:
    """vocab_size: how many tokens there are; pad_token_id, eos_token_id: their numbers, or None.

    Raises `ModelError` if `inner`, a `tokenizers.Tokenizer`, does not have these tokens.
    """

    def __init__(self, inner: Any, *, pad_token: str | None, eos_token: str | None) -> None:
        self._inner = inner
        self.pad_token, self.eos_token = pad_token, eos_token
        self.pad_token_id, self.eos_token_id = self._number(pad_token), self._number(eos_token)
        self.vocab_size: int = inner.get_vocab_size(with_added_tokens=False)

    def encode(self, text: str, add_special_tokens: bool = True) -> list[int]:
        """The text's tokens. With special tokens, MiniLM's begin with [CLS] and end with [SEP]; SmolLM2 adds none."""
        return self._inner.encode(text, add_special_tokens=add_special_tokens).ids

    def decode(self, ids: Iterable[int], skip_special_tokens: bool = False) -> str:
        """The text of these tokens: a list, or a tensor of one dimension."""
        return self._inner.decode([int(number) for number in ids], skip_special_tokens=skip_special_tokens)

    def _number(self, token: str | None) -> int | None:
        number = None if token is None else self._inner.token_to_id(token)
        if number is None and token is not None:
            raise ModelError(f"The tokenizer has no token {token!r}: it is another one. Run: make models")
        return number

    def __len__(self) -> int:
        return self._inner.get_vocab_size(with_added_tokens=True)


def minilm_tokenizer() -> Tokenizer:
    """MiniLM's tokenizer: 30,522 pieces of words, lower case. It has no end of text, so eos_token_id is None."""
    content = checked(MINILM_TOKENIZER, installed(MINILM_TOKENIZER)).read_text(encoding="utf-8")
    inner = read_tokenizer(content)
    inner.no_truncation()  # the file asks for exactly 128 tokens
    inner.no_padding()
    return Tokenizer(inner, pad_token="[PAD]", eos_token=None)


def encode_batch(tokenizer: Any, texts: Sequence[str], max_tokens: int = 128) -> tuple[Tensor, Tensor]:
    """input_ids and attention_mask, (B, T) int64 each, of texts to be classified, padded on the right.

    A text of more than `max_tokens` tokens loses some before its last one, which is [SEP] in BERT. Raises `ModelError`
    for a tokenizer without padding, `ValueError` for no texts.
    """
    if tokenizer.pad_token_id is None:
        raise ModelError(
            f"{type(tokenizer).__name__} has no token for padding (pad_token_id is None), so texts of different "
            "lengths make no batch. Set tokenizer.pad_token = tokenizer.eos_token."
        )
    if not texts:
        raise ValueError("There are no texts.")
    rows = [tokenizer.encode(text) for text in texts]
    rows = [row if len(row) <= max_tokens else [*row[: max_tokens - 1], row[-1]] for row in rows]
    longest = max(map(len, rows))
    input_ids = torch.tensor([row + [tokenizer.pad_token_id] * (longest - len(row)) for row in rows])  # (B, T)
    attention_mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return input_ids, attention_mask


def read_tokenizer(content: str) -> Any:
    """A `tokenizers.Tokenizer` from its JSON. Raises `ModelError` if the library is missing."""
    with offline():
        return tokenizers_library().Tokenizer.from_str(content)


def tokenizers_library() -> Any:
    """The package tokenizers, which is loaded only here. It must not start threads: they would not survive a fork."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import tokenizers
    except ImportError:
        raise ModelError("Texts are taken apart by tokenizers, which is not installed. Run: make models") from None
    return tokenizers


@contextmanager
def offline():
    """While it lasts, no library of Hugging Face looks for anything on the network."""
    before = {name: os.environ.get(name) for name in OFFLINE}
    os.environ.update(OFFLINE)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
