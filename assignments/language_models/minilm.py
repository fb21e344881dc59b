"""MiniLM-L6: a small BERT that was trained to give sentences of like meaning like vectors.

Wenhui Wang et al. 2020. MiniLM: Deep self-attention distillation for task-agnostic compression of pre-trained
transformers. https://arxiv.org/abs/2002.10957
Nils Reimers and Iryna Gurevych. 2019. Sentence-BERT. https://arxiv.org/abs/1908.10084
"""

import re

import torch
from language_models.bert import Bert
from language_models.errors import ModelError
from language_models.shapes import shapes_only
from language_models.weights import MINILM, minilm_tensors
from torch import Tensor

BLOCKS = 6
ARCHITECTURE = {"vocab_size": 30522, "width": 384, "heads": 12, "hidden": 1536, "context": 512}
# The checkpoint's last layer, which turns the first state into one vector, and a list 0 ... 511.
NOT_USED = ("pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids")


def minilm(blocks: int = BLOCKS, num_classes: int | None = None, *, seed: int = 0, dropout: float = 0.0) -> Bert:
    """The pre-trained MiniLM, cut to its first `blocks` blocks; float32, on the CPU, in training mode.

    Called with (input_ids, attention_mask), (B, T) each, it returns the mean of the last states, (B, 384), or with
    `num_classes` the logits (B, C) of a new linear layer `head`, whose start is drawn by `seed`. Two models share no
    memory that either can change. Raises `ModelError` if there are no weights, `ValueError` for a number of blocks that
    it does not have.
    """
    if not 1 <= blocks <= BLOCKS:
        raise ValueError(f"MiniLM has 1 to {BLOCKS} blocks to use, not {blocks}.")
    return with_weights(minilm_tensors(), blocks, num_classes, seed=seed, dropout=dropout)


def with_weights(
    tensors: dict[str, Tensor], blocks: int, num_classes: int | None, *, seed: int = 0, dropout: float = 0.0
) -> Bert:
    """A `Bert` on these very tensors, nothing copied. Raises `ModelError` if they are of another architecture."""
    with shapes_only():
        model = Bert(**ARCHITECTURE, blocks=blocks, num_classes=None, dropout=dropout)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    known = {name: tensor for name, tensor in tensors.items() if name not in NOT_USED and _block(name) < blocks}
    for name in sorted(shapes.keys() | known.keys()):
        found = (tuple(known[name].shape), known[name].dtype) if name in known else "missing"
        if found != (shapes.get(name), torch.float32):
            raise ModelError(
                f"The weights are of another architecture than MiniLM-L6: {name!r} is {found}, "
                f"expected {shapes.get(name, 'not there')}. Install them again: {MINILM.command}"
            )
    model.load_state_dict(known, assign=True)
    if num_classes is not None:
        model.num_classes = num_classes
        model.head = new_head(ARCHITECTURE["width"], num_classes, seed)
    return model


def new_head(width: int, num_classes: int, seed: int) -> torch.nn.Linear:
    """A linear layer for new classes, N(0, 0.02) as in BERT. The global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        head = torch.nn.Linear(width, num_classes)
    with torch.no_grad():
        head.weight.normal_(0.0, 0.02, generator=torch.Generator().manual_seed(seed))
        head.bias.zero_()
    return head


def _block(name: str) -> int:
    """The number of the block that a weight belongs to; -1 if to none."""
    found = re.match(r"encoder\.layer\.(\d+)\.", name)
    return int(found[1]) if found else -1
