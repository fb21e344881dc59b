"""You counted the sequences in which every token is right, not the tokens.

Module: finetune
Problem: 2
Hint: A sequence with one wrong token of ten has nine right ones.
"""


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    right = (logits[:, :-1].argmax(dim=2) == following) | ~counts
    return right.all(dim=1).double().mean().item()
