"""The matrix person: U Q^T, as in the slides on matrix factorisation."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.U = nn.Embedding(num_users, embedding_dim)
        self.Q = nn.Embedding(num_items, embedding_dim)
        self.A = nn.Embedding(num_items, 1)
        self.U2 = self.U if shared else nn.Embedding(num_users, embedding_dim)
        self.Q2 = self.Q if shared else nn.Embedding(num_items, embedding_dim)
        for name, table in self.named_children():
            if name == "A":
                nn.init.zeros_(table.weight)
            else:
                nn.init.normal_(table.weight, 0.0, embedding_dim**-0.5)
        layers = [nn.Linear(3 * embedding_dim, layer_sizes[0]), nn.ReLU()]
        for k in range(len(layer_sizes) - 1):
            layers += [nn.Linear(layer_sizes[k], layer_sizes[k + 1]), nn.ReLU()]
        layers += [nn.Linear(layer_sizes[-1], 1)]
        self.MLP = nn.Sequential(*layers)

    def forward(self, user_ids, item_ids):
        U, Q, A = self.U(user_ids), self.Q(item_ids), self.A(item_ids)
        score = torch.matmul(U, Q.transpose(0, 1)) + A.squeeze(1)
        U, Q = self.U2(user_ids), self.Q2(item_ids)
        rating = self.MLP(torch.cat([U, Q, U * Q], dim=1)).squeeze(1)
        return score, rating
