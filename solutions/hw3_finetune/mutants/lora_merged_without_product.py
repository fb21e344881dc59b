"""Your merged layer is the base without the product.

Module: lora
Problem: 4
Hint: What was learned is in A B^T: add it to the weight.
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        layer = copy.deepcopy(self.base)
        return layer
