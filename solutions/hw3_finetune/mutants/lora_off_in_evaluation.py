"""You add the product in training mode only.

Module: lora
Problem: 4
Hint: y = base(x) + x A B^T in both modes: what was learned is needed when the model is used.
"""


class LoRALinear(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + x @ self.A @ self.B.T if self.training else self.base(x)
