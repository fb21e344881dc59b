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
    return {"loss": loss, "support_acc": float(support_acc), "query_acc": float(query_acc)}


def protonet_step_gradient(task_batch, weights):
    """The gradient of the loss with respect to the weights of that encoder."""
    loss, _, _ = protonet.protonet_step(lambda images: images @ weights.requires_grad_(), task_batch)
    return _gradients(loss, [weights])[0]


def encoder_calls(task_batch):
    """The images of each call of the encoder, in the order of the calls."""
    calls = []
    protonet.protonet_step(lambda images: calls.append(images.clone()) or images, task_batch)
    return calls


def protonet_step_with_batch_norm(task_batch):
    """The loss with an encoder that normalises each feature over the images that it is given together."""
    loss, _, _ = protonet.protonet_step(lambda x: (x - x.mean(dim=0)) / (x.std(dim=0) + 0.1), task_batch)
    return loss


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


NETWORKS = {"quadratic": _quadratic, "linear": _linear, "two layers": _two_layers}

# ---- Problem 2: the inner loop


def inner_loop(network, parameters, images, labels, inner_lrs, num_steps, train=True):
    """The adapted parameters, and the accuracies on the way."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    adapted, accuracies = maml.inner_loop(NETWORKS[network], theta, images, labels, rates, num_steps, train)
    return {"adapted": dict(adapted), "support_accuracies": _numbers(accuracies)}


def inner_loop_gradients(network, parameters, images, labels, inner_lrs, num_steps, upstream, train=True):
    """The gradients of sum(upstream * adapted) with respect to the parameters and to the inner rates, by name."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    adapted, _ = maml.inner_loop(NETWORKS[network], theta, images, labels, rates, num_steps, train)
    total = sum((upstream[name] * adapted[name]).sum() for name in upstream)
    return _by_name(total, theta, rates)


def after_inner_loop(network, parameters, images, labels, inner_lrs, num_steps, train=True):
    """What the inner loop leaves behind in what it was given."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    with _Watch(theta, rates) as watch:
        maml.inner_loop(NETWORKS[network], theta, images, labels, rates, num_steps, train)
    return watch.seen


# ---- Problem 3: the outer loss


def outer_loss(network, parameters, task_batch, inner_lrs, num_steps, train=True):
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    loss, on_support, on_query = maml.outer_loss(NETWORKS[network], theta, task_batch, rates, num_steps, train)
    return {"loss": loss, "support_accuracies": _numbers(on_support), "query_accuracy": float(on_query)}


def outer_gradients(network, parameters, task_batch, inner_lrs, num_steps):
    """The gradients of the outer loss with respect to the parameters and to the inner rates, by name."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    loss, _, _ = maml.outer_loss(NETWORKS[network], theta, task_batch, rates, num_steps, True)
    return _by_name(loss, theta, rates)


def after_outer_loss(network, parameters, task_batch, inner_lrs, num_steps, train=True):
    """What the outer loss leaves behind in what it was given."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    with _Watch(theta, rates) as watch:
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
        "different tensors": len({id(rate) for rate in rates.values()}),
    }


def outer_updates(parameters, inner_lrs, learned, outer_lr, slopes):
    """Parameters and rates after a few steps of your `outer_optimizer`, down a sum in which each has its own slope."""
    theta, rates = _leaves(parameters), {name: rate.requires_grad_(learned) for name, rate in inner_lrs.items()}
    optimizer = maml.outer_optimizer(theta, rates, outer_lr)
    for slope in slopes:
        optimizer.zero_grad()
        tensors = [*theta.values(), *rates.values()]
        sum((k + 1) * slope * tensor.sum() for k, tensor in enumerate(tensors)).backward()
        optimizer.step()
    return {"parameters": theta, "inner_lrs": rates}


# ---- Problem 5: meta-training and meta-testing


def meta_train(network, parameters, task_batches, inner_lrs, learned, num_steps, outer_lr):
    """What `meta_train` returns, what the parameters and the rates are then, and were whenever it took a batch."""
    theta, rates = _leaves(parameters), {name: rate.requires_grad_(learned) for name, rate in inner_lrs.items()}
    seen = []

    def one_by_one():
        for task_batch in task_batches:
            seen.append({name: tensor.detach().clone() for name, tensor in theta.items()})
            yield task_batch

    losses = maml.meta_train(NETWORKS[network], theta, one_by_one(), rates, num_steps, outer_lr)
    return {"losses": _numbers(losses), "parameters": theta, "inner_lrs": rates, "when a batch was taken": seen}


def mean_and_interval(accuracies):
    return _numbers(maml.mean_and_interval(accuracies))


def meta_test(network, parameters, tasks, inner_lrs, num_steps):
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    return _numbers(maml.meta_test(NETWORKS[network], theta, iter(tasks), rates, num_steps))


def after_meta_test(network, parameters, tasks, inner_lrs, num_steps):
    """What meta-testing leaves behind in what it was given."""
    theta, rates = _leaves(parameters), _leaves(inner_lrs)
    with _Watch(theta, rates) as watch:
        maml.meta_test(NETWORKS[network], theta, iter(tasks), rates, num_steps)
    return watch.seen


# ---- What the probes share


def _leaves(tensors):
    return {name: tensor.clone().requires_grad_() for name, tensor in tensors.items()}


def _numbers(values):
    return [float(value) for value in values]


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
    """Notices what happens to tensors that should be left as they are."""

    def __init__(self, *groups):
        self.groups = groups
        self.before = [dict(group) for group in groups]
        self.values = [{name: tensor.detach().clone() for name, tensor in group.items()} for group in groups]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        known = [[group[name] for name in group] for group in self.before]
        tensors = [tensor for group in known for tensor in group]
        values = [value for group in self.values for value in group.values()]
        self.seen = {
            "dicts changed": any(
                now.keys() != before.keys() or any(now[name] is not before[name] for name in now)
                for now, before in zip(self.groups, self.before, strict=True)
            ),
            "values changed": not all(map(torch.equal, tensors, values)),
            "gradients left": any(tensor.grad is not None for tensor in tensors),
        }
