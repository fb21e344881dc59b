"""Judges each task under no_grad.

Module: maml
"""


def meta_test(forward, parameters, tasks, inner_lrs, num_steps):
    accs = []
    for _, _, images, labels in tasks:
        with torch.no_grad():
            logits = forward(parameters, images)
        accs.append((logits.argmax(1) == labels).double().mean().item())
    return mean_and_interval(accs)
