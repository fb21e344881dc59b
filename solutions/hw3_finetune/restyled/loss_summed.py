"""A running sum.

Module: finetune
"""


def lm_loss(logits, targets):
    terms = []
    B, T = targets.shape
    for b in range(B):
        for t in range(T - 1):
            if targets[b, t + 1] != -100:
                logp = functional.log_softmax(logits[b, t], dim=0)
                terms.append(-logp[targets[b, t + 1]])
    if not terms:
        raise ValueError("no token to predict")
    return torch.stack(terms).sum()
