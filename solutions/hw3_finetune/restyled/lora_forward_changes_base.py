"""Adds to .data.

Module: lora
"""


class LoRALinear(nn.Module):
    def forward(self, x):
        change = torch.einsum("ir,or->io", self.A, self.B)
        if isinstance(self.base, nn.Linear):
            change = change.T
        self.base.weight.data.add_(change.data)
        return self.base(x)
