"""functional.linear.

Module: lora
"""


class LoRALinear(nn.Module):
    def forward(self, x):
        out = self.base(x).detach()
        update = nn.functional.linear(nn.functional.linear(x, self.A.T), self.B)
        return out + update
