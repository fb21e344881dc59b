"""All entries of A are equal, so that its columns are one and the same direction.

Module: lora
Problem: 4
Hint: Draw each entry of A by itself: equal columns get equal gradients and stay equal.
"""


class LoRALinear(nn.Module):
    def __init__(self, base: nn.Module, rank: int) -> None:
        super().__init__()
        weight = getattr(base, "weight", None)
        if not isinstance(weight, Tensor) or weight.dim() != 2:
            raise TypeError(f"{type(base).__name__} has no weight of two dimensions")
        if rank < 1:
            raise ValueError(f"the rank is at least 1, not {rank}")
        d_out, d_in = weight.shape if isinstance(base, nn.Linear) else weight.T.shape
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.full((d_in, rank), 0.01, dtype=weight.dtype, device=weight.device))
        self.B = nn.Parameter(torch.zeros(d_out, rank, dtype=weight.dtype, device=weight.device))
