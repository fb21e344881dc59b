"""What takes SmolLM2's place under --quick: a tiny random model that reads letters. It has learned nothing."""

from collections.abc import Iterable
from typing import Any

from language_models import llama


class Letters:
    """A tokenizer for which each character is a token; 0 is the end of text. Characters after ~ become "~"."""

    eos_token_id = 0
    pad_token_id = None
    vocab_size = 128

    def encode(self, text: str, add_special_tokens: bool = False) -> list[int]:
        return [min(ord(character), 126) for character in text]

    def decode(self, ids: Iterable[int], skip_special_tokens: bool = False) -> str:
        return "".join(chr(int(token)) for token in ids)


def stand_in() -> tuple[Any, Letters]:
    return llama(vocab_size=Letters.vocab_size, blocks=4, seed=0).eval(), Letters()
