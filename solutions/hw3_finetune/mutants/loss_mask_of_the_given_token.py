"""You left out the positions whose own token is ignored, and so the first token that counts.

Module: finetune
Problem: 2
Hint: targets[b, t + 1] alone says whether position t counts: the prompt's last token predicts the answer's first.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = (targets[:, :-1] != IGNORED) & (following != IGNORED)
    if not (following != IGNORED).any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[:, :-1][counts], following[counts])
