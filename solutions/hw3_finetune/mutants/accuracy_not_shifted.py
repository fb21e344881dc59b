"""You compared the largest logit at position t with the token at t, not with the one at t + 1.

Module: finetune
Problem: 2
Hint: The accuracy is of the same tokens as the loss: shift there as well.
"""


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    counts = targets != IGNORED
    if not counts[:, 1:].any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return (logits[counts].argmax(dim=1) == targets[counts]).double().mean().item()
