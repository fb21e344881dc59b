"""From the library: nn.L1Loss."""


def rating_loss(predicted, observed):
    criterion = nn.L1Loss(reduction="mean")
    return criterion(predicted, observed)
