"""A list of results.

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
    if not results:
        raise ValueError("no data")
    return float(torch.tensor([float(acc) for acc, _ in results], dtype=torch.float64).mean())
