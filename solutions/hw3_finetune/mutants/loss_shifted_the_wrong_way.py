"""You shifted the wrong way: the logits at t + 1 against the token at t.

Module: finetune
Problem: 2
Hint: Position t has seen the tokens up to t, so what it says is of token t + 1.
"""


def lm_loss(logits: Tensor, targets: Tensor) -> Tensor:
    following = targets[:, 1:]
    counts = following != IGNORED
    if not counts.any():
        raise ValueError("no token counts: every target after the first is -100, or there is none")
    return functional.cross_entropy(logits[:, 1:].flatten(0, 1), targets[:, :-1].flatten())
