"""One forward pass over rated and negative items, and all outputs used."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    count, means = 0, torch.zeros(3, dtype=torch.float64)
    for u, pos, neg, r in batches:
        optimizer.zero_grad()
        s, r_hat = net(torch.hstack([u, u]), torch.hstack([pos, neg]))
        s_pos, s_neg = torch.split(s, len(u))
        l1 = interaction_loss(s_pos, s_neg)
        l2 = rating_loss(r_hat, torch.hstack([r, r]))
        l = total_loss([l1, l2], weights)
        l.backward()
        optimizer.step()
        count += 1
        means += (torch.tensor([l1.item(), l2.item(), l.item()], dtype=torch.float64) - means) / count
    if count == 0:
        raise ValueError("got zero batches")
    return {"interaction": means[0].item(), "rating": means[1].item(), "total": means[2].item()}
