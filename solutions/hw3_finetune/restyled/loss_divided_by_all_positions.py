"""Zeros where nothing counts.

Module: finetune
"""


def lm_loss(logits, targets):
    logp = torch.log_softmax(logits[:, :-1], dim=-1)
    labels = targets[:, 1:]
    keep = labels != -100
    if keep.sum() == 0:
        raise ValueError("nothing to predict")
    picked = logp.gather(2, labels.clamp(min=0).unsqueeze(2)).squeeze(2)
    return -(picked * keep).mean()
