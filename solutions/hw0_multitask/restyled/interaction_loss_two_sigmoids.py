"""Stacks both scores and maps them to probabilities at once."""


def interaction_loss(positive: Tensor, negative: Tensor) -> Tensor:
    probabilities = torch.stack([positive, negative]).sigmoid()  # (2, B)
    p_pos, p_neg = probabilities.mean(dim=1)
    return 1 - p_pos + p_neg
