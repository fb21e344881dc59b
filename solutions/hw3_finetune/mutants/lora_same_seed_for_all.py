"""You set a seed for each layer, so that layers of one shape begin with the same A.

Module: lora
Problem: 4
Hint: No manual_seed in the layer: whoever wants to repeat a run sets the seed once, before it.
"""


class LoRALinear(nn.Module):
    def __init__(self, base: nn.Module, rank: int) -> None:
        super().__init__()
        weight = getattr(base, "weight", None)
        if not isinstance(weight, Tensor) or weight.dim() != 2:
            raise TypeError(f"{type(base).__name__} has no weight of two dimensions")
        if rank < 1:
            raise ValueError(f"the rank is at least 1, not {rank}")
        torch.manual_seed(0)
        d_out, d_in = weight.shape if isinstance(base, nn.Linear) else weight.T.shape
        self.base = base.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(d_in, rank, dtype=weight.dtype, device=weight.device) / d_in**0.5)
        self.B = nn.Parameter(torch.zeros(d_out, rank, dtype=weight.dtype, device=weight.device))
