"""A list of results.

Module: finetune
"""


def evaluate(model, batches, accuracy_of):
    mode = model.training
    results = []
    with torch.no_grad():
        for batch in batches:
            results.append(accuracy_of(model, batch))
    model.train(mode)
    count = sum(n for _, n in results)
    if count == 0:
        raise ValueError("no data")
    return sum(float(acc) * n for acc, n in results) / count
