"""The questions that the checks put to your code, public and hidden ones alike; only the inputs differ.

Each probe calls your functions and returns what it saw. None of them knows a right answer. You may read this file and
call the probes yourself; changing it has no effect on your grade.
"""

import re
from types import SimpleNamespace

import finetune
import language_models
import lora
import prompts
import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

# ---- Small models


def _small(architecture, blocks, seed=0):
    """A model with random weights: 11 tokens, and so narrow that it computes in no time."""
    if architecture == "gpt2":
        return language_models.gpt2(vocab_size=11, width=8, heads=2, blocks=blocks, context=32, seed=seed)
    return language_models.llama(vocab_size=11, width=8, heads=4, kv_heads=2, blocks=blocks, hidden=12, seed=seed)


class _Factors(nn.Module):
    """A layer with the attributes of a LoRA layer, for asking which parameters are tuned. It computes nothing."""

    def __init__(self, base):
        super().__init__()
        self.base, self.A, self.B = base, nn.Parameter(torch.ones(3, 1)), nn.Parameter(torch.ones(2, 1))


class _Pair(nn.Module):
    """It has A and B, but no base: no LoRA layer."""

    def __init__(self):
        super().__init__()
        self.A, self.B = nn.Parameter(torch.ones(3, 1)), nn.Parameter(torch.ones(2, 1))


class _Network(nn.Module):
    """x (n, D) -> (n, 1), through four blocks with one matrix each, found as those of BERT are, and a head."""

    def __init__(self, matrices, dropout=0.0):
        super().__init__()
        self.encoder, self.head = nn.Module(), nn.Linear(len(matrices["head"]), 1, bias=False)
        self.encoder.layer = nn.ModuleList(nn.Linear(*matrices[f"block {k}"].shape[::-1], bias=False) for k in range(4))
        self.dropout = nn.Dropout(dropout)
        with torch.no_grad():
            for k, block in enumerate(self.encoder.layer):
                block.weight = nn.Parameter(matrices[f"block {k}"].clone())
            self.head.weight = nn.Parameter(matrices["head"][None, :].clone())

    def forward(self, x):
        for block in self.encoder.layer:
            x = self.dropout(torch.tanh(block(x)))
        return self.head(x)

    def matrices(self):
        by_name = {f"block {k}": block.weight for k, block in enumerate(self.encoder.layer)}
        return {**by_name, "head": self.head.weight[0]}


# ---- Problem 1: what to tune


def parameters_to_fine_tune(architecture, blocks, mode, head=False, lora_in=(), frozen=False, pair=False):
    """The names of the parameters that you return, and of those that require gradients afterwards."""
    model = _small(architecture, blocks).requires_grad_(not frozen)
    if head:
        model.head = nn.Linear(8, 3)
    if pair:
        model.pair = _Pair()
    for path in lora_in:
        parent, _, name = path.rpartition(".")
        setattr(model.get_submodule(parent), name, _Factors(model.get_submodule(path)))
    before = [parameter.detach().clone() for parameter in model.parameters()]
    found = finetune.parameters_to_fine_tune(model, mode)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    kind = type(found).__name__
    returned = sorted(names.get(id(item), f"({type(item).__name__}: no parameter of the model)") for item in found)
    return {
        "type": kind,
        "returned": returned,
        "trainable": sorted(name for name, parameter in model.named_parameters() if parameter.requires_grad),
        "values changed": not all(map(torch.equal, before, model.parameters())),
    }


# ---- Problem 2: the loss of a language model


def lm_loss(logits, targets):
    return finetune.lm_loss(logits, targets)


def lm_loss_value(logits, targets):
    """The loss as a number, whatever its dtype, and with or without a graph."""
    loss = finetune.lm_loss(logits, targets)
    return _number(loss.detach() if isinstance(loss, torch.Tensor) else loss)


def lm_loss_gradient(logits, targets):
    """The gradient of the loss with respect to the logits: (B, T, V)."""
    loss = finetune.lm_loss(logits.requires_grad_(), targets)
    return _gradient(loss, logits)


def lm_accuracy(logits, targets):
    return _number(finetune.lm_accuracy(logits, targets))


def lm_changes(function, logits, targets):
    """Which of its arguments lm_loss or lm_accuracy changes."""
    before = {"logits": logits.clone(), "targets": targets.clone()}
    {"lm_loss": finetune.lm_loss, "lm_accuracy": finetune.lm_accuracy}[function](logits, targets)
    now = {"logits": logits, "targets": targets}
    return [name for name in before if not torch.equal(before[name], now[name])]


