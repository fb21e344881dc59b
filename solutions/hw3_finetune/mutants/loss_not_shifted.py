"""You compared the logits at position t with the token at t; they predict the token at t + 1.

Module: finetune
Problem: 2
Hint: Nobody needs to predict what it is given: logits[:, :-1] against targets[:, 1:].
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    counts = targets != IGNORED
    if not counts[:, 1:].any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[counts], targets[counts])
