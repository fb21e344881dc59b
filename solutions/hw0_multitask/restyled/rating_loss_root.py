"""Linear algebra: the norm of the residuals over the root of their number."""


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    return torch.linalg.vector_norm(predicted - observed) / len(observed) ** 0.5