# ---- Problem 3: batches


class _Tokenizer:
    """One token for each character, but one for "th", as tokenizers join what is often seen together.

    Unless it is told otherwise, it puts a token of its own, 1, before every text, as many tokenizers do.
    """

    def __init__(self, eos, pad):
        self.eos_token_id, self.pad_token_id = eos, pad

    def encode(self, text, add_special_tokens=True):
        tokens = [2000 if piece == "th" else ord(piece) for piece in re.findall("th|.", text, re.DOTALL)]
        return [1] * add_special_tokens + tokens


def tokenize_batch(texts, completions, eos=0, pad=None):
    batch = finetune.tokenize_batch(_Tokenizer(eos, pad), texts, completions)
    return {name: batch[name] for name in ("input_ids", "attention_mask", "labels")}


def tokenize_leaves(texts, completions, eos=0, pad=None):
    """What the tokenizer and the two lists are after a batch was made."""
    tokenizer, texts, completions = _Tokenizer(eos, pad), list(texts), list(completions)
    finetune.tokenize_batch(tokenizer, texts, completions)
    tokens = [tokenizer.eos_token_id, tokenizer.pad_token_id]
    return {"end of text and padding": tokens, "prompts": texts, "completions": completions}


# ---- Problem 4: LoRA


class Conv1D(nn.Module):
    """A linear layer as GPT-2 has it: x @ weight + bias, with a weight (d_in, d_out)."""

    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x):
        return x @ self.weight + self.bias


class _Matrix(nn.Module):
    """x @ weight with a weight (d_in, d_out): neither an nn.Linear nor called Conv1D, and without a bias."""

    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, x):
        return x @ self.weight


class _Linear(nn.Linear):
    """An nn.Linear under another name."""


