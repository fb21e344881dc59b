"""You gave support and query set to the encoder in one call; each has a call of its own.

Module: protonet
Problem: 1
Hint: Batch norm would let the queries change how the support set is embedded.
"""


def protonet_step(encoder: Callable[[Tensor], Tensor], task_batch: Sequence[Task]) -> tuple[Tensor, float, float]:
    if len(task_batch) == 0:
        raise ValueError("there is no task in the batch")
    losses, support_accs, query_accs = [], [], []
    for support_images, support_labels, query_images, query_labels in task_batch:
        together = encoder(torch.cat([support_images, query_images]))  # (S + Q, D)
        support, query = together[: len(support_images)], together[len(support_images) :]
        c = prototypes(support, support_labels, int(support_labels.max()) + 1)  # (N, D)
        support_logits = protonet_logits(support, c)  # (S, N)
        query_logits = protonet_logits(query, c)  # (Q, N)
        losses.append(functional.cross_entropy(query_logits, query_labels))
        support_accs.append((support_logits.argmax(dim=1) == support_labels).double().mean())
        query_accs.append((query_logits.argmax(dim=1) == query_labels).double().mean())
    loss = torch.stack(losses).mean()
    return loss, torch.stack(support_accs).mean().item(), torch.stack(query_accs).mean().item()
