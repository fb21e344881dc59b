"""HW3, first part: which parameters to fine-tune, on what loss, from which batches, and how.

Fine-tuning goes on with the training of a model that has learned from much text, on a little text of your own. What is
trained, and on which tokens, is decided here. Lora is in `lora.py`, learning without any training in `prompts.py`.

Shapes in comments: B sequences in a batch, T tokens in a sequence, V tokens in the vocabulary, L blocks in the model.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

IGNORED = -100  # the target of a token that does not count, as everywhere in PyTorch

# Where the transformer blocks of a model are: of GPT-2, of Llama and its relatives, of BERT with and without a frame.
BLOCK_PATHS = ("transformer.h", "model.layers", "encoder.layer", "bert.encoder.layer")


def blocks(model: nn.Module) -> Sequence[nn.Module]:
    """The transformer blocks of a model, from the input to the output: L modules. (Given; nothing to write.)

    Raises ValueError for a model of another architecture: add the path of its blocks to BLOCK_PATHS.
    """
    for path in BLOCK_PATHS:
        try:
            return list(model.get_submodule(path).children())
        except AttributeError:
            continue
    raise ValueError(f"{type(model).__name__} has its blocks in none of {', '.join(BLOCK_PATHS)}")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 1: what to tune


def parameters_to_fine_tune(model: nn.Module, mode: str) -> list[nn.Parameter]:
    """Problem 1. The parameters that fine-tuning changes; all others are frozen from then on.

    With L blocks, numbered from 0:

    - "all": every parameter of the model.
    - "first": those of blocks 0 and 1. "last": of blocks L - 2 and L - 1. "middle": of blocks L // 2 - 1 and L // 2.
    - "lora": the factors of every LoRA layer: the attributes `A` and `B` of each module that has `base`, `A` and `B`.

    If the model has a module `head`, a new classifier on top of the blocks, its parameters are among them in every
    mode: what is new has to be trained.

    Returns a list of the model's own Parameters, each once, in any order. Afterwards exactly these have `requires_grad`
    set. Raises ValueError for another mode, for fewer than two blocks where blocks are chosen, and for "lora" if the
    model has no LoRA layer.
    """
    raise NotImplementedError("Problem 1: parameters_to_fine_tune")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 2: the loss of a language model


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Problem 2. The mean cross-entropy of the next token, over all tokens of the batch that count.

    `logits` (B, T, V) floating point; `targets` (B, T) int64, the tokens themselves, or -100 where a token does not
    count. What the model says at position t, it says of the token at t + 1:

        loss = mean over all (b, t) with targets[b, t + 1] != -100 of -log softmax(logits[b, t])[targets[b, t + 1]]

    Returns a tensor () of the logits' dtype, differentiable in the logits. Raises ValueError if T < 2 or no token
    counts.
    """
    raise NotImplementedError("Problem 2: lm_loss")


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    """Problem 2. Of the same tokens, the share for which the largest logit is that of the right token.

    Arguments and errors as in `lm_loss`. Returns a number from 0 to 1, or a tensor () with it.
    """
    raise NotImplementedError("Problem 2: lm_accuracy")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 3: batches of prompts and completions


def tokenize_batch(tokenizer: Any, prompts: Sequence[str], completions: Sequence[str]) -> dict[str, Tensor]:
    """Problem 3. Sequences of a prompt, its completion and the end-of-text token, as one batch for a language model.

    `tokenizer.encode(text, add_special_tokens=False)` gives the tokens of a text, a list of ints;
    `tokenizer.eos_token_id` is the end-of-text token, and `tokenizer.pad_token_id` the padding, or None: then padding
    is done with the end-of-text token. The prompt and its completion are encoded each by itself.

    Returns a dict of three tensors (B, T) int64, where T is the length of the longest sequence; shorter ones are
    padded on the right:

    - "input_ids": the tokens.
    - "attention_mask": 1 for the tokens of the sequence, its end-of-text token included, and 0 for padding.
    - "labels": the token itself for the completion and the end-of-text token, -100 for the prompt and for padding.

    Raises ValueError if there is no example, if there are not as many completions as prompts, and if the tokenizer has
    no end-of-text token.
    """
    raise NotImplementedError("Problem 3: tokenize_batch")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 5: training and evaluation (problem 4 is in lora.py)

# What a loss or an accuracy is computed by: (model, batch) -> (its mean over the n things that count, n).
Measure = Callable[[nn.Module, Any], tuple[Any, int]]


def fine_tune(
    model: nn.Module,
    batches: Iterable[Any],
    loss_of: Measure,
    mode: str = "all",
    learning_rate: float = 1e-3,
    accumulation: int = 1,
) -> tuple[list[float], torch.optim.Optimizer]:
    """Problem 5. Fine-tunes a model on micro-batches; `accumulation` = g of them in a row make one update.

    `loss_of(model, batch)` gives the mean loss of one micro-batch, a tensor (), and the number n of things (examples or
    tokens) that it is the mean of. An update is that of the one large batch that holds all g micro-batches. Its loss is

        sum over i of n_i * loss_i / (n_1 + ... + n_g),

    so it is the mean of the g losses only where all n_i are equal. If micro-batches are left over at the end, they make
    a smaller last update.

    The optimiser is `torch.optim.AdamW` with `lr=learning_rate` and `weight_decay=0`, over exactly the parameters that
    `parameters_to_fine_tune(model, mode)` gives; what one update has used adds nothing to the next. Each
    micro-batch's backward pass comes before the next one's forward pass, so that memory is needed for one only.
    `batches` may be a generator: it is read once, and no micro-batch is taken before the update of the g before it.
    The model is in training mode meanwhile, and in its former mode again afterwards.

    Returns the loss of each update, plain floats, and the optimiser. Raises ValueError if `accumulation` < 1 or there
    is no batch.
    """
    raise NotImplementedError("Problem 5: fine_tune")


def evaluate(model: nn.Module, batches: Iterable[Any], accuracy_of: Measure) -> float:
    """Problem 5. The accuracy of a model over all batches together.

    `accuracy_of(model, batch)` gives the share of right answers in a batch, and the number n of answers: a batch counts
    as much as it has answers. The model is in evaluation mode meanwhile, no gradients are tracked, and it is in its
    former mode again afterwards. Returns a plain float. Raises ValueError if there is no answer at all.
    """
    raise NotImplementedError("Problem 5: evaluate")
