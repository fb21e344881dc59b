"""As in transformers.

Module: finetune
"""


def lm_loss(logits, targets):
    shift_logits = logits[..., :-1, :].to(torch.float32).contiguous()
    shift_labels = targets[..., 1:].contiguous()
    if torch.all(shift_labels == -100):
        raise ValueError("all labels are -100")
    criterion = nn.CrossEntropyLoss(ignore_index=-100)
    return criterion(shift_logits.view(-1, shift_logits.size(-1)), shift_labels.view(-1))
