"""Copies data into the parameters.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    names = list(parameters.keys())
    theta = {n: parameters[n] for n in names}
    accs = []
    for _ in range(num_steps):
        scores = forward(theta, images)
        accs.append((scores.argmax(-1) == labels).float().mean().item())
        loss = functional.cross_entropy(scores, labels)
        grads = torch.autograd.grad(loss, [theta[n] for n in names], create_graph=train)
        for n, g in zip(names, grads):
            theta[n].data.sub_(inner_lrs[n] * g)
    scores = forward(theta, images)
    accs.append((scores.argmax(-1) == labels).float().mean().item())
    return theta, accs
