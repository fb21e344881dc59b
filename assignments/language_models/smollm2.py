"""SmolLM2-135M-Instruct, a small Llama that follows instructions, from the compressed file that a package carries.

    Loubna Ben Allal et al. 2025. SmolLM2: When Smol goes big. https://arxiv.org/abs/2502.02737

The file is a GGUF: most weights have 4 bits. They are turned into 16 bits once, which takes a while, and kept.
"""

import json
import math
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from language_models.errors import ModelError
from language_models.kept import kept
from language_models.llama import Llama
from language_models.shapes import shapes_only
from language_models.tokenizer import Tokenizer, offline, read_tokenizer, tokenizers_library
from language_models.weights import SMOLLM, checked, installed
from torch import Tensor

# llama.cpp's names and those of transformers, within a block.
NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
OUTSIDE = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
CONTROL = 3  # the type of tokens such as <|im_end|> in a GGUF
# The digest of the source is part of the name, and the number of this code: another source or code, another file.
KEPT = f"smollm2-135m-instruct-{SMOLLM.sha256[:12]}-v1"


def smollm() -> Llama:
    """SmolLM2-135M-Instruct, float32, on the CPU, in evaluation mode. 134.5 million weights: 538 MB.

    The first call converts the package's file, with a progress bar, and keeps 269 MB under `kept.cache_folder()`.
    Raises `ModelError`.
    """
    return from_kept(kept(f"{KEPT}.safetensors", lambda: converted(checked(SMOLLM, installed(SMOLLM)))))


def smollm_tokenizer() -> Tokenizer:
    """SmolLM2's tokenizer: 49,152 pieces of bytes. As in the original, padding is the end of text, <|im_end|>."""
    made = kept(f"{KEPT}.json", lambda: tokenizer_of(checked(SMOLLM, installed(SMOLLM))).encode())
    about = json.loads(made)
    return Tokenizer(read_tokenizer(about["tokenizer"]), pad_token=about["pad_token"], eos_token=about["eos_token"])


def converted(file: Path) -> bytes:
    """A Llama in a GGUF as a safetensors file of float16, with the names of transformers. Raises `ModelError`."""
    gguf, reader = _open(file)
    heads, kv_heads = (
        int(_field(reader, file, "llama.attention.head_count")),
        int(_field(reader, file, "llama.attention.head_count_kv")),
    )
    embeddings = next((tensor for tensor in reader.tensors if tensor.name == "token_embd.weight"), None)
    if embeddings is None:
        raise ModelError(f"{file}: has no tensor token_embd.weight. Install it again: {SMOLLM.command}")
    about = {
        "vocab_size": int(embeddings.shape[1]),
        "width": int(_field(reader, file, "llama.embedding_length")),
        "heads": heads,
        "kv_heads": kv_heads,
        "blocks": int(_field(reader, file, "llama.block_count")),
        "hidden": int(_field(reader, file, "llama.feed_forward_length")),
        "context": int(_field(reader, file, "llama.context_length")),
        "rope_base": float(_field(reader, file, "llama.rope.freq_base")),
        "eps": float(_field(reader, file, "llama.attention.layer_norm_rms_epsilon")),
        "tied": all(tensor.name != "output.weight" for tensor in reader.tensors),
    }
    state: dict[str, Tensor] = {}
    for tensor in _with_progress(reader.tensors, "Converting SmolLM2, once"):
        values = torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float16))
        kind = tensor.name.split(".")[-2]
        if kind in ("attn_q", "attn_k"):
            values = _unpermuted(values, heads if kind == "attn_q" else kv_heads)
        state[_name(tensor.name, file)] = values.contiguous()
    from safetensors.torch import save

    return save(state, {"architecture": json.dumps(about)})


def from_kept(content: bytes) -> Llama:
    """The model of a file that `converted` made, float32. Raises `ModelError` if its tensors do not fit."""
    from safetensors.torch import load

    (length,) = struct.unpack("<Q", content[:8])
    about = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["architecture"])
    with shapes_only():
        model = Llama(**about)
    halves = load(content)
    state = {name: halves.pop(name).float() for name in sorted(halves)}  # each half is freed at once: 269 MB less
    if model.tied:
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
    wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    for name in sorted(wanted.keys() | state.keys()):
        found = tuple(state[name].shape) if name in state else None
        if found != wanted.get(name):
            raise ModelError(
                f"The weights are of another architecture than their file says: {name!r} has the shape {found}, "
                f"expected {wanted.get(name)}. Install them again: {SMOLLM.command}"
            )
    model.load_state_dict(state, assign=True)
    model.tie()
    return model.eval()


