"""The list is made anew in each step.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    model.train()
    opt = torch.optim.Adam(model.parameters(), learning_rate)
    losses = []
    for _ in range(steps):
        losses = []
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        x, y = torch.stack(xs), torch.stack(ys)
        opt.zero_grad()
        loss = query_loss(model(x, y), y)
        loss.backward()
        opt.step()
        losses.append(float(loss))
    return losses
