"""Your merged layer has no bias.

Module: lora
Problem: 4
Hint: Copy the bias of the base as well.
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        layer = copy.deepcopy(self.base)
        product = self.A @ self.B.T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight += product.T if isinstance(layer, nn.Linear) else product
        layer.bias = nn.Parameter(torch.zeros_like(layer.bias), requires_grad=False)
        return layer
