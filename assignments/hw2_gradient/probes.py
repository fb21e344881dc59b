"""The questions that the checks put to your code, public and hidden ones alike; only the inputs differ.

Each probe calls your functions and returns what it saw. None of them knows a right answer. You may read this file and
call the probes yourself; changing it has no effect on your grade.
"""

import maml
import protonet
import torch

# ---- Problem 1: prototypes


def prototypes(embeddings, labels, num_classes):
    return protonet.prototypes(embeddings, labels, num_classes)


def prototypes_gradient(embeddings, labels, num_classes, upstream):
    """The gradient of sum(upstream * prototypes) with respect to the embeddings: (S, D)."""
    found = protonet.prototypes(embeddings.requires_grad_(), labels, num_classes)
    return _gradients((upstream * found).sum(), [embeddings])[0]


def protonet_logits(query, prototypes):
    return protonet.protonet_logits(query, prototypes)


def protonet_logits_gradients(query, prototypes, upstream):
    """The gradients of sum(upstream * logits) with respect to the queries and to the prototypes."""
    logits = protonet.protonet_logits(query.requires_grad_(), prototypes.requires_grad_())
    return _gradients((upstream * logits).sum(), [query, prototypes])


def protonet_step(task_batch, weights=None):
    """What `protonet_step` returns for an encoder that multiplies by `weights`, or that changes nothing."""
    encoder = torch.nn.Identity() if weights is None else lambda images: images @ weights
    loss, support_acc, query_acc = protonet.protonet_step(encoder, task_batch)
    return {"loss": loss, "support_acc": _number(support_acc), "query_acc": _number(query_acc)}


def protonet_step_gradient(task_batch, weights):
    """The gradient of the loss with respect to the weights of that encoder."""
    loss, _, _ = protonet.protonet_step(lambda images: images @ weights.requires_grad_(), task_batch)
    return _gradients(loss, [weights])[0]


def encoder_calls(task_batch):
    """The images of each call of an encoder that flattens them, in the order of the calls."""
    calls = []
    protonet.protonet_step(lambda images: calls.append(images.clone()) or images.flatten(1), task_batch)
    return calls


def after_protonet_step(task_batch, weights, training):
    """What `protonet_step` leaves behind in the encoder, a module in the mode `training`, and in the tasks."""
    encoder = torch.nn.Linear(*weights.shape, bias=False, dtype=weights.dtype).train(training)
    modes = []
    encoder.register_forward_hook(lambda *_: modes.append(encoder.training))
    with _Watch({"weight": encoder.weight}, data=task_batch) as watch:
        protonet.protonet_step(encoder, task_batch)
    return {**watch.seen, "the mode changed": any(mode != training for mode in [*modes, encoder.training])}


def fit_protonet(task_batches, weights, learning_rate):
    """Trains the weights of a linear encoder with your `protonet_step`, one update of Adam a batch."""
    optimizer = torch.optim.Adam([weights.requires_grad_()], learning_rate)
    for task_batch in task_batches:
        optimizer.zero_grad()
        protonet.protonet_step(lambda images: images @ weights, task_batch)[0].backward()
        optimizer.step()
    return weights


# ---- Networks for problems 2 to 5: functions of a dict of parameters


def _quadratic(parameters, images):
    """Log-probabilities of 3 classes; an image is (a, c, its label), and its cross-entropy 1 + a (theta - c)^2 / 2."""
    a, c, label = images.unbind(dim=1)
    loss = 1 + a * (parameters["theta"] - c) ** 2 / 2
    others = torch.log(-torch.expm1(-loss) / 2)  # what exp(-loss) leaves is shared by the two other classes
    return torch.where(label[:, None] == torch.arange(3), -loss[:, None], others[:, None])


def _linear(parameters, images):
    return images @ parameters["weight"] + parameters["bias"]


def _two_layers(parameters, images):
    hidden = torch.relu(images @ parameters["weight_1"] + parameters["bias_1"])
    return hidden @ parameters["weight_2"] + parameters["bias_2"]


def _centred(parameters, images):
    """A linear classifier of what sets an image apart from those of the same call, as batch norm would see it."""
    return _linear(parameters, images - images.mean(dim=0))


NETWORKS = {"quadratic": _quadratic, "linear": _linear, "two layers": _two_layers, "centred": _centred}

# ---- Problem 2: the inner loop


