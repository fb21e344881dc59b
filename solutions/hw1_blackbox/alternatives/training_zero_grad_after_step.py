"""Clears the gradients first and after each step, fills the batch by index, and makes numbers of losses at the end.

Module: mann
"""


def train(model, sampler, steps, batch_size, learning_rate):
    adam = torch.optim.Adam(model.parameters(), learning_rate)
    model.train(True)
    adam.zero_grad()
    history = []
    for step in range(steps):
        images, labels = [], []
        for b in range(batch_size):
            x, y = sampler.sample()
            images.append(x[None])
            labels.append(y[None])
        images, labels = torch.cat(images), torch.cat(labels)
        loss = query_loss(model(images, labels), labels)
        loss.backward()
        adam.step()
        adam.zero_grad()
        history.append(loss.detach())
    return [float(loss) for loss in history]
