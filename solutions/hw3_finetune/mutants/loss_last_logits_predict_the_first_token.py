"""You rolled the targets, so that the last position predicts the first token of its sequence.

Module: finetune
Problem: 2
Hint: torch.roll goes round: nothing follows the last token, so its logits predict nothing.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets.roll(-1, dims=1)
    counts = following != IGNORED
    if not counts[:, :-1].any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[counts], following[counts])
