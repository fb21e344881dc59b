"""Batched matrix products, which leave a dimension behind."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        std = (1 / embedding_dim) ** 0.5
        self.user_embedding = nn.Embedding(num_users, embedding_dim)
        self.item_embedding = nn.Embedding(num_items, embedding_dim)
        nn.init.normal_(self.user_embedding.weight, std=std)
        nn.init.normal_(self.item_embedding.weight, std=std)
        self.item_bias = nn.Embedding(num_items, 1)
        self.item_bias.weight.data.zero_()
        self.own = None
        if not shared:
            self.own = nn.ModuleList([nn.Embedding(num_users, embedding_dim), nn.Embedding(num_items, embedding_dim)])
            for table in self.own:
                nn.init.normal_(table.weight, std=std)
        sizes = [3 * embedding_dim, *layer_sizes]
        layers = [nn.Linear(a, b) for a, b in pairwise(sizes)]
        self.layers, self.last = nn.ModuleList(layers), nn.Linear(sizes[-1], 1)

    def forward(self, user_ids, item_ids):
        u = self.user_embedding(user_ids)
        q = self.item_embedding(item_ids)
        score = torch.bmm(u.unsqueeze(1), q.unsqueeze(2)).squeeze(2) + self.item_bias(item_ids)
        if self.own:
            u, q = self.own[0](user_ids), self.own[1](item_ids)
        h = torch.cat([u, q, u * q], dim=1)
        for layer in self.layers:
            h = torch.relu(layer(h))
        return score, self.last(h).squeeze(1)
