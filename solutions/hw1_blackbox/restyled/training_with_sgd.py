"""Gradient descent by hand.

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
        with torch.no_grad():
            for p in model.parameters():
                p -= learning_rate * p.grad
        losses.append(loss.item())
    return losses
