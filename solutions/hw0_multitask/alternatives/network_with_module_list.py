"""ModuleList, functional ReLU, einsum, view(-1), and the item bias as an embedding of one column."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        pairs = 1 if shared else 2
        self.users = nn.ModuleList(nn.Embedding(num_users, embedding_dim) for _ in range(pairs))
        self.items = nn.ModuleList(nn.Embedding(num_items, embedding_dim) for _ in range(pairs))
        for table in [*self.users, *self.items]:
            nn.init.normal_(table.weight, 0.0, (1 / embedding_dim) ** 0.5)
        self.bias = nn.Embedding(num_items, 1)
        nn.init.zeros_(self.bias.weight)
        self.layers = nn.ModuleList()
        width = 3 * embedding_dim
        for size in layer_sizes:
            self.layers.append(nn.Linear(width, size))
            width = size
        self.last = nn.Linear(width, 1)

    def forward(self, user_ids, item_ids):
        u, q = self.users[0](user_ids), self.items[0](item_ids)
        score = torch.einsum("bd,bd->b", u, q) + self.bias(item_ids).view(-1)
        u, q = self.users[-1](user_ids), self.items[-1](item_ids)
        x = torch.cat((u, q, u * q), -1)
        for layer in self.layers:
            x = torch.relu(layer(x))
        return score, self.last(x).view(-1)
