"""The questions that the checks put to your code, public and hidden ones alike; only the inputs differ.

Each probe calls your functions and returns what it saw. None of them knows a right answer. You may read this file and
call the probes yourself; changing it has no effect on your grade.
"""

import random

import multitask
import numpy as np
import torch
from torch import nn

# ---- Problem 1: union of data


def union_epochs(datasets, seed, epochs=1, global_seed=0):
    """What `union` yields, epoch after epoch, with one generator for all of them."""
    _seed_everything_else(global_seed)
    generator = torch.Generator().manual_seed(seed)
    return [_pairs(multitask.union(datasets, generator)) for _ in range(epochs)]


def union_orders(datasets, seed, epochs):
    """Like `union_epochs`, for examples that are numbers, and without the task ids: (epochs, number of examples)."""
    generator = torch.Generator().manual_seed(seed)
    return torch.tensor([[example for _, example in multitask.union(datasets, generator)] for _ in range(epochs)])


def joint_batches(datasets, batch_size, seed, global_seed=0):
    """The batches of one epoch."""
    _seed_everything_else(global_seed)
    generator = torch.Generator().manual_seed(seed)
    return [_pairs(batch) for batch in multitask.joint_batches(datasets, batch_size, generator)]


def _pairs(epoch):
    """Each pair as a list; what is no pair stays as it came."""
    return [[int(item[0]), item[1]] if isinstance(item, (tuple, list)) and len(item) == 2 else item for item in epoch]


def _seed_everything_else(seed):
    """Another global seed must not matter where all randomness comes from a generator."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


# ---- Problem 2: sum of losses


def total_loss(losses, weights=None):
    """The total loss of as many tasks as `losses` (T,) has entries."""
    given = [] if weights is None else [weights]
    return multitask.total_loss([loss.clone() for loss in losses], *given)


def total_loss_gradient(losses, weights=None):
    """The total loss's derivative with respect to each task's loss: (T,)."""
    leaf = losses.requires_grad_()  # the tasks' losses are its entries
    total_loss(leaf, weights).backward()
    return leaf.grad


# ---- Problem 3: the loss of each task


def interaction_loss(positive, negative):
    return multitask.interaction_loss(positive, negative)


def interaction_loss_gradients(positive, negative):
    loss = multitask.interaction_loss(positive.requires_grad_(), negative.requires_grad_())
    return _gradients(loss, positive, negative)


def rating_loss(predicted, observed):
    return multitask.rating_loss(predicted, observed)


def rating_loss_gradients(predicted, observed):
    loss = multitask.rating_loss(predicted.requires_grad_(), observed.requires_grad_())
    return _gradients(loss, predicted, observed)


def _gradients(output, *inputs):
    """d output / d input for each input; zeros where nothing flows."""
    gradients = torch.autograd.grad(output, inputs, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, gradients, strict=True)]


# ---- Problem 4: one network, two outputs


def parameter_shapes(sizes):
    """The shape of each parameter of a new network; `sizes` are the arguments of MultiTaskNet."""
    return [list(parameter.shape) for parameter in multitask.MultiTaskNet(**sizes).parameters()]


def initial_parameters(sizes, shapes):
    """All parameters of a new network that have one of these shapes."""
    net = multitask.MultiTaskNet(**sizes)
    return [parameter for parameter in net.parameters() if tuple(parameter.shape) in shapes]


def outputs(sizes, weights, users, items):
    """What the network computes in double precision with the given parameters: role -> values."""
    net, _ = _network(sizes, weights)
    score, rating = net(users, items)
    return {"score": score, "rating": rating}


def output_gradients(sizes, weights, users, items, upstream):
    """The gradient of sum(upstream["score"] * score + upstream["rating"] * rating) for each parameter given."""
    net, parameters = _network(sizes, weights)
    score, rating = net(users, items)
    loss = (upstream["score"] * score + upstream["rating"] * rating).sum()
    gradients = _gradients(loss, *parameters.values())
    return {role: gradient.reshape(weights[role].shape) for role, gradient in zip(weights, gradients, strict=True)}


def _network(sizes, weights):
    """A network in double precision that holds these values, and its parameters by role."""
    net = multitask.MultiTaskNet(**sizes).double()
    parameters = _parameters(net, {role: tuple(value.shape) for role, value in weights.items()})
    with torch.no_grad():
        for role, value in weights.items():
            parameters[role].copy_(value.reshape(parameters[role].shape))
    return net, parameters


def _parameters(net, shapes):
    """The network's parameter for each role, found by its shape: the names of your attributes do not matter."""
    roles = {}
    for role, shape in shapes.items():
        allowed = [shape, (*shape, 1), (1, *shape)] if role == "item_bias" else [shape]
        found = [parameter for parameter in net.parameters() if tuple(parameter.shape) in allowed]
        if role.startswith(("score_", "rating_")):  # two tables of one shape: only one of them moves the score
            found = [table for table in found if _moves_the_score(net, table) == role.startswith("score_")]
        if len(found) != 1:
            raise LookupError(f"the network has {len(found)} parameters of shape {shape} for {role}, not 1")
        roles[role] = found[0]
    return roles