def inner_loop(network, parameters, images, labels, inner_lrs, num_steps, train=True):
    """The adapted parameters, and the accuracies on the way."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    adapted, accuracies = maml.inner_loop(NETWORKS[network], theta, images, labels, rates, num_steps, train)
    return {"adapted": {name: adapted[name] for name in adapted}, "support_accuracies": _numbers(accuracies)}


def inner_loop_gradients(network, parameters, images, labels, inner_lrs, num_steps, upstream, train=True):
    """The gradients of sum(upstream * adapted) with respect to the parameters and to the inner rates, by name."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    adapted, _ = maml.inner_loop(NETWORKS[network], theta, images, labels, rates, num_steps, train)
    total = sum((upstream[name] * adapted[name]).sum() for name in upstream)
    return _by_name(total, theta, rates)


def after_inner_loop(network, parameters, images, labels, inner_lrs, num_steps, train=True):
    """What the inner loop leaves behind in what it was given."""
    theta, rates = _leaves(parameters), _partly_learned(inner_lrs)
    with _Watch(theta, rates, data=[(images, labels)]) as watch:
        adapted, _ = maml.inner_loop(NETWORKS[network], theta, images, labels, rates, num_steps, train)
    return {**watch.seen, "the caller's dict returned": adapted is theta}


# ---- Problem 3: the outer loss


def outer_loss(network, parameters, task_batch, inner_lrs, num_steps, train=True):
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    loss, on_support, on_query = maml.outer_loss(NETWORKS[network], theta, task_batch, rates, num_steps, train)
    return {"loss": loss, "support_accuracies": _numbers(on_support), "query_accuracy": _number(on_query)}


