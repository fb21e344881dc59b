"""CrossEntropyLoss.

Module: finetune
"""


def lm_loss(logits, targets):
    shift_logits = logits[..., :-1, :].contiguous()
    shift_labels = targets[..., 1:].contiguous()
    criterion = nn.CrossEntropyLoss(ignore_index=-100)
    return criterion(shift_logits.view(-1, shift_logits.size(-1)), shift_labels.view(-1))
