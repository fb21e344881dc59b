"""Overwrites.

Module: finetune
"""


def evaluate(model, batches, accuracy_of):
    training_before = model.training
    correct = total = 0
    try:
        model.train(False)
        for batch in batches:
            with torch.no_grad():
                acc, n = accuracy_of(model, batch)
            correct = round(float(acc) * n)
            total = n
    finally:
        if training_before:
            model.train()
    if total < 1:
        raise ValueError("empty")
    return correct / total
