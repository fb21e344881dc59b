"""Rows and columns.

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
        A = torch.zeros(rows, rank).to(w)
        nn.init.kaiming_uniform_(A, a=5**0.5)
        self.register_parameter("A", nn.Parameter(A))
        self.register_parameter("B", nn.Parameter(torch.zeros(columns, rank).to(w)))
        base.weight.requires_grad_(False)
        if getattr(base, "bias", None) is not None:
            base.bias.requires_grad_(False)
        self.base = base
