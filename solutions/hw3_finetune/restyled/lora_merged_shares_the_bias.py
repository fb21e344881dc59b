"""A new layer from .data.

Module: lora
"""


class LoRALinear(nn.Module):
    def merged(self):
        delta = (self.B @ self.A.T).detach()
        if isinstance(self.base, nn.Linear):
            new = nn.Linear(delta.shape[1], delta.shape[0], bias=self.base.bias is not None).to(self.base.weight)
            new.weight.data = self.base.weight.data + delta
            if self.base.bias is not None:
                new.bias.data = self.base.bias.data
        else:
            new = copy.copy(self.base)
            new._parameters = dict(self.base._parameters)
            new.weight = nn.Parameter(self.base.weight.detach().clone())
            new.weight.data = new.weight.data + delta.T
        return new
