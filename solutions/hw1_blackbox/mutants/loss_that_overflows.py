"""You take the logarithm of a softmax that you wrote with exp, which overflows.

Module: mann
Problem: 4
Hint: torch.log_softmax subtracts the largest logit first.
"""


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    log_probabilities = (
        logits[:, -1].exp() / logits[:, -1].exp().sum(dim=-1, keepdim=True)
    ).log()  # (B, N, N), over the classes
    return -(labels[:, -1] * log_probabilities).sum(dim=-1).mean()
