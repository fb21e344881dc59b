"""Checks the arguments carefully in a try block, then sums the stack."""


def total_loss(losses: Sequence[Tensor], weights: Sequence[float] | None = None) -> Tensor:
    if weights is not None:
        try:
            for _, weight in zip(losses, weights, strict=True):
                if weight < 0:
                    raise ValueError("negative weight")
        except ValueError as problem:
            raise ValueError(f"the weights do not fit: {problem}") from problem
    if len(losses) < 1:
        raise ValueError("at least one loss is needed")
    return torch.sum(torch.stack([*losses]), dim=0)
