"""Your loss has no gradient.

Module: finetune
Problem: 2
Hint: No .item(), no .detach(), no torch.no_grad(), and no torch.tensor(...) of a number.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits.detach()[:, :-1][counts], following[counts])
