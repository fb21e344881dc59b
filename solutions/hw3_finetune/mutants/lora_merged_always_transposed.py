"""You added B A^T to a Conv1D's weight, which is (d_in, d_out).

Module: lora
Problem: 4
Hint: W + A B^T for a Conv1D.
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        layer = copy.deepcopy(self.base)
        product = self.A @ self.B.T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight += product.T
        return layer
