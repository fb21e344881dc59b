"""Nothing that the course loads asks the network; models of the hub, where they may."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NO_NETWORK = """
import socket
def refused(event, arguments):
    if event.startswith("socket."):
        raise AssertionError(f"{event} {arguments}")
sys.addaudithook(refused)
"""


def test_everything_loads_without_a_network(
    minilm_file: Path, smollm_file: Path, run: Callable[..., str], tmp_path: Path
):
    said = run(
        NO_NETWORK
        + """
import os, language_models as lm, torch
torch.set_num_threads(1)
threads = len(os.listdir("/proc/self/task")) if sys.platform == "linux" else None
lm.preload({"minilm": sys.argv[1], "smollm": sys.argv[2]})
ids, mask = lm.encode_batch(lm.minilm_tokenizer(), ["a cat"])
lm.minilm(2, num_classes=3)(ids, mask).sum().backward()
ids = torch.tensor([lm.smollm_tokenizer().encode("a cat")]) % 50
lm.gpt2()(ids), lm.llama()(ids), lm.glosses(), lm.reviews()
if threads is not None:
    assert len(os.listdir("/proc/self/task")) == threads, "tokenizers, gguf or safetensors left a thread"
try:
    socket.socket()
except AssertionError as error:
    print("and a socket is", error)
""",
        str(minilm_file),
        str(smollm_file),
        XDG_CACHE_HOME=str(tmp_path),
    )
    assert "and a socket is socket.__new__" in said


def test_it_loads_by_its_file_alone(lm: Any, run: Callable[..., str]):
    """As the judge loads modules of shared folders: the folder is on no path."""
    said = run(
        """
sys.path.pop(0)
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("language_models", sys.argv[1])
sys.modules["language_models"] = module = module_from_spec(spec)
spec.loader.exec_module(module)
import torch
print(module.gpt2()(torch.zeros(1, 2, dtype=torch.int64)).logits.shape)
taken = ("gpt2", "llama", "bert", "weights", "texts", "kept", "hub", "attention", "errors")
print([name for name in taken if name in sys.modules])
""",
        lm.__file__,
    )
    assert said.splitlines() == ["torch.Size([1, 2, 50])", "[]"]


def test_offline_flags_are_set_while_the_course_loads_and_not_longer(lm: Any, monkeypatch: pytest.MonkeyPatch):
    from language_models.tokenizer import offline

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "0")
    with offline():
        assert (os.environ["HF_HUB_OFFLINE"], os.environ["TRANSFORMERS_OFFLINE"]) == ("1", "1")
    assert "HF_HUB_OFFLINE" not in os.environ
    assert os.environ["TRANSFORMERS_OFFLINE"] == "0"


def test_a_model_of_the_hub_needs_transformers(lm: Any):
    if importlib.util.find_spec("transformers") is not None:
        pytest.skip("transformers is installed")
    with pytest.raises(
        lm.ModelError, match=r"^distilgpt2: .* transformers, which is not installed\. Run: python -m pip"
    ):
        lm.from_hub("distilgpt2")


def test_a_model_of_the_hub(lm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder in its place: no network is there."""
    transformers = pytest.importorskip("transformers", reason="run: python -m pip install transformers")
    import tokenizers

    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel({"a": 0, "b": 1, "<eos>": 2}, unk_token="b"))
    transformers.PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="<eos>").save_pretrained(tmp_path)
    config = transformers.GPT2Config(vocab_size=3, n_embd=8, n_head=2, n_layer=2, n_positions=16)
    transformers.GPT2LMHeadModel(config).save_pretrained(tmp_path)
    model, tokenizer = lm.from_hub(str(tmp_path))
    import torch

    ids = torch.tensor([tokenizer.encode("a", add_special_tokens=False)])
    output = model(ids, use_cache=True)
    assert output.logits.shape == (1, 1, 3)
    assert not model.training
    assert tokenizer.eos_token_id == 2
    assert model(ids, past_key_values=output.past_key_values, use_cache=True).logits.shape == (1, 1, 3)
    with pytest.raises(lm.ModelError, match=r"gone: transformers cannot load it \(.*Check the name"):
        lm.from_hub(str(tmp_path / "gone"))
