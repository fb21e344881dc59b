"""The base's bias is lost.

Module: lora
Problem: 4
Hint: Call the base itself: base(x) has the bias in it.
"""


class LoRALinear(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return (
            x @ (self.base.weight.T if isinstance(self.base, nn.Linear) else self.base.weight) + x @ self.A @ self.B.T
        )  # (..., d_in) -> (..., r) -> (..., d_out)
