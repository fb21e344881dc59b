"""init by functions.

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
        if isinstance(base, nn.Linear):
            d_in, d_out = base.in_features, base.out_features
        else:
            d_in, d_out = base.weight.shape
        kw = {"dtype": base.weight.dtype, "device": base.weight.device}
        self.A = nn.Parameter(torch.empty(d_in, rank, **kw))
        self.B = nn.Parameter(torch.empty(d_out, rank, **kw))
        nn.init.normal_(self.A, std=0.02)
        nn.init.zeros_(self.B)
