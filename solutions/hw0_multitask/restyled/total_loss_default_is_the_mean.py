"""Two cases with a return each."""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    tasks = len(losses)
    if tasks < 1:
        raise ValueError("total_loss() needs one task or more")
    stacked = torch.stack(tuple(losses))
    if weights is None:
        return stacked.mean()
    if any(w < 0 for w in weights) or len(weights) != tasks:
        raise ValueError("bad weights")
    return torch.dot(stacked.new_tensor(weights), stacked)
