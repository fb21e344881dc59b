"""Functional: reduce over the layers."""

from functools import reduce


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        new = lambda n: nn.Parameter(torch.randn(n, embedding_dim) * embedding_dim**-0.5)
        self.u, self.q = new(num_users), new(num_items)
        self.u_, self.q_ = (self.u, self.q) if shared else (new(num_users), new(num_items))
        self.b = nn.Parameter(torch.zeros(num_items))
        widths = (3 * embedding_dim, *layer_sizes, 1)
        self.layers = nn.ModuleList(map(nn.Linear, widths, widths[1:]))

    def forward(self, user_ids, item_ids):
        dot = torch.einsum("ij,ij->i", self.u[user_ids], self.q[item_ids])
        u, q = self.u_[user_ids], self.q_[item_ids]
        x = torch.cat((u, q, u * q), 1)
        return dot + self.b[item_ids], reduce(lambda h, layer: layer(h), self.layers, x).flatten()
