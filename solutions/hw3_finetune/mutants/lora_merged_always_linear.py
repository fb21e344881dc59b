"""You made an nn.Linear of a Conv1D, too.

Module: lora
Problem: 4
Hint: The merged layer is of the base's kind: code that looks for a Conv1D should find one.
"""


class LoRALinear(nn.Module):
    def merged(self) -> nn.Module:
        base, (d_in, d_out) = self.base, (len(self.A), len(self.B))
        layer = nn.Linear(d_in, d_out, dtype=self.A.dtype, device=self.A.device)
        product = self.A @ self.B.T  # (d_in, d_out)
        with torch.no_grad():
            layer.weight.copy_((base.weight if isinstance(base, nn.Linear) else base.weight.T) + product.T)
            layer.bias.copy_(base.bias)
        return layer
