"""You drew one batch and used it in every step.

Module: mann
Problem: 5
Hint: Draw new episodes inside the loop.
"""


def train(model: nn.Module, sampler: Sampler, steps: int, batch_size: int, learning_rate: float) -> list[float]:
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    episodes = [sampler.sample() for _ in range(batch_size)]
    for _ in range(steps):
        images, labels = (torch.stack(part) for part in zip(*episodes, strict=True))  # B episodes -> (B, K+1, N, ...)
        loss = query_loss(model(images, labels), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
