"""Evaluates without gradient at the end of a step.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    model.train()
    opt = torch.optim.Adam(model.parameters(), learning_rate)
    losses = []
    for _ in range(steps):
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        x, y = torch.stack(xs), torch.stack(ys)
        opt.zero_grad()
        query_loss(model(x, y), y).backward()
        opt.step()
        with torch.no_grad():
            losses.append(float(query_loss(model(x, y), y)))
    return losses
