"""Without train, adapts detached copies, so that nothing hangs on the caller's parameters.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    def judged(phi):
        logits = forward(phi, images)
        return logits, torch.sum(logits.argmax(1) == labels).item() / len(labels)

    phi = {k: v.clone() if train else v.detach().clone().requires_grad_() for k, v in parameters.items()}
    logits, accuracy = judged(phi)
    accuracies = [accuracy]
    for _ in range(num_steps):
        loss = -logits.log_softmax(dim=1).gather(1, labels[:, None]).mean()
        gradients = dict(zip(phi, torch.autograd.grad(loss, tuple(phi.values()), create_graph=train)))
        if train:
            phi = {k: v - inner_lrs[k] * gradients[k] for k, v in phi.items()}
        else:
            with torch.no_grad():
                phi = {k: (v - inner_lrs[k] * gradients[k]) for k, v in phi.items()}
            for value in phi.values():
                value.requires_grad_(True)
        logits, accuracy = judged(phi)
        accuracies.append(accuracy)
    return phi, accuracies
