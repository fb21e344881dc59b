"""Tables as plain parameters, indexed by the ids, and the diagonal of all pairs for the inner product."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.shared = shared
        scale = embedding_dim**-0.5
        self.U = nn.Parameter(torch.empty(num_users, embedding_dim).normal_(0, scale))
        self.Q = nn.Parameter(torch.empty(num_items, embedding_dim).normal_(0, scale))
        self.A = nn.Parameter(torch.zeros(num_items, 1))
        if not shared:
            self.U2 = nn.Parameter(torch.randn(num_users, embedding_dim) * scale)
            self.Q2 = nn.Parameter(torch.randn(num_items, embedding_dim) * scale)
        layers, width = [], 3 * embedding_dim
        for size in layer_sizes:
            layers.extend((nn.Linear(width, size), nn.ReLU()))
            width = size
        layers.append(nn.Linear(width, 1))
        self.mlp = nn.Sequential(*layers, nn.Flatten(0))

    def forward(self, user_ids, item_ids):
        u, q = self.U[user_ids], self.Q[item_ids]
        score = torch.diagonal(u @ q.T) + self.A[item_ids].flatten()
        if not self.shared:
            u, q = self.U2[user_ids], self.Q2[item_ids]
        return score, self.mlp(torch.cat([u, q, u * q], dim=1))
