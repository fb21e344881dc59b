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


def sampled(images_by_class, num_classes, num_shots, seed, count, global_seed=0):
    """`count` episodes of one sampler: images (count, K+1, N, D) and labels (count, K+1, N, N)."""
    _seed_everything_else(global_seed)
    generator = torch.Generator().manual_seed(seed)
    sampler = episodes.EpisodeSampler(images_by_class, num_classes, num_shots, generator)
    images, labels = zip(*(sampler.sample() for _ in range(count)), strict=True)
    return {"images": torch.stack(images), "labels": torch.stack(labels)}


def _seed_everything_else(seed):
    """Another global seed must not matter where all randomness comes from a generator."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


# ---- Problem 2: classes for training, validation and test


def splits(classes, sizes, seed, count=1, global_seed=0):
    """`count` splits with one generator: for each of them a list of parts, each a list of classes."""
    _seed_everything_else(global_seed)
    generator = torch.Generator().manual_seed(seed)
    return [[list(part) for part in episodes.split_classes(classes, sizes, generator)] for _ in range(count)]


def classes_after_a_split(classes, sizes, seed):
    """The caller's list after the call."""
    episodes.split_classes(classes, sizes, torch.Generator().manual_seed(seed))
    return classes


# ---- Problem 3: the network


def parameter_shapes(sizes):
    """The shape of each parameter of a new network; `sizes` are the arguments of MANN."""
    return [list(parameter.shape) for parameter in mann.MANN(**sizes).parameters()]


def logits(sizes, weights, batches):
    """What one network with the given parameters says of one batch (images, labels) after the other."""
    net = _network(sizes, weights)
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


def query_loss_gradient(logits, labels):
    """The gradient of the loss for the logits (B, K+1, N, N)."""
    mann.query_loss(logits.requires_grad_(), labels).backward()
    return _gradient(logits)


# ---- Problem 5: training and accuracy


def toy_training(weight, images, labels, steps, batch_size, learning_rate):
    """What your `train` does to the toy network below with these episodes, drawn one by one from the first on."""
    net, sampler = _Toy(weight).eval(), _Prepared(images, labels)
    losses = mann.train(net, sampler, steps, batch_size, learning_rate)
    losses = [float(loss) for loss in losses]
    return {"weight": net.weight, "losses": losses, "episodes": sampler.drawn, "training mode": net.modes}


def query_accuracy(logits, labels):
    return float(mann.query_accuracy(logits, labels))


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
        self.weight, self.modes = nn.Parameter(weight), []  # (D, N)

    def forward(self, images, labels):
        self.modes.append(self.training)
        return images @ self.weight


class _Prepared:
    """A sampler without chance: episodes in the order in which they are given, then again from the first."""

    def __init__(self, images, labels):
        self.episodes, self.drawn = cycle(zip(images, labels, strict=True)), 0

    def sample(self):
        self.drawn += 1
        return next(self.episodes)
