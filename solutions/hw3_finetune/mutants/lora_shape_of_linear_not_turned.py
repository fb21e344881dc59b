"""For an nn.Linear you mixed up d_in and d_out: its weight is (d_out, d_in).

Module: lora
Problem: 4
Hint: A has as many rows as the layer has inputs: base.in_features.
"""


class LoRALinear(nn.Module):
    def __init__(self, base: nn.Module, rank: int) -> None:
        super().__init__()
        weight = getattr(base, "weight", None)
        if not isinstance(weight, Tensor) or weight.dim() != 2:
            raise TypeError(f"{type(base).__name__} has no weight of two dimensions")
        if rank < 1:
            raise ValueError(f"the rank is at least 1, not {rank}")
        d_in, d_out = weight.shape
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(d_in, rank, dtype=weight.dtype, device=weight.device) / d_in**0.5)
        self.B = nn.Parameter(torch.zeros(d_out, rank, dtype=weight.dtype, device=weight.device))
