"""You cleared every .grad; the outer loss is only computed here.

Module: maml
Problem: 3
Hint: Whoever trains clears gradients, and knows when.
"""


def outer_loss(
    forward: Forward,
    parameters: Parameters,
    task_batch: Sequence[Task],
    inner_lrs: dict[str, Tensor],
    num_steps: int,
    train: bool,
) -> tuple[Tensor, list[float], float]:
    if len(task_batch) == 0:
        raise ValueError("there is no task in the batch")
    for tensor in [*parameters.values(), *inner_lrs.values()]:
        tensor.grad = None
    losses, support_accuracies, query_accuracies = [], [], []
    for support_images, support_labels, query_images, query_labels in task_batch:
        phi, accuracies = inner_loop(forward, parameters, support_images, support_labels, inner_lrs, num_steps, train)
        logits = forward(phi, query_images)  # (Q, N)
        losses.append(functional.cross_entropy(logits, query_labels))
        support_accuracies.append(accuracies)
        query_accuracies.append((logits.argmax(dim=1) == query_labels).double().mean().item())
    loss = torch.stack(losses).mean()
    mean_support = torch.tensor(support_accuracies, dtype=torch.float64).mean(dim=0)  # (T, L + 1) -> (L + 1,)
    return loss, mean_support.tolist(), sum(query_accuracies) / len(query_accuracies)
