"""You added A B^T to an nn.Linear's weight, which is (d_out, d_in).

Module: lora
Problem: 4
Hint: W + B A^T for an nn.Linear: transpose the product.
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        layer = copy.deepcopy(self.base)
        product = self.A @ self.B.T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight += product
        return layer
