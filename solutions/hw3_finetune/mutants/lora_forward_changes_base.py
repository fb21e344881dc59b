"""Your forward writes the product into the base's weight.

Module: lora
Problem: 4
Hint: The base stays as it is: compute x A B^T beside it each time.
"""


class LoRALinear(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        product = self.A @ self.B.T
        with torch.no_grad():
            self.base.weight += product.T if isinstance(self.base, nn.Linear) else product
        return self.base(x)  # (..., d_in) -> (..., r) -> (..., d_out)
