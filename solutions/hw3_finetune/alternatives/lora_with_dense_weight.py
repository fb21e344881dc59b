"""Makes the dense weight, and computes with the merged layer's own forward.

Module: lora
"""


class LoRALinear(nn.Module):
    def __init__(self, base, rank):
        super().__init__()
        weight = getattr(base, "weight", None)
        if weight is None or weight.ndim != 2:
            raise TypeError("only layers with a weight matrix")
        if rank < 1:
            raise ValueError("rank")
        self.base = base
        self.linear = isinstance(base, nn.Linear)
        shape = tuple(weight.shape)[::-1] if self.linear else tuple(weight.shape)
        self.A = nn.Parameter(weight.new_empty(shape[0], rank).uniform_(-0.1, 0.1))
        self.B = nn.Parameter(weight.new_zeros(shape[1], rank))
        base.requires_grad_(False)

    def forward(self, x):
        product = self.A @ self.B.T
        weight = self.base.weight + (product.T if self.linear else product)
        others = {name: value for name, value in self.base.named_parameters() if name != "weight"}
        return torch.func.functional_call(self.base, {"weight": weight, **others}, (x,))

    def merged(self):
        layer = copy.deepcopy(self.base)
        with torch.no_grad():
            layer.weight.copy_(
                self.base.weight + torch.mm(self.A, self.B.T).T.reshape(layer.weight.shape)
                if self.linear
                else self.base.weight + torch.mm(self.A, self.B.T)
            )
        return layer
