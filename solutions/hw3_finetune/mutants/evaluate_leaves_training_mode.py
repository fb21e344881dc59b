"""You always left the model in training mode.

Module: finetune
Problem: 5
Hint: Afterwards it is in the mode that it came in: model.train(was_training).
"""


def evaluate(model: nn.Module, batches: Iterable[Any], accuracy_of: Measure) -> float:
    model.eval()
    right, seen = 0.0, 0
    with torch.inference_mode():
        for batch in batches:
            share, n = accuracy_of(model, batch)
            right, seen = right + float(share) * n, seen + n
    model.train()
    if seen == 0:
        raise ValueError("there is nothing to evaluate on")
    return right / seen
