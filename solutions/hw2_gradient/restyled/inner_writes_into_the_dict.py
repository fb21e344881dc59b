"""An alias of the caller's dict.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    def evaluate(weights):
        out = forward(weights, images)
        correct = torch.sum(torch.argmax(out, dim=1) == labels)
        return torch.nn.functional.cross_entropy(out, labels), correct / labels.numel()

    weights, history, step = parameters, [], 0
    while step < num_steps:
        loss, accuracy = evaluate(weights)
        history.append(accuracy)
        gradient = dict(zip(weights, torch.autograd.grad(loss, tuple(weights.values()), create_graph=train)))
        weights.update({key: weights[key] - gradient[key] * inner_lrs[key] for key in weights})
        step += 1
    history.append(evaluate(weights)[1])
    return weights, history
