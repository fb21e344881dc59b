"""A list of layers in one ModuleList, and the same two lines for every one of them."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        rows = {"u": num_users, "q": num_items}
        scale = embedding_dim ** (-1 / 2)
        self.one = nn.ModuleDict({k: nn.Embedding(n, embedding_dim) for k, n in rows.items()})
        self.two = self.one if shared else nn.ModuleDict({k: nn.Embedding(n, embedding_dim) for k, n in rows.items()})
        with torch.no_grad():
            for table in {*self.one.values(), *self.two.values()}:
                table.weight.mul_(scale)  # from N(0, 1) to N(0, 1/d)
        self.bias = nn.Parameter(torch.zeros(num_items))
        widths = [3 * embedding_dim, *layer_sizes, 1]
        self.layers = nn.ModuleList(nn.Linear(widths[k], widths[k + 1]) for k in range(len(widths) - 1))

    def forward(self, user_ids, item_ids):
        u, q = self.one["u"](user_ids), self.one["q"](item_ids)
        score = torch.bmm(u[:, None, :], q[:, :, None])[:, 0, 0] + self.bias[item_ids]
        u, q = self.two["u"](user_ids), self.two["q"](item_ids)
        x = torch.cat([u, q, u * q], dim=1)
        for layer in self.layers:
            x = layer(x)
            x = nn.functional.relu(x)
        return score, x.squeeze(1)
