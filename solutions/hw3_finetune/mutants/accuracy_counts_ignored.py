"""You counted ignored tokens as wrong answers.

Module: finetune
Problem: 2
Hint: Divide by the number of tokens that count, as the loss does.
"""


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return (logits[:, :-1].argmax(dim=2) == following).double().mean().item()
