"""train(False), by mistake.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    opt = torch.optim.Adam(model.parameters(), learning_rate)
    losses = []
    for _ in range(steps):
        model.train(False)
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        x, y = torch.stack(xs), torch.stack(ys)
        opt.zero_grad()
        loss = query_loss(model(x, y), y)
        loss.backward()
        opt.step()
        losses.append(float(loss))
    return losses
