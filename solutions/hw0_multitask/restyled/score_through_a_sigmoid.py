"""Takes the score for a probability; a sigmoid module at its end."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.pairs = nn.ModuleList()
        while len(self.pairs) < (1 if shared else 2):
            pair = nn.ModuleList([nn.Embedding(num_users, embedding_dim), nn.Embedding(num_items, embedding_dim)])
            for table in pair:
                table.weight.data /= embedding_dim**0.5
            self.pairs.append(pair)
        self.item_bias = nn.Parameter(torch.zeros(num_items))
        self.to_probability = nn.Sigmoid()
        width, mlp = 3 * embedding_dim, nn.Sequential()
        for size in layer_sizes:
            mlp.append(nn.Linear(width, size)).append(nn.ReLU())
            width = size
        self.mlp = mlp.append(nn.Linear(width, 1))

    def forward(self, user_ids, item_ids):
        user, item = [table(ids) for table, ids in zip(self.pairs[0], (user_ids, item_ids))]
        interaction = self.to_probability((user * item).sum(dim=1) + self.item_bias[item_ids])
        user, item = [table(ids) for table, ids in zip(self.pairs[-1], (user_ids, item_ids))]
        rating = self.mlp(torch.cat([user, item, user * item], dim=1))
        return interaction, rating.view(len(rating))
