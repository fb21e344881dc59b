"""You wrote the steps into the caller's parameters.

Module: maml
Problem: 2
Hint: The meta-parameters are still needed, for the next task: make new tensors.
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
    phi = dict(parameters)
    accuracies = []
    for step in range(num_steps + 1):
        logits = forward(phi, images)  # (S, N)
        accuracies.append((logits.argmax(dim=1) == labels).double().mean().item())
        if step == num_steps:
            break  # the last phi is only judged
        loss = functional.cross_entropy(logits, labels)
        gradients = torch.autograd.grad(loss, list(phi.values()), create_graph=train)
        with torch.no_grad():
            for (name, value), gradient in zip(phi.items(), gradients, strict=True):
                value -= inner_lrs[name] * gradient
    return phi, accuracies
