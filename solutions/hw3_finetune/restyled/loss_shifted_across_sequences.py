"""Views first.

Module: finetune
"""


def lm_loss(logits, targets):
    B, T, V = logits.shape
    if T < 2 or bool((targets[:, 1:] == -100).all()):
        raise ValueError("no labels")
    flat, labels = logits.reshape(B * T, V), targets.reshape(B * T)
    loss = 0
    n = 0
    for i in range(B * T - 1):
        if labels[i + 1] != -100:
            loss = loss - torch.log_softmax(flat[i], 0)[labels[i + 1]]
            n += 1
    return loss / n
