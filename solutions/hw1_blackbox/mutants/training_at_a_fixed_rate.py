"""You trained with a learning rate of your own; the argument has no effect.

Module: mann
Problem: 5
Hint: Pass learning_rate to the optimiser.
"""


def train(model: nn.Module, sampler: Sampler, steps: int, batch_size: int, learning_rate: float) -> list[float]:
    model.train()
    optimizer = torch.optim.Adam(model.parameters())
    losses = []
    for _ in range(steps):
        episodes = [sampler.sample() for _ in range(batch_size)]
        images, labels = (torch.stack(part) for part in zip(*episodes, strict=True))  # B episodes -> (B, K+1, N, ...)
        loss = query_loss(model(images, labels), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
