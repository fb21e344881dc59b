"""An inner function of loss and accuracy; gradients of the caller's tensors.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    def evaluate(weights):
        out = forward(weights, images)
        correct = torch.sum(torch.argmax(out, dim=1) == labels)
        return torch.nn.functional.cross_entropy(out, labels), correct / labels.numel()

    weights, history, step = {**parameters}, [], 0
    while step < num_steps:
        loss, share = evaluate(weights)
        history.append(share)
        gradient = dict(zip(weights, torch.autograd.grad(loss, tuple(parameters.values()), create_graph=train)))
        new = {}
        for key in weights:
            new[key] = weights[key] - gradient[key] * inner_lrs[key]
        weights = new
        step += 1
    history.append(evaluate(weights)[1])
    return weights, history
