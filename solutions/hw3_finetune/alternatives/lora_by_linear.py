"""functional.linear, a Kaiming A, and a merged copy.

Module: lora
"""


class LoRALinear(nn.Module):
    def __init__(self, base, rank):
        nn.Module.__init__(self)
        w = getattr(base, "weight", torch.zeros(()))
        if len(w.shape) != 2:
            raise TypeError(type(base))
        if rank < 1:
            raise ValueError(rank)
        rows, columns = w.shape
        if isinstance(base, nn.Linear):
            rows, columns = columns, rows
        A = torch.zeros(rows, rank).to(w)
        nn.init.kaiming_uniform_(A, a=5**0.5)
        self.register_parameter("A", nn.Parameter(A))
        self.register_parameter("B", nn.Parameter(torch.zeros(columns, rank).to(w)))
        base.weight.requires_grad_(False)
        if getattr(base, "bias", None) is not None:
            base.bias.requires_grad_(False)
        self.base = base

    def forward(self, x):
        out = self.base(x)
        update = nn.functional.linear(nn.functional.linear(x, self.A.T), self.B)
        return out + update

    @torch.no_grad()
    def merged(self):
        result = copy.deepcopy(self.base)
        if isinstance(self.base, nn.Linear):
            result.weight.add_(self.B.mm(self.A.t()))
        else:
            result.weight.add_(self.A.mm(self.B.t()))
        return result
