"""repeat.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    opt = torch.optim.Adam(model.parameters(), learning_rate)
    model.train()
    losses = []
    for _ in range(steps):
        x, y = sampler.sample()
        x, y = x.repeat(batch_size, 1, 1, 1), y.repeat(batch_size, 1, 1, 1)
        opt.zero_grad()
        loss = query_loss(model(x, y), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
