"""One step per line."""


def mean_squared_error(predicted, observed):
    if predicted.size() != observed.size():
        raise ValueError("predicted and observed must have the same size")
    error = torch.sub(predicted, observed)
    error = torch.mean(error)
    squared = torch.square(error)
    return float(squared)
