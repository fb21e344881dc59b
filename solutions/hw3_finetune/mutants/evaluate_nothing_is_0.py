"""Without any answer you returned 0; it should be a ValueError.

Module: finetune
Problem: 5
Hint: 0 of 0 is no accuracy: raise ValueError.
"""


def evaluate(model: nn.Module, batches: Iterable[Any], accuracy_of: Measure) -> float:
    was_training = model.training
    model.eval()
    right, seen = 0.0, 0
    with torch.inference_mode():
        for batch in batches:
            share, n = accuracy_of(model, batch)
            right, seen = right + float(share) * n, seen + n
    model.train(was_training)
    if seen == 0:
        return 0.0
    return right / seen