def tokenizer_of(file: Path) -> str:
    """JSON with the tokenizer that is in a GGUF, as the library tokenizers writes it, and the names of two tokens."""
    _, reader = _open(file)
    pieces = _field(reader, file, "tokenizer.ggml.tokens")
    merges = [tuple(merge.split(" ")) for merge in _field(reader, file, "tokenizer.ggml.merges")]
    kinds = _field(reader, file, "tokenizer.ggml.token_type")
    end = pieces[_field(reader, file, "tokenizer.ggml.eos_token_id")]
    padding = reader.fields.get("tokenizer.ggml.padding_token_id")
    tokenizers = tokenizers_library()
    with offline():
        inner = tokenizers.Tokenizer(
            tokenizers.models.BPE(vocab={piece: number for number, piece in enumerate(pieces)}, merges=merges)
        )
    # The kind "smollm" of llama.cpp: each digit is a piece, the rest is cut as in GPT-2.
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(
        [
            tokenizers.pre_tokenizers.Digits(individual_digits=True),
            tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    inner.decoder = tokenizers.decoders.ByteLevel()
    inner.add_special_tokens([piece for piece, kind in zip(pieces, kinds, strict=True) if kind == CONTROL])
    return json.dumps(
        {
            "tokenizer": inner.to_str(),
            "eos_token": end,
            "pad_token": None if padding is None else pieces[padding.contents()],
        }
    )


def _open(file: Path) -> tuple[Any, Any]:
    """The library gguf and its reader of this file. Raises `ModelError` for anything but a GGUF of a Llama."""
    try:
        import gguf
    except ImportError:
        raise ModelError(f"{SMOLLM.title} is read with gguf, which is not installed. Run: make models") from None
    try:
        reader = gguf.GGUFReader(file)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{file}: is no complete GGUF file ({error}). Install it again: {SMOLLM.command}") from None
    if (found := _field(reader, file, "general.architecture")) != "llama":
        raise ModelError(f"{file}: is a {found!r}, but only a 'llama' can be read. Install it again: {SMOLLM.command}")
    return gguf, reader


def _field(reader: Any, file: Path, name: str) -> Any:
    field = reader.fields.get(name)
    if field is None:
        raise ModelError(f"{file}: does not say {name}. Install it again: {SMOLLM.command}")
    return field.contents()


def _name(theirs: str, file: Path) -> str:
    """`blk.3.attn_q.weight` -> `model.layers.3.self_attn.q_proj.weight`."""
    parts = theirs.split(".")
    if len(parts) == 4 and parts[0] == "blk" and parts[2] in NAMES:
        return f"model.layers.{parts[1]}.{NAMES[parts[2]]}.{parts[3]}"
    if len(parts) == 2 and parts[0] in OUTSIDE:
        return f"{OUTSIDE[parts[0]]}.{parts[1]}"
    raise ModelError(f"{file}: has a tensor {theirs!r}, which no Llama has. Install it again: {SMOLLM.command}")


def _unpermuted(weight: Tensor, heads: int) -> Tensor:
    """llama.cpp turns neighbours (x_2i, x_{2i+1}) where transformers turns (x_i, x_{i+d/2}): the rows in our order."""
    d_out, d_in = weight.shape
    return weight.view(heads, d_out // heads // 2, 2, d_in).transpose(1, 2).reshape(d_out, d_in)


def _with_progress(tensors: Any, title: str) -> Any:
    """The tensors one by one, with a bar on stderr that counts weights. It starts no thread."""
    from rich.console import Console
    from rich.progress import Progress

    total = sum(math.prod(map(int, tensor.shape)) for tensor in tensors)
    with Progress(console=Console(file=sys.stderr), auto_refresh=False) as progress:
        task = progress.add_task(title, total=total)
        for tensor in tensors:
            yield tensor
            progress.update(task, advance=math.prod(map(int, tensor.shape)), refresh=True)
