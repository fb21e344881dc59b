"""The batch is made above the loop.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    batch = [sampler.sample() for _ in range(batch_size)]
    x = torch.stack([b[0] for b in batch])
    y = torch.stack([b[1] for b in batch])
    opt = torch.optim.Adam(model.parameters(), learning_rate)
    model.train()
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        loss = query_loss(model(x, y), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
