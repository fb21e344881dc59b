"""A begins as 0 and B random; it is the other way round.

Module: lora
Problem: 4
Hint: A is random, so that the layer looks at its input in r directions; B is 0.
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
        self.A = nn.Parameter(torch.zeros(d_in, rank, dtype=weight.dtype, device=weight.device))
        self.B = nn.Parameter(torch.randn(d_out, rank, dtype=weight.dtype, device=weight.device) / d_out**0.5)
