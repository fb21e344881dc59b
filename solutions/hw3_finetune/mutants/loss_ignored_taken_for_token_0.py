"""You let ignored targets count as token 0.

Module: finetune
Problem: 2
Hint: -100 is no token: a clamp makes it one. Leave these positions out.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[:, :-1].flatten(0, 1), following.clamp(min=0).flatten())
