"""A local function does the work of a batch; the loop only collects."""


def train_epoch(net, batches, optimizer, weights):
    def process(users, items, negatives, ratings):
        net.zero_grad()
        pos, guess = net(users, items)
        neg, _ = net(users, negatives)
        parts = interaction_loss(pos, neg), rating_loss(guess, ratings)
        whole = total_loss(parts, weights)
        whole.backward()
        return [part.item() for part in (*parts, whole)]

    net.train()
    rows = [process(*batch) for batch in batches]
    if rows == []:
        raise ValueError("no data in this epoch")
    optimizer.step()
    columns = list(zip(*rows))
    return {
        "interaction": sum(columns[0]) / len(rows),
        "rating": sum(columns[1]) / len(rows),
        "total": sum(columns[2]) / len(rows),
    }
