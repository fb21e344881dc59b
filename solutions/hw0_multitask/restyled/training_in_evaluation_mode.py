"""Classes for everything: a meter for each loss."""


class AverageMeter:
    """The mean of what it was given."""

    def __init__(self):
        self.sum, self.n = 0.0, 0

    def update(self, value):
        self.sum += float(value)
        self.n += 1

    @property
    def mean(self):
        return self.sum / self.n


def train_epoch(net, batches, optimizer, weights):
    meters = {name: AverageMeter() for name in ("interaction", "rating", "total")}
    for u, i, j, r in batches:
        s_i, r_i = net(u, i)
        s_j, _ = net(u, j)
        losses = {"interaction": interaction_loss(s_i, s_j), "rating": rating_loss(r_i, r)}
        losses["total"] = total_loss(list(losses.values()), weights)
        optimizer.zero_grad()
        losses["total"].backward()
        optimizer.step()
        for name, meter in meters.items():
            meter.update(losses[name].detach())
    if meters["total"].n == 0:
        raise ValueError("no batches were given")
    return {name: meter.mean for name, meter in meters.items()}
