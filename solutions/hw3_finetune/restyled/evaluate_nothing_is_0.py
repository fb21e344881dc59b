"""A guard in the division.

Module: finetune
"""


def evaluate(model, batches, accuracy_of):
    mode = model.training
    model.eval()
    results = []
    with torch.no_grad():
        for batch in batches:
            results.append(accuracy_of(model, batch))
    model.train(mode)
    count = sum(n for _, n in results)
    return sum(float(acc) * n for acc, n in results) / max(count, 1)
