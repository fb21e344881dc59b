"""You clear the gradients after each step only: the first one adds what was there before.

Module: mann
Problem: 5
Hint: optimizer.zero_grad() before backward.
"""


def train(model: nn.Module, sampler: Sampler, steps: int, batch_size: int, learning_rate: float) -> list[float]:
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        episodes = [sampler.sample() for _ in range(batch_size)]
        images, labels = (torch.stack(part) for part in zip(*episodes, strict=True))  # B episodes -> (B, K+1, N, ...)
        loss = query_loss(model(images, labels), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses
