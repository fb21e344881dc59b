"""A factory function outside of the class; randn divided by d."""


def make_table(rows, dim):
    # N(0, 1/d)
    table = nn.Embedding(rows, dim)
    table.weight = nn.Parameter(torch.randn(rows, dim) / dim)
    return table


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.score_tables = nn.ModuleList([make_table(num_users, embedding_dim), make_table(num_items, embedding_dim)])
        if shared:
            self.rating_tables = self.score_tables
        else:
            self.rating_tables = nn.ModuleList(make_table(n, embedding_dim) for n in (num_users, num_items))
        self.item_bias = nn.Parameter(torch.zeros(num_items))
        inputs = [3 * embedding_dim, *layer_sizes]
        outputs = [*layer_sizes, 1]
        self.layers = nn.ModuleList([nn.Linear(n, m) for n, m in zip(inputs, outputs)])

    def forward(self, user_ids, item_ids):
        u, q = self.score_tables[0](user_ids), self.score_tables[1](item_ids)
        score = (u * q).sum(dim=1) + self.item_bias[item_ids]
        u, q = self.rating_tables[0](user_ids), self.rating_tables[1](item_ids)
        x = self.layers[0](torch.cat([u, q, u * q], dim=1))
        for layer in self.layers[1:]:
            x = layer(torch.relu(x))
        return score, x.squeeze(1)
