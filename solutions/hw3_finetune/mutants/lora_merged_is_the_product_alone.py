"""The weight of your merged layer is the product alone.

Module: lora
Problem: 4
Hint: The base's weight plus the product.
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        layer = copy.deepcopy(self.base)
        product = self.A @ self.B.T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight.copy_(product.T if isinstance(layer, nn.Linear) else product)
        return layer
