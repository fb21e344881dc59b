"""Gathers the right log-probabilities, and weighs them with a mask.

Module: finetune
"""


def lm_loss(logits, targets):
    logp = torch.log_softmax(logits[:, :-1], dim=-1)
    labels = targets[:, 1:]
    keep = labels != -100
    if keep.sum() == 0:
        raise ValueError("nothing to predict")
    picked = logp.gather(2, labels.clamp(min=0).unsqueeze(2)).squeeze(2)
    return -(picked * keep).sum() / keep.sum()


def lm_accuracy(logits, targets):
    guess = logits.argmax(-1)[:, :-1]
    labels = targets[:, 1:]
    keep = labels != -100
    total = keep.sum().item()
    if total == 0:
        raise ValueError("nothing to predict")
    right = ((guess == labels) & keep).sum().item()
    return right / total
