"""What each worker would otherwise import by itself: PyTorch, and what its first optimiser brings in."""

from __future__ import annotations


def pytorch() -> None:
    """Takes seconds, once: in the fork server before it forks, or in a spawned worker before it says hello."""
    import torch
    import torch._dynamo

    torch.manual_seed(0)
    net = torch.nn.Linear(2, 1)
    optimiser = torch.optim.AdamW(net.parameters())
    torch.nn.functional.mse_loss(net(torch.ones(1, 2)), torch.ones(1, 1)).backward()  # type: ignore[no-untyped-call]
    optimiser.step()
