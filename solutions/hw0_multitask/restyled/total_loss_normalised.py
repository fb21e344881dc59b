"""Everything as tensors; a separate function for the checks."""


def check_arguments(losses, weights):
    if len(losses) == 0:
        raise ValueError("losses is empty")
    if weights is not None:
        if len(weights) != len(losses):
            raise ValueError("losses and weights have different lengths")
        for w in weights:
            if w < 0:
                raise ValueError("negative weight")


def total_loss(losses, weights=None):
    check_arguments(losses, weights)
    L = torch.stack(list(losses))
    w = torch.ones_like(L) if weights is None else torch.tensor(weights, dtype=L.dtype)
    w = w / w.sum()
    return (w * L).sum()
