"""Hidden layers collected with append, and a last one."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.user_table = nn.Embedding(num_users, embedding_dim)
        self.item_table = nn.Embedding(num_items, embedding_dim)
        self.user_table_2 = nn.Embedding(num_users, embedding_dim) if not shared else self.user_table
        self.item_table_2 = nn.Embedding(num_items, embedding_dim) if not shared else self.item_table
        for m in self.modules():
            if isinstance(m, nn.Embedding):
                nn.init.normal_(m.weight, std=(1.0 / embedding_dim) ** 0.5)
        self.bias = nn.Parameter(torch.zeros((num_items,)))
        self.mlp = []
        in_features = 3 * embedding_dim
        for out_features in layer_sizes:
            self.mlp.append(nn.Linear(in_features, out_features))
            self.mlp.append(nn.ReLU())
            in_features = out_features
        self.mlp.append(nn.Linear(in_features, 1))

    def forward(self, user_ids, item_ids):
        a, b = self.user_table(user_ids), self.item_table(item_ids)
        score = (a * b).sum(dim=-1).add(self.bias[item_ids])
        a, b = self.user_table_2(user_ids), self.item_table_2(item_ids)
        rating = torch.cat((a, b, a.mul(b)), dim=-1)
        for module in self.mlp:
            rating = module(rating)
        return score, rating[:, 0]
