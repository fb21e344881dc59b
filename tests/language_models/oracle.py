"""What transformers answers to the same questions, recorded: the tests then need no transformers.

    python tests/language_models/oracle.py    # wants transformers 5.24, accelerate 1.15 and what `make models` installs

writes oracle.npz (logits, features) and oracle.json (tokens) beside this file, and prints how far our models are from
theirs. Random models are loaded from our state_dict, strictly, so the names and shapes are compared, too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "assignments" / "language_models"
NUMBERS = HERE / "oracle.npz"
TOKENS = HERE / "oracle.json"
VOCABULARY = 50
RANDOM = {
    "gpt2": ("gpt2", {"vocab_size": VOCABULARY, "width": 32, "heads": 4, "blocks": 3, "context": 40, "seed": 3}),
    "llama": (
        "llama",
        {"vocab_size": VOCABULARY, "width": 32, "heads": 4, "kv_heads": 2, "blocks": 3, "hidden": 48, "seed": 5},
    ),
    "llama tied": (
        "llama",
        {
            "vocab_size": VOCABULARY,
            "width": 24,
            "heads": 6,
            "kv_heads": 2,
            "blocks": 2,
            "hidden": 40,
            "seed": 7,
            "tied": True,
        },
    ),
}
SENTENCES = (
    "a small house cat",
    "The capital and chief port of Libya!",
    "Short-term memory, naïve café No. 1234",
)
CONTINUED = ("France -> Paris\nJapan -> Tokyo\nItaly ->", "She said that 12345 is the answer, isn't it?")
EVERY = 256  # of SmolLM2's 49,152 logits at each place, this many are not recorded for one that is
SPELLED = (
    "",
    " ",
    "Hello, world!",
    "France -> Paris\n",
    "  two  spaces\tand a tab\n\n",
    "naïve café, 1234567 kg; it's O'Neill's",
    "日本語 and emoji 🙂",
    "[CLS] or <|im_end|> within a text",
)


def questions() -> dict[str, tuple[Tensor, Tensor | None, int]]:
    """Name -> input_ids (B, T), attention_mask (B, T) or None, and how many tokens are cached first."""
    ids = torch.from_numpy(np.random.default_rng(0).integers(0, VOCABULARY, (3, 9)))
    right = torch.ones(3, 9, dtype=torch.int64)
    right[1, 6:] = 0
    right[2, 4:] = 0
    return {
        "plain": (ids, None, 0),
        "right": (ids, right, 0),
        "left": (ids, right.flip(1), 0),
        "cache": (ids, None, 5),
        "left cache": (ids, right.flip(1), 6),
    }


def answers(model: Any, *, positions: bool) -> dict[str, Tensor]:
    """The logits (B, T, V) to each question, 0 at padding.

    positions: whether the model has to be told the positions, as transformers has.
    """
    found = {}
    for name, (ids, mask, first) in questions().items():
        given = torch.ones_like(ids) if mask is None else mask
        where = (given.cumsum(1) - 1).clamp(min=0)
        told = [{"position_ids": part} if positions else {} for part in (where, where[:, :first], where[:, first:])]
        with torch.no_grad():
            if first:
                cut = None if mask is None else mask[:, :first]
                begun = model(ids[:, :first], attention_mask=cut, use_cache=True, **told[1])
                ended = model(
                    ids[:, first:],
                    attention_mask=mask,
                    past_key_values=begun.past_key_values,
                    use_cache=True,
                    **told[2],
                )
                logits = torch.cat([begun.logits, ended.logits], dim=1)
            else:
                logits = model(ids, attention_mask=mask, **told[0]).logits
        found[name] = logits * given[..., None]
    return found


def their_random(name: str, settings: dict[str, Any], state: dict[str, Tensor]) -> Any:
    """A model of transformers with our weights."""
    import transformers

    if name == "gpt2":
        config = transformers.GPT2Config(
            vocab_size=settings["vocab_size"],
            n_embd=settings["width"],
            n_head=settings["heads"],
            n_layer=settings["blocks"],
            n_positions=settings["context"],
        )
        model = transformers.GPT2LMHeadModel(config)
    else:
        config = transformers.LlamaConfig(
            vocab_size=settings["vocab_size"],
            hidden_size=settings["width"],
            num_attention_heads=settings["heads"],
            num_key_value_heads=settings["kv_heads"],
            num_hidden_layers=settings["blocks"],
            intermediate_size=settings["hidden"],
            rms_norm_eps=1e-6,
            tie_word_embeddings=settings.get("tied", False),
        )
        model = transformers.LlamaForCausalLM(config)
    model.load_state_dict(state, strict=True)
    return model.eval()


def their_gradients(ours: Any, theirs: Any) -> float:
    """The largest difference of gradients of the mean squared logits, over all weights, as a share of the largest."""
    ids, *_ = questions()["plain"]
    for model in (ours, theirs):
        model.zero_grad()
        model(ids).logits.square().mean().backward()
    wanted = dict(theirs.named_parameters())
    return max(
        float((weight.grad - wanted[name].grad).abs().max() / wanted[name].grad.abs().max())
        for name, weight in ours.named_parameters()
    )


def main() -> None:
    import transformers

    sys.path.insert(0, str(FOLDER))
    import language_models as ours
    from language_models.weights import MINILM, SMOLLM, installed

    numbers: dict[str, np.ndarray] = {}
    tokens: dict[str, Any] = {"transformers": transformers.__version__}
    for title, (kind, settings) in RANDOM.items():
        model = getattr(ours, kind)(**settings)
        theirs = their_random(kind, settings, model.state_dict())
        wanted, found = answers(theirs, positions=True), answers(model.eval(), positions=False)
        for name, logits in wanted.items():
            numbers[f"{title}: {name}"] = logits.numpy()
            print(f"{title}: {name}: difference {float((logits - found[name]).abs().max()):.1e}")
        print(f"{title}: gradients: difference {their_gradients(model, theirs):.1e}")

    folder = installed(MINILM).parent
    encoder = transformers.AutoModel.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    batch = tokenizer(list(SENTENCES), padding=True, return_tensors="pt")
    with torch.no_grad():
        states = encoder(**batch, output_hidden_states=True).hidden_states
        weights = batch["attention_mask"][..., None].float()
        for blocks in (2, 6):
            pooled = (states[blocks] * weights).sum(1) / weights.sum(1)
            numbers[f"minilm: {blocks}"] = pooled.numpy()
            ids, mask = ours.encode_batch(ours.minilm_tokenizer(), SENTENCES)
            found = ours.minilm(blocks).eval()(ids, mask)
            print(f"minilm: {blocks} blocks: difference {float((found - pooled).abs().max()):.1e}")
    tokens["minilm"] = [tokenizer.encode(text, add_special_tokens=True) for text in SPELLED]
    tokens["minilm decoded"] = [tokenizer.decode(row) for row in tokens["minilm"]]

    gguf = installed(SMOLLM)
    tokenizer = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    tokens["smollm"] = [tokenizer.encode(text, add_special_tokens=False) for text in SPELLED]
    tokens["smollm decoded"] = [tokenizer.decode(row) for row in tokens["smollm"]]
    tokens["smollm continued"] = [tokenizer.encode(text, add_special_tokens=False) for text in CONTINUED]
    for name in ("eos_token_id", "pad_token_id", "vocab_size"):
        tokens[f"smollm {name}"] = getattr(tokenizer, name)
    large = transformers.AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    model = ours.smollm()
    for number, row in enumerate(tokens["smollm continued"]):
        with torch.no_grad():
            logits, found = large.eval()(torch.tensor([row])).logits[0], model(torch.tensor([row])).logits[0]
        numbers[f"smollm: {number}"] = logits[:, ::EVERY].numpy()
        numbers[f"smollm largest: {number}"] = logits.argmax(-1).numpy()
        print(
            f"smollm: text {number}: difference {float((logits - found).abs().max()):.1e} of {float(logits.std()):.2f}"
        )
    np.savez_compressed(NUMBERS, **numbers)
    TOKENS.write_text(json.dumps(tokens, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
