"""nll_loss of log_softmax with ignore_index; the accuracy is a tensor.

Module: finetune
"""


def lm_loss(logits, targets):
    labels = targets[:, 1:]
    if labels.numel() == 0 or (labels == -100).all():
        raise ValueError("nothing to learn from")
    log_probabilities = functional.log_softmax(logits[:, :-1], dim=-1)
    return functional.nll_loss(log_probabilities.transpose(1, 2), labels, ignore_index=-100)


def lm_accuracy(logits, targets):
    labels = targets[:, 1:]
    keep = labels.ne(-100)
    if not bool(keep.any()):
        raise ValueError("nothing to judge")
    return torch.masked_select(logits[:, :-1].argmax(-1).eq(labels), keep).float().mean()
