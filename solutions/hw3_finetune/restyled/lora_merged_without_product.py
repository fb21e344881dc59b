"""mm, not in place.

Module: lora
"""


class LoRALinear(nn.Module):
    @torch.no_grad()
    def merged(self):
        result = copy.deepcopy(self.base)
        if isinstance(self.base, nn.Linear):
            result.weight.add(self.B.mm(self.A.t()))
        else:
            result.weight.add(self.A.mm(self.B.t()))
        return result
