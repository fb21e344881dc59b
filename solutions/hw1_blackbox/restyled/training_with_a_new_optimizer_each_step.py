"""A helper function for each step.

Module: mann
"""


def _one_step(model, x, y, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    loss = query_loss(model(x, y), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return float(loss)


def train(model, sampler, steps, batch_size, learning_rate):
    model.train()
    out = []
    for _ in range(steps):
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        out.append(_one_step(model, torch.stack(xs), torch.stack(ys), learning_rate))
    return out
