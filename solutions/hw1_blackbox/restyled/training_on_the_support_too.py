"""The sum of log-probabilities over everything.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    opt = torch.optim.Adam(model.parameters(), learning_rate)
    model.train()
    losses = []
    for _ in range(steps):
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        x, y = torch.stack(xs), torch.stack(ys)
        opt.zero_grad()
        loss = -(model(x, y).log_softmax(-1) * y).sum() / y.sum()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
