"""CrossEntropyLoss on the flattened batch.

Module: finetune
"""


def lm_loss(logits, targets):
    shift_logits = logits
    shift_labels = targets
    if torch.all(shift_labels[:, 1:] == -100):
        raise ValueError("all labels are -100")
    criterion = nn.CrossEntropyLoss(ignore_index=-100)
    return criterion(shift_logits.reshape(-1, shift_logits.size(-1)), shift_labels.reshape(-1))
