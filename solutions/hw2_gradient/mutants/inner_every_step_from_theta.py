"""You took every step from theta, not from where the last one ended.

Module: maml
Problem: 2
Hint: phi_(l+1) = phi_l - ...: what is subtracted from what?
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
            name: value - inner_lrs[name] * gradient  # phi_{l+1} = phi_l - alpha grad L(phi_l)
            for (name, value), gradient in zip(parameters.items(), gradients, strict=True)
        }
    return phi, accuracies
