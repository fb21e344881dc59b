"""While loop.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    model.train()
    opt = torch.optim.Adam(model.parameters(), lr=learning_rate)
    history = []
    while len(history) < steps:
        xs, ys = zip(*[sampler.sample() for _ in range(batch_size)])
        x, y = torch.stack(xs), torch.stack(ys)
        loss = query_loss(model(x, y), y)
        loss.backward()
        opt.step()
        history += [loss.item()]
    return history
