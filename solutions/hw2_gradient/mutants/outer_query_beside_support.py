"""You gave support and query images to the network in one call; batch norm then mixes them.

Module: maml
Problem: 3
Hint: The adapted network sees the query set alone.
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
    losses, support_accuracies, query_accuracies = [], [], []
    for support_images, support_labels, query_images, query_labels in task_batch:
        phi, accuracies = inner_loop(forward, parameters, support_images, support_labels, inner_lrs, num_steps, train)
        logits = forward(phi, torch.cat([support_images, query_images]))[len(support_images) :]  # (Q, N)
        losses.append(functional.cross_entropy(logits, query_labels))
        support_accuracies.append(accuracies)
        query_accuracies.append((logits.argmax(dim=1) == query_labels).double().mean().item())
    loss = torch.stack(losses).mean()
    mean_support = torch.tensor(support_accuracies, dtype=torch.float64).mean(dim=0)  # (T, L + 1) -> (L + 1,)
    return loss, mean_support.tolist(), sum(query_accuracies) / len(query_accuracies)