def outer_gradients(network, parameters, task_batch, inner_lrs, num_steps):
    """The gradients of the outer loss with respect to the parameters and to the inner rates, by name."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    loss, _, _ = maml.outer_loss(NETWORKS[network], theta, task_batch, rates, num_steps, True)
    return _by_name(loss, theta, rates)


def after_outer_loss(network, parameters, task_batch, inner_lrs, num_steps, train=True):
    """What the outer loss leaves behind in what it was given."""
    theta, rates = _leaves(parameters), _partly_learned(inner_lrs)
    with _Watch(theta, rates, data=task_batch) as watch:
        maml.outer_loss(NETWORKS[network], theta, task_batch, rates, num_steps, train)
    return watch.seen


# ---- Problem 4: learned inner rates


def initial_inner_lrs(parameters, inner_lr, learned):
    """The rates, and what sort of tensor each is."""
    rates = maml.initial_inner_lrs(_leaves(parameters), inner_lr, learned)
    return {
        "rates": dict(rates),
        "require gradients": {name: bool(rate.requires_grad) for name, rate in rates.items()},
        "leaves": all(rate.is_leaf for rate in rates.values()),
        "different tensors": len({rate.data_ptr() for rate in rates.values()}),
    }


def outer_updates(parameters, inner_lrs, learned, outer_lr, slopes):
    """Parameters and rates after a few steps of your `outer_optimizer`, down a sum in which each has its own slope."""
    theta, rates = _leaves(parameters), _rates(inner_lrs, learned)
    optimizer = maml.outer_optimizer(theta, rates, outer_lr)
    for slope in slopes:
        optimizer.zero_grad()
        tensors = [*theta.values(), *rates.values()]
        sum((k + 1) * slope * tensor.sum() for k, tensor in enumerate(tensors)).backward()
        optimizer.step()
    return {"parameters": theta, "inner_lrs": rates, "require gradients": _flags(rates)}


# ---- Problem 5: meta-training and meta-testing


def meta_train(network, parameters, task_batches, inner_lrs, learned, num_steps, outer_lr, old_grad=None):
    """What `meta_train` returns, what the caller's tensors are then, and were whenever it took a batch.

    With `old_grad`, each tensor to be trained has a `.grad` of this value from before.
    """
    theta, rates = _leaves(parameters), _rates(inner_lrs, learned)
    held, held_rates, seen, calls, computed = dict(theta), dict(rates), [], [], []
    for tensor in [*theta.values(), *rates.values()]:
        if old_grad is not None and tensor.requires_grad:
            tensor.grad = torch.full_like(tensor, old_grad)

    def one_by_one():
        for task_batch in task_batches:
            seen.append({name: tensor.detach().clone() for name, tensor in held.items()})
            computed.append(bool(calls))
            calls.clear()
            yield task_batch

    def forward(parameters, images):
        calls.append(len(images))
        return NETWORKS[network](parameters, images)

    losses = maml.meta_train(forward, theta, one_by_one(), rates, num_steps, outer_lr)
    return {
        "losses": _numbers(losses),
        "parameters": held,
        "inner_lrs": held_rates,
        "when a batch was taken": seen,
        "computed before the next batch": computed,
        "other tensors in the dicts": not (_same(theta, held) and _same(rates, held_rates)),
        "require gradients": _flags({**{f"rate of {name}": held_rates[name] for name in held_rates}, **held}),
    }


def mean_and_interval(accuracies):
    return _numbers(maml.mean_and_interval(accuracies))


def after_mean_and_interval(accuracies):
    """The accuracies that were given, as they are afterwards."""
    maml.mean_and_interval(accuracies)
    return accuracies


def meta_test(network, parameters, tasks, inner_lrs, num_steps):
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    return _numbers(maml.meta_test(NETWORKS[network], theta, iter(tasks), rates, num_steps))


def after_meta_test(network, parameters, tasks, inner_lrs, num_steps):
    """What meta-testing leaves behind in what it was given."""
    theta, rates = _leaves(parameters), _partly_learned(inner_lrs)
    with _Watch(theta, rates, data=tasks) as watch:
        maml.meta_test(NETWORKS[network], theta, iter(tasks), rates, num_steps)
    return watch.seen


# ---- What the probes share


def _leaves(tensors):
    return {name: tensor.clone().requires_grad_() for name, tensor in tensors.items()}


def _rates(inner_lrs, learned):
    """The rates; `learned` says of all, or of each by its name, whether it requires gradients."""
    flags = learned if isinstance(learned, dict) else dict.fromkeys(inner_lrs, learned)
    return {name: rate.clone().requires_grad_(flags[name]) for name, rate in inner_lrs.items()}


def _partly_learned(inner_lrs):
    """The rates, of which the first does not require gradients, and all others do."""
    return _rates(inner_lrs, {name: k > 0 for k, name in enumerate(inner_lrs)})


def _flags(tensors):
    return {name: tensor.requires_grad for name, tensor in tensors.items()}


def _same(group, other):
    """Whether two dicts hold the same tensors, and not only equal ones."""
    return group.keys() == other.keys() and all(group[name] is other[name] for name in group)


def _number(value):
    """A number as a float, however it is kept; what has dimensions is no number, and stays what it is."""
    return value if getattr(value, "ndim", 0) else float(value)


def _numbers(values):
    return [_number(value) for value in values]


def _gradients(output, inputs):
    """d output / d input for each input; zeros where nothing flows."""
    if not output.requires_grad:
        return [torch.zeros_like(x) for x in inputs]
    gradients = torch.autograd.grad(output, inputs, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, gradients, strict=True)]


def _by_name(output, theta, rates):
    gradients = _gradients(output, [*theta.values(), *rates.values()])
    names = [*theta, *(f"rate of {name}" for name in rates)]
    return dict(zip(names, gradients, strict=True))


class _Watch:
    """Notices what happens to tensors, and to tasks, that should be left as they are.

    Every second tensor comes with a `.grad`, which should be there afterwards, too.
    """

    def __init__(self, *groups, data=()):
        self.groups, self.held, self.data = groups, [dict(group) for group in groups], data
        self.tensors = [tensor for group in groups for tensor in group.values()]
        for tensor in self.tensors[::2]:
            tensor.grad = torch.full_like(tensor, 0.5)
        self.before = [_state(tensor) for tensor in self.tensors]
        self.copies = [[tensor.clone() for tensor in task] for task in data]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        values, grads, flags = zip(*map(_state, self.tensors), strict=True)
        old_values, old_grads, old_flags = zip(*self.before, strict=True)
        self.seen = {
            "dicts changed": not all(map(_same, self.groups, self.held)),
            "values changed": not all(map(torch.equal, values, old_values)),
            "gradients changed": not all(map(_equal, grads, old_grads)),
            "requires_grad changed": flags != old_flags,
            "tasks changed": len(self.data) != len(self.copies)
            or not all(all(map(torch.equal, task, copy)) for task, copy in zip(self.data, self.copies, strict=True)),
        }


def _state(tensor):
    """Copies of a tensor's values and of its `.grad`, and whether it requires gradients."""
    grad = None if tensor.grad is None else tensor.grad.clone()
    return tensor.detach().clone(), grad, tensor.requires_grad


def _equal(grad, other):
    return grad is other if grad is None or other is None else torch.equal(grad, other)
