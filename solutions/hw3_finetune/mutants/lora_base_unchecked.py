"""You did not look whether the base has a weight of two dimensions.

Module: lora
Problem: 4
Hint: Raise TypeError for a dropout or a layer norm, before its weight is used.
"""


class LoRALinear(nn.Module):
    def __init__(self, base: nn.Module, rank: int) -> None:
        super().__init__()
        weight = base.weight
        if rank < 1:
            raise ValueError(f"the rank is at least 1, not {rank}")
        d_out, d_in = weight.shape if isinstance(base, nn.Linear) else weight.T.shape
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(d_in, rank, dtype=weight.dtype, device=weight.device) / d_in**0.5)
        self.B = nn.Parameter(torch.zeros(d_out, rank, dtype=weight.dtype, device=weight.device))
