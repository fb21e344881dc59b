"""The rate as a default of its own.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    lr = 1e-3
    model.train()
    opt = torch.optim.Adam([{"params": list(model.parameters()), "lr": lr}])
    losses = []
    for _ in range(steps):
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        x, y = torch.stack(xs), torch.stack(ys)
        opt.zero_grad()
        loss = query_loss(model(x, y), y)
        loss.backward()
        opt.step()
        losses.append(float(loss))
    return losses
