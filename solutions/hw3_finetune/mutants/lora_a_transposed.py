"""Your A is (r, d_in); here it is (d_in, r).

Module: lora
Problem: 4
Hint: The paper multiplies from the left, B A x; here x stands on the left: x A B^T.
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
        self.A = nn.Parameter(torch.randn(rank, d_in, dtype=weight.dtype, device=weight.device) / d_in**0.5)
        self.B = nn.Parameter(torch.zeros(d_out, rank, dtype=weight.dtype, device=weight.device))

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + x @ self.A.T @ self.B.T  # (..., d_in) -> (..., r) -> (..., d_out)

    def merged(self) -> nn.Module:
        layer = copy.deepcopy(self.base)
        product = (self.B @ self.A).T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight += product.T if isinstance(layer, nn.Linear) else product
        return layer
