"""Forward and backward only, no optimiser at all.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    model.train()
    losses = []
    for _ in range(steps):
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        x, y = torch.stack(xs), torch.stack(ys)
        model.zero_grad()
        loss = query_loss(model(x, y), y)
        loss.backward()
        losses.append(float(loss))
    return losses