def _base(kind, weight, bias):
    """A layer that computes x @ weight + bias, for a weight (d_in, d_out); a bias of None is none."""
    if kind == "matrix":
        return _Matrix(weight.clone())
    if kind == "conv1d":
        return Conv1D(weight.clone(), bias.clone())
    made = _Linear if kind == "subclass" else nn.Linear
    layer = made(*weight.shape, bias=bias is not None, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def _with_factors(kind, weight, bias, A, B):
    layer = lora.LoRALinear(_base(kind, weight, bias), A.shape[1])
    _set_factors(layer, A, B)
    return layer


def _set_factors(layer, A, B):
    with torch.no_grad():
        layer.A.copy_(A)
        layer.B.copy_(B)


def lora_at_the_start(kind, weight, bias, rank):
    """What a new LoRA layer is."""
    base = _base(kind, weight, bias)
    layer, other = lora.LoRALinear(base, rank), lora.LoRALinear(_base(kind, weight, bias), rank)
    trainable = sorted(name for name, parameter in layer.named_parameters() if parameter.requires_grad)
    A, B = layer.A.detach().double(), layer.B.detach().double()
    return {
        "shapes": [list(A.shape), list(B.shape)],
        "dtypes": [str(layer.A.dtype), str(layer.B.dtype)],
        "are parameters": [isinstance(layer.A, nn.Parameter), isinstance(layer.B, nn.Parameter)],
        "trainable": trainable,
        "all zero": {"A": not A.any(), "B": not B.any()},
        "rows or columns of A that are 0 or equal": _degenerate(A),
        "share of A above 0": float((A > 0).double().mean()),
        "another layer has the same A": torch.equal(layer.A, other.A),
        "base kept": layer.base is base,
    }


def lora_outputs_at_the_start(kind, weight, bias, rank, x):
    """What a new LoRA layer computes, on x (..., d_in)."""
    return lora.LoRALinear(_base(kind, weight, bias), rank)(x)


def _degenerate(matrix):
    """How many rows and columns are 0 or occur twice: none in a random matrix."""
    lines = [[tuple(line) for line in side.tolist()] for side in (matrix, matrix.T)]
    return sum(len(some) - len({line for line in some if any(line)}) for some in lines if len(some[0]) > 1)


def lora_outputs(kind, weight, bias, A, B, x):
    """The layer's outputs once A and B are set, on x (..., d_in)."""
    return _with_factors(kind, weight, bias, A, B)(x)


def lora_gradients(kind, weight, bias, A, B, x, upstream):
    """The gradients of sum(upstream * y) with respect to A, B and x; what happened to the base meanwhile."""
    layer = _with_factors(kind, weight, bias, A, B)
    before = [parameter.detach().clone() for parameter in layer.base.parameters()]
    (upstream * layer(x.requires_grad_())).sum().backward()
    with_gradient = sorted(name for name, parameter in layer.base.named_parameters() if parameter.grad is not None)
    found = {name: _or_zeros(tensor) for name, tensor in (("A", layer.A), ("B", layer.B), ("x", x))}
    changed = not all(map(torch.equal, before, layer.base.parameters()))
    return {**found, "of the base": with_gradient, "base changed": changed}


def lora_merged(kind, weight, bias, A, B, x):
    """The merged layer: its kind, its weight (as d_in, d_out), its outputs; and what merging changed."""
    layer = _with_factors(kind, weight, bias, A, B)
    base, before = layer.base, [tensor.detach().clone() for tensor in layer.state_dict().values()]
    merged = layer.merged()
    own = {tensor.data_ptr() for tensor in layer.state_dict().values()}
    return {
        "kind": type(merged).__name__,
        "weight": merged.weight.T if isinstance(merged, nn.Linear) else merged.weight,
        "bias": getattr(merged, "bias", None),
        "y": merged(x),
        "side effects": {
            "layer changed": not all(map(torch.equal, before, layer.state_dict().values())),
            "base kept": layer.base is base,
            "base frozen": not any(parameter.requires_grad for parameter in base.parameters()),
            "shares memory": any(tensor.data_ptr() in own for tensor in merged.state_dict().values()),
        },
    }


def lora_outputs_later(kind, weight, bias, A, B, x):
    """The outputs in both modes, of a layer that was used with other factors before; x (n, m, d_in) is turned."""
    layer, x = _with_factors(kind, weight, bias, 1 - A, 1 - B), x.transpose(0, 1)
    modes = {"training": True, "evaluation": False}
    for training in modes.values():
        layer.train(training)(x)
    _set_factors(layer, A, B)
    return {name: layer.train(training)(x) for name, training in modes.items()}


def lora_merged_later(kind, weight, bias, A, B):
    """The weight (as d_in, d_out) that is merged, by a layer that was merged with other factors before."""
    layer = _with_factors(kind, weight, bias, 1 - A, 1 - B)
    layer.merged()
    _set_factors(layer, A, B)
    merged = layer.merged()
    return merged.weight.T if isinstance(merged, nn.Linear) else merged.weight


def lora_of(kind, rank):
    """Whether a LoRA layer is made, of layers with and without a matrix."""
    without = {"dropout": nn.Dropout(0.5), "norm": nn.LayerNorm(4), "convolution": nn.Conv1d(4, 3, 2)}
    lora.LoRALinear({"linear": nn.Linear(4, 3), **without}[kind], rank)
    return "a layer"


def lora_in_a_model(architecture, rank, names, tokens, factors_seed):
    """The logits of a small model: as it is, with new LoRA layers, with factors in them, and merged."""
    model = _small(architecture, 2).double()
    seen = {"before": model(tokens).logits}
    count = lora.add_lora(model, rank, names)
    seen["with new layers"] = model(tokens).logits
    generator = torch.Generator().manual_seed(factors_seed)
    layers = [(path, layer) for path, layer in model.named_modules() if isinstance(layer, lora.LoRALinear)]
    with torch.no_grad():
        for _, layer in layers:
            for factor in (layer.A, layer.B):
                factor.copy_(torch.randn(factor.shape, generator=generator, dtype=torch.float64) / 2)
    seen["with factors"] = model(tokens).logits
    for path, layer in layers:
        parent, _, name = path.rpartition(".")
        setattr(model.get_submodule(parent), name, layer.merged())
    return {**seen, "merged": model(tokens).logits, "layers": count}


# ---- Problem 5: training and evaluation


def fine_tune(
    matrices, batches, mode="all", learning_rate=0.01, accumulation=1, training=False, defaults=False, unused=False
):
    """Fine-tunes a network of four blocks on micro-batches (x (n, D), y (n,)); all that was seen on the way.

    With `defaults` your function is given neither mode nor learning rate nor accumulation, and with `unused` the
    network has a layer that its loss does not depend on.
    """
    model = _Network(matrices)
    if unused:
        model.pooler = nn.Linear(2, 2)
    model.train(training)
    options = [] if defaults else [mode, learning_rate, accumulation]
    names = {id(parameter): name for name, parameter in model.matrices().items()}
    seen, modes = {"events": [], "gradients": []}, []

    def loss_of(network, batch):
        x, y = batch
        seen["events"].append("forward")
        modes.append(network.training)
        error = (network(x)[:, 0] - y) ** 2
        loss = error.mean()
        loss.register_hook(lambda _: seen["events"].append("backward"))
        return loss, len(y)

    def one_by_one():
        for batch in batches:
            seen["events"].append("take")
            yield batch

    def at_update(optimizer, *_):
        seen["events"].append("update")
        held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        seen["gradients"].append({names.get(id(p), "?"): p.grad.clone() for p in held if p.grad is not None})

    hook = register_optimizer_step_pre_hook(at_update)
    try:
        losses, optimizer = finetune.fine_tune(model, one_by_one(), loss_of, *options)
    finally:
        hook.remove()
    held = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return {
        **seen,
        "losses": [_number(loss) for loss in losses],
        "matrices": {name: matrix.detach() for name, matrix in model.matrices().items()},
        "use of the model": {"in training mode": modes, "mode afterwards": _mode(model)},
        "optimiser": [
            type(optimizer).__name__,
            *({key: float(group[key]) for key in ("lr", "weight_decay")} for group in optimizer.param_groups),
        ],
        "held by the optimiser": sorted(names.get(id(parameter), "?") for parameter in held),
        "with optimiser state": sorted(names.get(id(parameter), "?") for parameter in optimizer.state),
    }


def evaluate(matrices, batches, training=False):
    """The accuracy on batches (x (n, D), right sign (n,)), and how the network was used."""
    model = _Network(matrices, dropout=0.5)
    model.train(training)
    model.encoder.layer[0].requires_grad_(False)
    seen = {"in training mode": [], "gradients tracked": []}

    def accuracy_of(network, batch):
        x, sign = batch
        seen["in training mode"].append(network.training)
        seen["gradients tracked"].append(bool(network(x).requires_grad))
        right = (torch.sign(network(x)[:, 0]) == sign).double().sum()
        return right / max(len(sign), 1), len(sign)

    accuracy, tracked = _and_whether_gradients_are_tracked(lambda: finetune.evaluate(model, iter(batches), accuracy_of))
    afterwards = {
        "mode afterwards": _mode(model),
        "gradients tracked afterwards": tracked,
        "require gradients afterwards": [name for name, p in model.named_parameters() if p.requires_grad],
    }
    return {"accuracy": _number(accuracy), "use of the model": {**seen, **afterwards}}


# ---- The real model: the first two of MiniLM's six blocks, with a new classifier on top


def fit_minilm(train, head, mode, learning_rate, accumulation):
    """Fine-tunes MiniLM on batches {input_ids, attention_mask, labels}; returns its parameters but the embeddings."""
    model = _minilm(head)
    finetune.fine_tune(model, train, _classification_loss, mode, learning_rate, accumulation)
    return _without_embeddings(model)


def minilm_losses(train, head, mode, learning_rate, accumulation):
    """The losses of the updates while MiniLM is fine-tuned on such batches."""
    losses, _ = finetune.fine_tune(_minilm(head), train, _classification_loss, mode, learning_rate, accumulation)
    return [float(loss) for loss in losses]


def minilm_shapes(head):
    """Name -> shape of MiniLM's parameters but the embeddings."""
    return {name: list(parameter.shape) for name, parameter in _without_embeddings(_minilm(head)).items()}


def classify_with_minilm(parameters, head, batches):
    """The class that MiniLM with these parameters sees in each text of the batches."""
    model = _minilm(head).eval()
    model.load_state_dict(parameters, strict=False)
    with torch.inference_mode():
        return [model(batch["input_ids"], batch["attention_mask"]).argmax(dim=1) for batch in batches]


def minilm_features(batches):
    """What the frozen model says of each text, (texts, 384): its last states, averaged."""
    model = language_models.minilm(blocks=2).eval()
    with torch.inference_mode():
        return [model(batch["input_ids"], batch["attention_mask"]) for batch in batches]


def _classification_loss(network, batch):
    logits = network(batch["input_ids"], batch["attention_mask"])
    return nn.functional.cross_entropy(logits, batch["labels"]), len(batch["labels"])


def _without_embeddings(model):
    return {name: parameter.detach() for name, parameter in model.named_parameters() if "embeddings" not in name}


def _minilm(head):
    model = language_models.minilm(blocks=2, num_classes=len(head))
    with torch.no_grad():
        model.head.weight.copy_(head)
        model.head.bias.zero_()
    return model


# ---- Problem 6: learning in context


def build_prompt(support, query, mode):
    return prompts.build_prompt([tuple(pair) for pair in support], query, mode)


def prompt_leaves(support, query, mode):
    """What the list of examples is after a prompt was made."""
    given = [tuple(pair) for pair in support]
    prompts.build_prompt(given, query, mode)
    return [list(pair) for pair in given]


class _Table(nn.Module):
    """A language model that goes on by a table: what comes next depends on the sum of all tokens before.

    It keeps in `past_key_values` how many tokens it has seen, and their sum.
    """

    def __init__(self, logits):
        super().__init__()
        self.table, self.dropout, self.calls = nn.Parameter(logits), nn.Dropout(0.5), []

    def forward(self, input_ids, attention_mask=None, past_key_values=None, use_cache=False):
        count, total = past_key_values or (0, 0)
        self.calls.append([count, input_ids.shape[1]])
        sums = total + input_ids.cumsum(dim=1)  # (1, T)
        logits = self.dropout(self.table[sums % len(self.table)])  # (1, T, V)
        self.modes = (self.training, torch.is_grad_enabled())
        cache = (count + input_ids.shape[1], int(sums[0, -1])) if use_cache else None
        return SimpleNamespace(logits=logits, past_key_values=cache)


def greedy_decode(table, prompt, stop_tokens, max_new_tokens, training=False):
    """The tokens with which the table model (number of sums, V) goes on, and how it was used.

    The stop tokens come as a set, which has no order.
    """
    model = _Table(table)
    model.train(training)
    input_ids = torch.tensor([prompt], dtype=torch.int64).reshape(1, -1)
    before = input_ids.clone()
    tokens, tracked = _and_whether_gradients_are_tracked(
        lambda: prompts.greedy_decode(model, input_ids, set(stop_tokens), max_new_tokens)
    )
    modes = getattr(model, "modes", (False, False))
    return {
        "tokens": [_token(token) for token in tokens],
        "use of the model": {
            "in training mode": modes[0],
            "gradients tracked": modes[1],
            "mode afterwards": _mode(model),
            "gradients tracked afterwards": tracked,
            "requires gradients afterwards": model.table.requires_grad,
            "prompt changed": not torch.equal(input_ids, before),
        },
    }


def greedy_decode_with(architecture, seed, prompt, stop_tokens, max_new_tokens):
    """The tokens with which a small model goes on that has random weights and a real cache."""
    model = _small(architecture, 2, seed).double()
    # A last layer of its own, with large numbers: GPT-2's embedding would repeat one token, and nearly equal logits
    # could change places from one processor to another.
    generator = torch.Generator().manual_seed(seed)
    model.lm_head.weight = nn.Parameter(8 * torch.randn(11, 8, generator=generator, dtype=torch.float64))
    tokens = prompts.greedy_decode(model, torch.tensor([prompt]), stop_tokens, max_new_tokens)
    return [_token(token) for token in tokens]


# ---- What the probes share


def _number(found):
    """A number, or a tensor (), as a float; in words what it is, if it is neither."""
    if not isinstance(found, int | float) and tuple(getattr(found, "shape", (None,))) != ():
        return f"no number, but a {type(found).__name__}"
    return float(found)


def _token(found):
    """An int as it is; in words what it is, if it is none."""
    return found if type(found) is int else f"no int, but a {type(found).__name__}"


def _and_whether_gradients_are_tracked(call):
    """What the call returns, and whether gradients are tracked after it, as they were before."""
    try:
        return call(), torch.is_grad_enabled()
    finally:
        torch.set_grad_enabled(True)


def _mode(model):
    return "training" if model.training else "evaluation"


def _gradient(output, tensor):
    """d output / d tensor; zeros where nothing flows."""
    if not output.requires_grad:
        return torch.zeros_like(tensor)
    (gradient,) = torch.autograd.grad(output, tensor, allow_unused=True)
    return torch.zeros_like(tensor) if gradient is None else gradient


def _or_zeros(tensor):
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
