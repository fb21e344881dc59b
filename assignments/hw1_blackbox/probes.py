"""The questions that the checks put to your code, public and hidden ones alike; only the inputs differ.

Each probe calls your functions and returns what it saw. None of them knows a right answer. You may read this file and
call the probes yourself; changing it has no effect on your grade.
"""

import random
from itertools import cycle

import episodes
import mann
import numpy as np
import torch
from torch import nn

# ---- Problem 1: episodes


def sampled(images_by_class, num_classes, num_shots, seed, count, global_seed=0, moved_on=0):
    """`count` episodes of one sampler: images (count, K+1, N, D) and labels (count, K+1, N, N).

    The generator has given `moved_on` numbers before.
    """
    _seed_everything_else(global_seed)
    generator = torch.Generator().manual_seed(seed)
    torch.rand(moved_on, generator=generator)
    sampler = episodes.EpisodeSampler(images_by_class, num_classes, num_shots, generator)
    images, labels = zip(*(sampler.sample() for _ in range(count)), strict=True)
    return {"images": torch.stack(images), "labels": torch.stack(labels)}


def new_sampler(images_by_class, num_classes, num_shots, seed):
    """Makes a sampler, and draws nothing."""
    episodes.EpisodeSampler(images_by_class, num_classes, num_shots, torch.Generator().manual_seed(seed))
    return "made"


def samplers_in_turn(images_by_class, num_classes, num_shots, seed):
    """Images of an episode of each of two samplers with one generator; the caller's images and random numbers after."""
    _seed_everything_else(seed)
    generator = torch.Generator().manual_seed(seed)
    samplers = [episodes.EpisodeSampler(images_by_class, num_classes, num_shots, generator) for _ in range(2)]
    drawn = [sampler.sample()[0] for sampler in samplers]
    return {"drawn": drawn, "images_by_class": images_by_class, "other numbers": _other_numbers()}


def other_numbers(seed):
    """The random numbers that come where nothing but seeding was done before."""
    _seed_everything_else(seed)
    return _other_numbers()


def _other_numbers():
    """The next number of each source of randomness that is no generator of ours."""
    return [random.random(), float(np.random.random()), torch.rand(1, dtype=torch.float64).item()]


def _seed_everything_else(seed):
    """Another global seed must not matter where all randomness comes from a generator, nor must the hashes of names."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    _Name.salt = seed


class _Name(str):
    """A text that `seed` gives another hash, as each start of Python does: the order of a set depends on it."""

    salt = 0

    def __hash__(self):
        return hash((_Name.salt, str(self)))


# ---- Problem 2: classes for training, validation and test


def splits(classes, sizes, seed, count=1, global_seed=0):
    """`count` splits with one generator, each as `split_classes` returned it."""
    _seed_everything_else(global_seed)
    generator = torch.Generator().manual_seed(seed)
    classes = type(classes)(_Name(each) if isinstance(each, str) else each for each in classes)
    return [_with_plain_names(episodes.split_classes(classes, sizes, generator)) for _ in range(count)]


def _with_plain_names(value):
    """The same lists and tuples, with texts that can be sent."""
    if type(value) in (list, tuple):
        return type(value)(map(_with_plain_names, value))
    return str(value) if isinstance(value, str) else value


def left_by_a_split(classes, sizes, seed):
    """The caller's classes, sizes and random numbers after the call."""
    _seed_everything_else(seed)
    episodes.split_classes(classes, sizes, torch.Generator().manual_seed(seed))
    return {"classes": classes, "sizes": sizes, "other numbers": _other_numbers()}


# ---- Problem 3: the network


def parameter_shapes(sizes):
    """The shape of each parameter of a new network; `sizes` are the arguments of MANN."""
    return [list(parameter.shape) for parameter in mann.MANN(**sizes).parameters()]


def new_networks(sizes):
    """The parameters of two networks as they are made, one after the other."""
    return [list(mann.MANN(**sizes).parameters()) for _ in range(2)]


def logits(sizes, weights, batches, training=True):
    """What one network with the given parameters says of one batch (images, labels) after the other."""
    net = _network(sizes, weights).train(training)
    return [net(images, labels) for images, labels in batches]


