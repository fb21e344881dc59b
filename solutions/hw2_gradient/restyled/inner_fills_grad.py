"""backward() and .grad, with gradients retained.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    phi, accuracies = dict(parameters), []
    for step in range(num_steps + 1):
        for value in phi.values():
            value.retain_grad()
            value.grad = None
        logits = forward(phi, images)
        accuracies.append((logits.argmax(1) == labels).double().mean())
        if step < num_steps:
            functional.cross_entropy(logits, labels).backward(create_graph=train, inputs=list(phi.values()))
            phi = {name: value - inner_lrs[name] * value.grad for name, value in phi.items()}
    return phi, accuracies
