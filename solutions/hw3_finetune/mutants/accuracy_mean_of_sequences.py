"""You averaged the accuracy of each sequence first.

Module: finetune
Problem: 2
Hint: Each token that counts weighs the same, whatever sequence it is in.
"""


def lm_accuracy(logits: Tensor, targets: Tensor) -> float | Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    right = logits[:, :-1].argmax(dim=2) == following
    return float(
        torch.stack([right[b][counts[b]].double().mean() for b in range(len(targets)) if counts[b].any()]).mean()
    )
