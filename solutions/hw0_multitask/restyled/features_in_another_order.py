"""A pair of tables as a module of its own; stack and flatten for the features."""


class Pair(nn.Module):
    def __init__(self, num_users, num_items, dim):
        super().__init__()
        self.user = nn.Embedding(num_users, dim)
        self.item = nn.Embedding(num_items, dim)
        for table in self.children():
            nn.init.normal_(table.weight, mean=0.0, std=dim**-0.5)

    def forward(self, user_ids, item_ids):
        return self.user(user_ids), self.item(item_ids)


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.ranking = Pair(num_users, num_items, embedding_dim)
        self.rating = self.ranking if shared else Pair(num_users, num_items, embedding_dim)
        self.bias = nn.Embedding(num_items, 1)
        nn.init.constant_(self.bias.weight, 0)
        sizes = [3 * embedding_dim, *layer_sizes]
        self.hidden = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.out = nn.Linear(sizes[-1], 1)

    def forward(self, user_ids, item_ids):
        user, item = self.ranking(user_ids, item_ids)
        score = torch.sum(user * item, -1) + self.bias(item_ids)[:, 0]
        user, item = self.rating(user_ids, item_ids)
        h = torch.stack([user * item, user, item], dim=1).flatten(start_dim=1)
        for layer in self.hidden:
            h = layer(h).relu()
        return score, self.out(h)[:, 0]
