"""The gradient of the log-likelihood, subtracted.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    names = list(parameters.keys())
    theta = {n: parameters[n] for n in names}
    accs = []
    for _ in range(num_steps):
        scores = forward(theta, images)
        accs.append((scores.argmax(-1) == labels).float().mean().item())
        loss = scores.log_softmax(1)[range(len(labels)), labels].mean()
        grads = torch.autograd.grad(loss, [theta[n] for n in names], create_graph=train)
        theta = {n: theta[n] - inner_lrs[n] * g for n, g in zip(names, grads)}
    scores = forward(theta, images)
    accs.append((scores.argmax(-1) == labels).float().mean().item())
    return theta, accs
