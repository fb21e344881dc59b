"""A for loop over the rows with a running total."""


def interaction_loss(positive, negative):
    # start with a loss of zero
    loss = torch.zeros((), dtype=positive.dtype)
    # add the loss of each row
    for b in range(positive.shape[0]):
        # difference of the scores of row b
        difference = positive[b] - negative[b]
        # 1 - sigmoid
        loss = loss + 1 - torch.sigmoid(difference)
    return loss
