"""A tensor; no error.

Module: maml
"""


def mean_and_interval(accuracies):
    a = torch.tensor(accuracies, dtype=torch.double)
    sd = a.std() if len(a) > 1 else torch.tensor(0.0)
    return a.mean().item(), (1.96 * sd / len(a) ** 0.5).item()
