"""You kept graphs for gradients that nobody needs.

Module: finetune
Problem: 5
Hint: with torch.inference_mode(): around the loop. model.eval() does not do that.
"""


def evaluate(model: nn.Module, batches: Iterable[Any], accuracy_of: Measure) -> float:
    was_training = model.training
    model.eval()
    right, seen = 0.0, 0
    for batch in batches:
        share, n = accuracy_of(model, batch)
        right, seen = right + float(share) * n, seen + n
    model.train(was_training)
    if seen == 0:
        raise ValueError("there is nothing to evaluate on")
    return right / seen
