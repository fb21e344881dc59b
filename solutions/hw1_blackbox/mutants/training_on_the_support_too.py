"""You trained on the loss of all rows, not on the query loss.

Module: mann
Problem: 5
Hint: Call query_loss.
"""


def train(model: nn.Module, sampler: Sampler, steps: int, batch_size: int, learning_rate: float) -> list[float]:
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        episodes = [sampler.sample() for _ in range(batch_size)]
        images, labels = (torch.stack(part) for part in zip(*episodes, strict=True))  # B episodes -> (B, K+1, N, ...)
        scores = model(images, labels)
        loss = nn.functional.cross_entropy(scores.flatten(0, 2), labels.flatten(0, 2))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
