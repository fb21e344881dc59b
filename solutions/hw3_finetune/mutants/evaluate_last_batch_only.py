"""You returned the accuracy of the last batch.

Module: finetune
Problem: 5
Hint: Add up over all batches.
"""


def evaluate(model: nn.Module, batches: Iterable[Any], accuracy_of: Measure) -> float:
    was_training = model.training
    model.eval()
    right, seen = 0.0, 0
    with torch.inference_mode():
        for batch in batches:
            share, n = accuracy_of(model, batch)
            right, seen = float(share) * n, n
    model.train(was_training)
    if seen == 0:
        raise ValueError("there is nothing to evaluate on")
    return right / seen
