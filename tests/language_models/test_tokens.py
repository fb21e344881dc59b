"""Tokenizers: the same tokens as transformers, and batches of texts."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch


@pytest.fixture(scope="module")
def recorded(oracle: ModuleType) -> dict[str, Any]:
    return json.loads(oracle.TOKENS.read_text(encoding="utf-8"))


def test_minilm_has_the_tokens_of_transformers(lm: Any, oracle: ModuleType, minilm_file: Path, recorded: Any):
    tokenizer = lm.minilm_tokenizer()
    assert [tokenizer.encode(text) for text in oracle.SPELLED] == recorded["minilm"]
    assert [tokenizer.decode(row) for row in recorded["minilm"]] == recorded["minilm decoded"]
    assert (tokenizer.pad_token_id, tokenizer.eos_token_id, tokenizer.vocab_size) == (0, None, 30522)
    for text, row in zip(oracle.SPELLED, recorded["minilm"], strict=True):
        assert tokenizer.encode(text, add_special_tokens=False) == row[1:-1]
    assert len(tokenizer.encode("word " * 300)) == 302  # nothing is cut off or filled up
    assert tokenizer.decode(torch.tensor(recorded["minilm"][2]), skip_special_tokens=True) == "hello, world!"


def test_smollm_has_the_tokens_of_transformers(
    lm: Any, oracle: ModuleType, smollm_file: Path, recorded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for tokenizer in (lm.smollm_tokenizer(), lm.smollm_tokenizer()):  # made, and kept
        assert [tokenizer.encode(text) for text in oracle.SPELLED] == recorded["smollm"]
        assert [tokenizer.encode(text, add_special_tokens=False) for text in oracle.SPELLED] == recorded["smollm"]
        assert [tokenizer.decode(row) for row in recorded["smollm"]] == list(oracle.SPELLED)
        for name in ("eos_token_id", "pad_token_id", "vocab_size"):
            assert getattr(tokenizer, name) == recorded[f"smollm {name}"]
        assert len(tokenizer) == tokenizer.vocab_size == 49152
        assert tokenizer.decode([33488, 2], skip_special_tokens=True) == "France"
    assert len(list((tmp_path / "learning-across-tasks").glob("*.json"))) == 1


def test_a_batch_is_padded_on_the_right(lm: Any, minilm_file: Path):
    tokenizer = lm.minilm_tokenizer()
    ids, mask = lm.encode_batch(tokenizer, ["a cat", "a cat sat down"])
    assert ids.tolist() == [[101, 1037, 4937, 102, 0, 0], [101, 1037, 4937, 2938, 2091, 102]]
    assert mask.tolist() == [[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]]
    assert ids.dtype == mask.dtype == torch.int64
    cut, _ = lm.encode_batch(tokenizer, ["a cat sat down"], max_tokens=4)
    assert cut.tolist() == [[101, 1037, 4937, 102]]
    with pytest.raises(ValueError, match="There are no texts"):
        lm.encode_batch(tokenizer, [])


def test_a_tokenizer_without_padding_is_refused(lm: Any):
    bare = SimpleNamespace(pad_token_id=None, encode=lambda text: [1])
    with pytest.raises(lm.ModelError, match=r"no token for padding.* Set tokenizer\.pad_token"):
        lm.encode_batch(bare, ["a"])


def test_a_tokenizer_file_without_its_tokens_is_refused(lm: Any):
    import tokenizers

    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    with pytest.raises(lm.ModelError, match=r"has no token '\[PAD\]'"):
        lm.Tokenizer(inner, pad_token="[PAD]", eos_token=None)
    with pytest.raises(lm.ModelError, match=r"has no token '<eos>'"):
        lm.Tokenizer(inner, pad_token=None, eos_token="<eos>")
