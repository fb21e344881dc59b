"""You merged into the base itself, so that the layer counts the product twice from then on.

Module: lora
Problem: 4
Hint: Merge into a copy: copy.deepcopy(self.base).
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        layer = self.base
        product = self.A @ self.B.T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight += product.T if isinstance(layer, nn.Linear) else product
        return layer
