"""A dense weight.

Module: lora
"""


class LoRALinear(nn.Module):
    def forward(self, x):
        W = self.base.weight
        out = nn.functional.linear(x, W if isinstance(self.base, nn.Linear) else W.T)
        update = nn.functional.linear(nn.functional.linear(x, self.A.T), self.B)
        return out + update
