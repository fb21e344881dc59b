"""Sums and divides by the batch size; exp(log sigmoid) for the sigmoid."""


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    return (1 - nn.functional.logsigmoid(positive - negative).exp()).sum() / len(positive)


def rating_loss(predicted: Tensor, observed: Tensor) -> Tensor:
    difference = observed - predicted
    return torch.dot(difference, difference) / difference.numel()
