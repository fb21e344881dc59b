"""Your merged layer shares its bias with the base.

Module: lora
Problem: 4
Hint: If one is trained on, the other changes: copy the bias as well.
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        layer = copy.deepcopy(self.base)
        product = self.A @ self.B.T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight += product.T if isinstance(layer, nn.Linear) else product
        layer.bias = self.base.bias
        return layer
