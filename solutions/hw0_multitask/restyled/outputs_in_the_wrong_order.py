"""A method for each output."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.users = self._table(num_users, embedding_dim)
        self.items = self._table(num_items, embedding_dim)
        self.users_r = self.users if shared else self._table(num_users, embedding_dim)
        self.items_r = self.items if shared else self._table(num_items, embedding_dim)
        self.bias = nn.Parameter(torch.zeros(num_items))
        self.mlp = self._mlp([3 * embedding_dim, *layer_sizes])

    @staticmethod
    def _table(rows, dim):
        return nn.Embedding(rows, dim, _weight=torch.randn(rows, dim).div(dim**0.5))

    @staticmethod
    def _mlp(widths):
        hidden = [m for a, b in pairwise(widths) for m in (nn.Linear(a, b), nn.ReLU())]
        return nn.Sequential(*hidden, nn.Linear(widths[-1], 1), nn.Flatten(0))

    def interaction(self, user_ids, item_ids):
        return (self.users(user_ids) * self.items(item_ids)).sum(1) + self.bias[item_ids]

    def rating(self, user_ids, item_ids):
        u, q = self.users_r(user_ids), self.items_r(item_ids)
        return self.mlp(torch.cat([u, q, u * q], 1))

    def forward(self, user_ids, item_ids):
        return self.rating(user_ids, item_ids), self.interaction(user_ids, item_ids)
