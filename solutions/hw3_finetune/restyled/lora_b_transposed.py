"""matmul.

Module: lora
"""


class LoRALinear(nn.Module):
    def __init__(self, base, rank):
        super().__init__()
        if not hasattr(base, "weight") or base.weight.ndim != 2:
            raise TypeError("base must have a weight matrix")
        if rank <= 0:
            raise ValueError("rank must be positive")
        self.base = base
        for p in self.base.parameters():
            p.requires_grad = False
        if isinstance(base, nn.Linear):
            d_in, d_out = base.in_features, base.out_features
        else:
            d_in, d_out = base.weight.shape
        kw = {"dtype": base.weight.dtype, "device": base.weight.device}
        self.A = nn.Parameter(torch.empty(d_in, rank, **kw))
        self.B = nn.Parameter(torch.empty(rank, d_out, **kw))
        nn.init.normal_(self.A, std=0.02)
        nn.init.zeros_(self.B)

    def forward(self, x):
        y = self.base(x)
        low = torch.einsum("...i,ir->...r", x, self.A)
        return y + torch.einsum("...r,ro->...o", low, self.B)

    def merged(self):
        delta = (self.A @ self.B).T.detach()
        if isinstance(self.base, nn.Linear):
            new = nn.Linear(delta.shape[1], delta.shape[0], bias=self.base.bias is not None).to(self.base.weight)
            new.weight.data = self.base.weight.data + delta
            if self.base.bias is not None:
                new.bias.data = self.base.bias.data.clone()
        else:
            new = copy.deepcopy(self.base)
            new.weight.data = new.weight.data + delta.T
        return new
