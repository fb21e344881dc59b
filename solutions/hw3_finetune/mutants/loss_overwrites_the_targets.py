"""You wrote into the targets that you were given.

Module: finetune
Problem: 2
Hint: Work on a copy: the caller needs the targets again.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    following[~counts] = 0
    terms = -logits[:, :-1].log_softmax(dim=2).gather(2, following[:, :, None])[:, :, 0]
    return terms[counts].mean()
