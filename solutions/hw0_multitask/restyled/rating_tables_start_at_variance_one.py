"""Bare parameters."""


class MultiTaskNet(nn.Module):
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.shared = shared

        def table(rows):
            return nn.Parameter(torch.randn(rows, embedding_dim) / embedding_dim**0.5)

        self.users = table(num_users)
        self.items = table(num_items)
        if not shared:
            self.rating_users = nn.Parameter(torch.randn(num_users, embedding_dim))
            self.rating_items = nn.Parameter(torch.randn(num_items, embedding_dim))
        self.bias = nn.Parameter(torch.zeros(num_items))
        layers = []
        size = 3 * embedding_dim
        for width in layer_sizes:
            layers += [nn.Linear(size, width), nn.ReLU()]
            size = width
        layers.append(nn.Linear(size, 1))
        self.mlp = nn.Sequential(*layers)

    def forward(self, user_ids, item_ids):
        u, q = self.users[user_ids], self.items[item_ids]
        score = (u * q).sum(dim=1) + self.bias[item_ids]
        if not self.shared:
            u, q = self.rating_users[user_ids], self.rating_items[item_ids]
        rating = self.mlp(torch.cat([u, q, u * q], dim=1))
        return score, rating[:, 0]
