"""No gradient reaches your factors.

Module: lora
Problem: 4
Hint: No .data, no .detach(): A and B are what is learned.
"""


class LoRALinear(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + x @ self.A.data @ self.B.data.T  # (..., d_in) -> (..., r) -> (..., d_out)
