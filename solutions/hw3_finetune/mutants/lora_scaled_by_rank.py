"""You divided the product by the rank; nothing is scaled here.

Module: lora
Problem: 4
Hint: y = base(x) + x A B^T. Papers put alpha / r before it: here alpha = r.
"""


class LoRALinear(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + x @ self.A @ self.B.T / self.A.shape[1]  # (..., d_in) -> (..., r) -> (..., d_out)
