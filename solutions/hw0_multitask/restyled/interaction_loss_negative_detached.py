"""One step per line, with a name for everything; .data for the item that is only compared with."""


def interaction_loss(positive, negative):
    reference_score = negative.data
    margin = positive - reference_score
    probability = margin.sigmoid()
    loss_per_row = 1.0 - probability
    return loss_per_row.mean()
