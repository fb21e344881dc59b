"""Rates as floats.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    def evaluate(weights):
        out = forward(weights, images)
        correct = torch.sum(torch.argmax(out, dim=1) == labels)
        return torch.nn.functional.cross_entropy(out, labels), correct / labels.numel()

    rates = {key: float(rate) for key, rate in inner_lrs.items()}
    weights, history, step = {**parameters}, [], 0
    while step < num_steps:
        loss, accuracy = evaluate(weights)
        history.append(accuracy)
        gradient = dict(zip(weights, torch.autograd.grad(loss, tuple(weights.values()), create_graph=train)))
        new = {}
        for key in weights:
            new[key] = weights[key] - rates[key] * gradient[key]
        weights = new
        step += 1
    history.append(evaluate(weights)[1])
    return weights, history
