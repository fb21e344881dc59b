"""You left out base(x).

Module: lora
Problem: 4
Hint: The product is added to what the base computes.
"""


class LoRALinear(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x @ self.A @ self.B.T  # (..., d_in) -> (..., r) -> (..., d_out)
