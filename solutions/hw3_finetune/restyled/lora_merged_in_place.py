"""mm.

Module: lora
"""


class LoRALinear(nn.Module):
    @torch.no_grad()
    def merged(self):
        result = self.base
        if isinstance(self.base, nn.Linear):
            result.weight.add_(self.B.mm(self.A.t()))
        else:
            result.weight.add_(self.A.mm(self.B.t()))
        return result
