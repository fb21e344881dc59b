"""You computed in float32 whatever the logits are.

Module: finetune
Problem: 2
Hint: No .float(): the loss has the dtype of the logits.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits.float()[:, :-1][counts], following[counts])
