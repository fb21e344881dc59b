"""You multiplied by B first; it is A that takes the d_in inputs.

Module: lora
Problem: 4
Hint: x (..., d_in) A (d_in, r) B^T (r, d_out).
"""


class LoRALinear(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + x @ self.B @ self.A.T  # (..., d_in) -> (..., r) -> (..., d_out)
