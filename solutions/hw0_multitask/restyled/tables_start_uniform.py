"""A separate method for the initialisation, with torch.rand between -1/sqrt(d) and 1/sqrt(d)."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.user_emb_score = nn.Embedding(num_users, embedding_dim)
        self.item_emb_score = nn.Embedding(num_items, embedding_dim)
        self.user_emb_rating = nn.Embedding(num_users, embedding_dim) if not shared else self.user_emb_score
        self.item_emb_rating = nn.Embedding(num_items, embedding_dim) if not shared else self.item_emb_score
        self.bias = nn.Parameter(torch.zeros(num_items))
        layers = []
        for size in layer_sizes:
            layers.append(nn.Linear(layers[-2].out_features if layers else 3 * embedding_dim, size))
            layers.append(nn.ReLU())
        self.mlp = nn.Sequential(*layers, nn.Linear(layer_sizes[-1], 1))
        self.reset_parameters()

    def reset_parameters(self):
        for module in self.modules():
            if isinstance(module, nn.Embedding):
                bound = module.embedding_dim**-0.5
                module.weight.data = bound * (2 * torch.rand(module.weight.shape) - 1)

    def forward(self, user_ids, item_ids):
        a, b = self.user_emb_score(user_ids), self.item_emb_score(item_ids)
        score = torch.einsum("nk,nk->n", [a, b]) + self.bias[item_ids]
        a, b = self.user_emb_rating(user_ids), self.item_emb_rating(item_ids)
        return score, self.mlp(torch.hstack([a, b, a * b])).squeeze(-1)
