"""Prepares everything before the loop; numbers as a list of dicts."""


def train_epoch(
    net: nn.Module, batches: Iterable[Batch], optimizer: torch.optim.Optimizer, weights: Sequence[float]
) -> dict[str, float]:
    # ---- set-up
    net.train()
    net.zero_grad()
    records: list[dict[str, Tensor]] = []
    # ---- one pass
    for users, items, negatives, ratings in batches:
        (score, prediction), (negative_score, _) = net(users, items), net(users, negatives)
        record = {"interaction": interaction_loss(score, negative_score), "rating": rating_loss(prediction, ratings)}
        record["total"] = total_loss([record["interaction"], record["rating"]], weights)
        record["total"].backward()
        optimizer.step()
        records.append({name: loss.detach() for name, loss in record.items()})
    # ---- report
    if not records:
        raise ValueError("train_epoch needs a batch")
    return {name: torch.stack([r[name] for r in records]).mean().item() for name in ("interaction", "rating", "total")}