def inputs_after_forward(sizes, weights, images, labels):
    """The caller's tensors after a forward pass."""
    _network(sizes, weights)(images, labels)
    return {"images": images, "labels": labels}


def logit_gradients(sizes, weights, images, labels, upstream):
    """The gradient of sum(upstream * logits) for the images and for each parameter given."""
    net = _network(sizes, weights)
    (upstream * net(images.requires_grad_(), labels)).sum().backward()
    gradients = {role: _gradient(parameter) for role, parameter in _parameters(net, weights).items()}
    return {"images": _gradient(images), **gradients}


def _gradient(leaf):
    """Zeros where nothing flows."""
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


def _network(sizes, weights):
    """A network in double precision that holds these values."""
    net = mann.MANN(**sizes).double()
    with torch.no_grad():
        for role, parameter in _parameters(net, weights).items():
            parameter.copy_(weights[role])
    return net


def _parameters(net, weights):
    """The network's parameter for each role, found by its shape: the names of your attributes do not matter.

    The two biases of an LSTM have one shape and are only ever added up, so that it does not matter which is which.
    """
    left, roles = list(net.parameters()), {}
    for role, value in weights.items():
        found = [place for place, parameter in enumerate(left) if parameter.shape == value.shape]
        if not found:
            raise LookupError(f"the network has no parameter of shape {tuple(value.shape)} for {role}")
        roles[role] = left.pop(found[0])
    return roles


# ---- Problem 4: the loss


def query_loss(logits, labels):
    return mann.query_loss(logits, labels)


def inputs_after_query_loss(logits, labels):
    """The caller's tensors after the loss was computed."""
    mann.query_loss(logits, labels)
    return {"logits": logits, "labels": labels}


def query_loss_gradient(logits, labels):
    """The gradient of the loss for the logits (B, K+1, N, N)."""
    mann.query_loss(logits.requires_grad_(), labels).backward()
    return _gradient(logits)


# ---- Problem 5: training and accuracy


def toy_training(weight, images, labels, steps, batch_size, learning_rate, calls=1, gradient=None):
    """What your `train` does to the toy network below with these episodes, drawn one by one from the first on.

    It is called `calls` times; "losses" are those of the last one. `gradient` is in `.grad` before the first.
    """
    net, sampler = _Toy(weight).eval(), _Prepared(images, labels)
    net.weight.grad = gradient
    for _ in range(calls):
        losses = mann.train(net, sampler, steps, batch_size, learning_rate)
    losses = [_number(loss) for loss in losses] if type(losses) is list else losses
    seen = {"episodes": sampler.drawn, "training mode": net.modes, "labels": net.labels}
    return {"weight": net.weight, "losses": losses, **seen}


def query_accuracy(logits, labels):
    return _number(mann.query_accuracy(logits, labels))


def _number(value):
    """What the handout takes for a float, as one; everything else as it came."""
    if isinstance(value, torch.Tensor):
        return float(value) if value.shape == () else value
    return float(value) if isinstance(value, (int, float, np.number)) else value


def fit(sizes, shapes, images, labels, networks, steps, batch_size, learning_rate):
    """Trains so many new networks with your `train`, one after the other. Returns the parameters of each by role."""
    sampler, fitted = _Prepared(images, labels), []
    for _ in range(networks):
        net = mann.MANN(**sizes)
        mann.train(net, sampler, steps, batch_size, learning_rate)
        fitted.append(_parameters(net, {role: torch.empty(shape) for role, shape in shapes.items()}))
    return fitted


class _Toy(nn.Module):
    """One matrix: the logits are linear in the image, and the labels are not looked at."""

    def __init__(self, weight):
        super().__init__()
        self.weight, self.modes, self.labels = nn.Parameter(weight), [], []  # (D, N)

    def forward(self, images, labels):
        self.modes.append(self.training)
        self.labels.append(labels.clone())
        return images @ self.weight


class _Prepared:
    """A sampler without chance: episodes in the order in which they are given, then again from the first."""

    def __init__(self, images, labels):
        self.episodes, self.drawn = cycle(zip(images, labels, strict=True)), 0

    def sample(self):
        self.drawn += 1
        return next(self.episodes)
