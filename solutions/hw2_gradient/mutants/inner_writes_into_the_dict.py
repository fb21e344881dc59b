"""You put the adapted tensors into the caller's dict.

Module: maml
Problem: 2
Hint: phi = parameters makes no copy: two names for one dict.
"""


def inner_loop(
    forward: Forward,
    parameters: Parameters,
    images: Tensor,
    labels: Tensor,
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    train: bool,
) -> tuple[Parameters, list[float]]:
    phi = parameters
    accuracies = []
    for step in range(num_steps + 1):
        logits = forward(phi, images)  # (S, N)
        accuracies.append((logits.argmax(dim=1) == labels).double().mean().item())
        if step == num_steps:
            break  # the last phi is only judged
        loss = functional.cross_entropy(logits, labels)
        gradients = torch.autograd.grad(loss, list(phi.values()), create_graph=train)
        for (name, value), gradient in zip(list(phi.items()), gradients, strict=True):
            phi[name] = value - inner_lrs[name] * gradient
    return phi, accuracies
