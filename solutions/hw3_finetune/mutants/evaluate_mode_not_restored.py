"""You left the model in evaluation mode.

Module: finetune
Problem: 5
Hint: Remember model.training before, and set it again at the end.
"""


def evaluate(model: nn.Module, batches: Iterable[Any], accuracy_of: Measure) -> float:
    model.eval()
    right, seen = 0.0, 0
    with torch.inference_mode():
        for batch in batches:
            share, n = accuracy_of(model, batch)
            right, seen = right + float(share) * n, seen + n
    if seen == 0:
        raise ValueError("there is nothing to evaluate on")
    return right / seen
