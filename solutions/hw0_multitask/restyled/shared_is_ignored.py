"""One trunk of embeddings, two heads, and an argument that is stored."""


class Embeddings(nn.Module):
    def __init__(self, num_users, num_items, dim):
        super().__init__()
        self.users = nn.Parameter(torch.randn(num_users, dim) * dim**-0.5)
        self.items = nn.Parameter(torch.randn(num_items, dim) * dim**-0.5)

    def forward(self, user_ids, item_ids):
        return self.users[user_ids], self.items[item_ids]


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.shared = shared
        self.trunk = Embeddings(num_users, num_items, embedding_dim)
        self.bias = nn.Parameter(torch.zeros(num_items))
        head, width = [], 3 * embedding_dim
        for size in layer_sizes:
            head.append(nn.Linear(width, size))
            head.append(nn.ReLU())
            width = size
        head.append(nn.Linear(width, 1))
        self.rating_head = nn.Sequential(*head)

    def score_head(self, u, q, item_ids):
        return (u * q).sum(dim=1) + self.bias[item_ids]

    def forward(self, user_ids, item_ids):
        u, q = self.trunk(user_ids, item_ids)
        return self.score_head(u, q, item_ids), self.rating_head(torch.cat([u, q, u * q], dim=1)).squeeze(1)
