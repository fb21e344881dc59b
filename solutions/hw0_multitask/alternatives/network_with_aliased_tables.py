"""One table under two names, the output layer registered first, the last dimension squeezed or indexed."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.last = nn.Linear(layer_sizes[-1], 1)
        widths = [3 * embedding_dim] + list(layer_sizes)
        self.hidden = nn.Sequential()
        for i in range(len(layer_sizes)):
            self.hidden.add_module(f"linear{i}", nn.Linear(widths[i], widths[i + 1]))
            self.hidden.add_module(f"relu{i}", nn.ReLU(inplace=True))
        self.bias = nn.Parameter(torch.zeros(1, num_items))
        self.tables = nn.ModuleDict()
        self.tables["rating_user"] = nn.Embedding(num_users, embedding_dim)
        self.tables["rating_item"] = nn.Embedding(num_items, embedding_dim)
        for name, rows in (("user", num_users), ("item", num_items)):
            alias = self.tables[f"rating_{name}"] if shared else nn.Embedding(rows, embedding_dim)
            self.tables[f"score_{name}"] = alias
        for table in self.tables.values():
            table.weight.data = torch.randn_like(table.weight) / embedding_dim**0.5

    def forward(self, user_ids, item_ids):
        u, q = self.tables["rating_user"](user_ids), self.tables["rating_item"](item_ids)
        rating = self.last(self.hidden(torch.hstack([u, q, u * q])))[:, 0]
        u, q = self.tables["score_user"](user_ids), self.tables["score_item"](item_ids)
        score = torch.bmm(u.unsqueeze(1), q.unsqueeze(2)).squeeze() + self.bias[0, item_ids]
        return score, rating
