"""A new layer from .data.

Module: lora
"""


class LoRALinear(nn.Module):
    def merged(self):
        W = self.base.weight.detach()
        if not isinstance(self.base, nn.Linear):
            W = W.T
        out = nn.Linear(self.A.shape[0], self.B.shape[0]).to(W)
        out.weight.data = W + self.B.detach() @ self.A.detach().T
        out.bias.data = self.base.bias.detach().clone()
        return out
