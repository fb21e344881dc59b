"""You made a new Adam in each step: it never gets to know how gradients vary.

Module: mann
Problem: 5
Hint: One optimiser for all steps, made before the loop.
"""


def train(model: nn.Module, sampler: Sampler, steps: int, batch_size: int, learning_rate: float) -> list[float]:
    model.train()
    losses = []
    for _ in range(steps):
        episodes = [sampler.sample() for _ in range(batch_size)]
        images, labels = (torch.stack(part) for part in zip(*episodes, strict=True))  # B episodes -> (B, K+1, N, ...)
        loss = query_loss(model(images, labels), labels)
        optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
