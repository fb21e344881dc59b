"""You matched rates and parameters by their places; it is their names that count.

Module: maml
Problem: 2
Hint: A dict's order says nothing: look each rate up by the parameter's name.
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
        phi = {
            name: value - rate * gradient
            for (name, value), rate, gradient in zip(phi.items(), inner_lrs.values(), gradients, strict=True)
        }
    return phi, accuracies
