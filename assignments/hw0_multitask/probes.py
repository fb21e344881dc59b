"""The questions that the checks put to your code, public and hidden ones alike; only the inputs differ.

Each probe calls your functions and returns what it saw. None of them knows a right answer. You may read this file and
call the probes yourself; changing it has no effect on your grade.
"""

import random
from numbers import Integral

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
    batches = [batch for batch in multitask.joint_batches(datasets, batch_size, generator)]  # read when all are there
    return [type(batch)(_pairs(batch)) if type(batch) in (list, tuple) else batch for batch in batches]


def union_of_things(numbers, seed):
    """One epoch over data sets of things that can only be told apart by `is`, and how long the data sets are then.

    Thing 3 of a data set [3, 5, 3] comes twice. Of each pair: the task id, and which thing came; -1 is a strange one.
    """
    things = {number: _Thing() for dataset in numbers for number in dataset}
    datasets = [[things[number] for number in dataset] for dataset in numbers]
    epoch = _pairs(multitask.union(datasets, torch.Generator().manual_seed(seed)))
    came = [[x[0], _which(x[1], things)] if isinstance(x, list) else "no pair" for x in epoch]
    return {"pairs": came, "lengths": [len(dataset) for dataset in datasets]}


def _which(thing, things):
    return next((number for number, known in things.items() if known is thing), -1)


class _Thing:
    """It can be passed on, and nothing else."""

    __hash__ = None

    def __eq__(self, other):
        raise TypeError("An example may be anything, also something that cannot be compared.")

    def __bool__(self):
        raise TypeError("An example may be anything, also something that is neither true nor false.")


def _pairs(epoch):
    """Each pair as a list; what is no pair, and a task id that is no integer, stays as it came."""
    pairs = [list(item) if isinstance(item, (tuple, list)) and len(item) == 2 else item for item in epoch]
    return [[int(x[0]), x[1]] if isinstance(x, list) and isinstance(x[0], Integral) else x for x in pairs]


def _seed_everything_else(seed):
    """Another global seed must not matter where all randomness comes from a generator."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def afterwards(function, arguments):
    """What a function of yours was given, after the call: it belongs to who called."""
    getattr(multitask, function)(*arguments)
    return arguments


# ---- Problem 2: sum of losses


def total_loss(losses, weights=None, sequence="list"):
    """The total loss of as many tasks as `losses` (T,) has entries, given as a list or as a tuple."""
    made = {"list": list, "tuple": tuple}[sequence]
    given = [] if weights is None else [made(weights)]
    return multitask.total_loss(made(loss.clone() for loss in losses), *given)


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


def parameter_shapes(sizes, networks=1):
    """The shape of each parameter of the last of some new networks; `sizes` are the arguments of MultiTaskNet."""
    *_, net = [multitask.MultiTaskNet(**sizes) for _ in range(networks)]
    return [list(parameter.shape) for parameter in net.parameters()]


def initial_parameters(sizes, shapes, networks=1):
    """All parameters of each of some new networks, one after the other, that have one of these shapes."""
    nets = [multitask.MultiTaskNet(**sizes) for _ in range(networks)]
    return [parameter for net in nets for parameter in net.parameters() if tuple(parameter.shape) in shapes]


def outputs(sizes, weights, users, items):
    """What the network computes in double precision with the given parameters: role -> values."""
    net, _ = _network(sizes, weights)
    score, rating = net(users, items)
    return {"score": score, "rating": rating}


def outputs_again(sizes, weights, users, items):
    """Score and rating of all rows in training, of all rows in evaluation, and of each row alone."""
    net, _ = _network(sizes, weights)
    rows = zip(users.split(1), items.split(1), strict=True)
    return [list(net.train()(users, items)), list(net.eval()(users, items)), [list(net(*row)) for row in rows]]


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


def toy_updates(users, items, batches, weights, learning_rate, momentum=0.0, left=0.0):
    """The parameters of the toy network below after one call of your `train_epoch` with SGD, and the learning rate.

    `batches` can be read once. `left` is in all of `.grad` when the call begins.
    """
    net = _Toy(users, items)
    optimizer = torch.optim.SGD(net.parameters(), learning_rate, momentum)
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, left)
    multitask.train_epoch(net, iter(batches), optimizer, weights)
    return {"users": net.users, "items": net.items, "learning_rate": optimizer.param_groups[0]["lr"]}


def toy_means(users, items, batches, weights, once=False):
    """What `train_epoch` returns while the learning rate is 0, so that nothing moves."""
    net = _Toy(users, items)
    optimizer = torch.optim.SGD(net.parameters(), 0.0)
    means = multitask.train_epoch(net, iter(batches) if once else batches, optimizer, weights)
    return {name: _number(mean) for name, mean in means.items()}


def toy_modes(users, items, batches, weights, part_only=False):
    """Of each forward pass, whether the network and its part were in training mode, if they were not before the call.

    With `part_only` only the part was not.
    """
    net = _Toy(users, items)
    (net.part if part_only else net).eval()
    multitask.train_epoch(net, batches, torch.optim.SGD(net.parameters(), 0.0), weights)
    return net.modes


class _Toy(nn.Module):
    """Two outputs that share two small tables, with no layer in between."""

    def __init__(self, users, items):
        super().__init__()
        self.users, self.items = nn.Parameter(users), nn.Parameter(items)  # (U, 2), (I, 2)
        self.part, self.modes = nn.Identity(), []

    def forward(self, user_ids, item_ids):
        self.modes.append([self.training, self.part.training])
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
    return _number(multitask.mean_reciprocal_rank(scores, relevant, seen))


def mean_squared_error(predicted, observed):
    return _number(multitask.mean_squared_error(predicted, observed))


def _number(value):
    """A tensor of shape () and a number of numpy count as floats; everything else stays as it came."""
    if isinstance(value, np.number) or (isinstance(value, torch.Tensor) and value.shape == ()):
        return float(value)
    return value
