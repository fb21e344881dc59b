"""A loop; the new parameters are the given ones minus the step.

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
        theta = {n: parameters[n] - inner_lrs[n] * g for n, g in zip(names, grads)}
    scores = forward(theta, images)
    accs.append((scores.argmax(-1) == labels).float().mean().item())
    return theta, accs
