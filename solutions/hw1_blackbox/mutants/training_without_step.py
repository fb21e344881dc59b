"""Your training changes nothing: optimizer.step() is missing, or backward() before it.

Module: mann
Problem: 5
Hint: optimizer.step() after loss.backward().
"""


def train(model: nn.Module, sampler: Sampler, steps: int, batch_size: int, learning_rate: float) -> list[float]:
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        episodes = [sampler.sample() for _ in range(batch_size)]
        images, labels = (torch.stack(part) for part in zip(*episodes, strict=True))  # B episodes -> (B, K+1, N, ...)
        loss = query_loss(model(images, labels), labels)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses
