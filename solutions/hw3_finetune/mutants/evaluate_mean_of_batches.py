"""You averaged the accuracies of the batches, so that an answer in a small one weighs more.

Module: finetune
Problem: 5
Hint: Sum of share times n, over the sum of n.
"""


def evaluate(model: nn.Module, batches: Iterable[Any], accuracy_of: Measure) -> float:
    was_training = model.training
    model.eval()
    right, seen = 0.0, 0
    with torch.inference_mode():
        for batch in batches:
            share, _n = accuracy_of(model, batch)
            right, seen = right + float(share), seen + 1
    model.train(was_training)
    if seen == 0:
        raise ValueError("there is nothing to evaluate on")
    return right / seen
