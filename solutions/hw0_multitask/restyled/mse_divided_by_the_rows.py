"""In one line."""


def mean_squared_error(predicted, observed):
    if predicted.shape != observed.shape:
        raise ValueError("shapes differ")
    return ((predicted - observed) ** 2).sum().item() / len(predicted)