def _moves_the_score(net, parameter):
    first = torch.zeros(1, dtype=torch.int64)
    score, _ = net(first, first)
    return bool(_gradients(score.sum(), parameter)[0].any())


# ---- Problem 5: training


def toy_updates(users, items, batches, weights, learning_rate, momentum=0.0):
    """The parameters of the toy network below after one call of your `train_epoch` with SGD."""
    net = _Toy(users, items)
    multitask.train_epoch(net, batches, torch.optim.SGD(net.parameters(), learning_rate, momentum), weights)
    return {"users": net.users, "items": net.items}


def toy_means(users, items, batches, weights):
    """What `train_epoch` returns while the learning rate is 0, so that nothing moves."""
    net = _Toy(users, items)
    means = multitask.train_epoch(net, batches, torch.optim.SGD(net.parameters(), 0.0), weights)
    return {name: float(mean) for name, mean in means.items()}


def toy_modes(users, items, batches, weights):
    """Whether the network was in training mode at each forward pass, if it was not before the call."""
    net = _Toy(users, items).eval()
    multitask.train_epoch(net, batches, torch.optim.SGD(net.parameters(), 0.0), weights)
    return net.modes


class _Toy(nn.Module):
    """Two outputs that share two small tables, with no layer in between."""

    def __init__(self, users, items):
        super().__init__()
        self.users, self.items = nn.Parameter(users), nn.Parameter(items)  # (U, 2), (I, 2)
        self.modes = []

    def forward(self, user_ids, item_ids):
        self.modes.append(self.training)
        u, q = self.users[user_ids], self.items[item_ids]  # (B, 2), (B, 2)
        return (u * q).sum(1), u[:, 0] + q[:, 1] ** 2


def fit(sizes, shapes, epochs, batch_size, learning_rate, weights):
    """Trains your network with your `train_epoch`, one entry of `epochs` after the other, and returns its parameters.

    Each epoch is (user ids, item ids, negative ids, ratings), one entry per example.
    """
    net = multitask.MultiTaskNet(**sizes)
    optimizer = torch.optim.Adam(net.parameters(), learning_rate)
    for columns in epochs:
        batches = list(zip(*(column.split(batch_size) for column in columns), strict=True))
        multitask.train_epoch(net, batches, optimizer, weights)
    return {role: parameter.reshape(shapes[role]) for role, parameter in _parameters(net, shapes).items()}


# ---- Problem 6: metrics


def mean_reciprocal_rank(scores, relevant, seen):
    return float(multitask.mean_reciprocal_rank(scores, relevant, seen))


def mean_squared_error(predicted, observed):
    return float(multitask.mean_squared_error(predicted, observed))
