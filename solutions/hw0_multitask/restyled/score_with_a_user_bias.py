"""Matrix factorisation as in the blog posts, with both biases as embeddings."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.user_factors = nn.Embedding(num_users, embedding_dim)
        self.item_factors = nn.Embedding(num_items, embedding_dim)
        self.user_biases = nn.Embedding(num_users, 1)
        self.item_biases = nn.Embedding(num_items, 1)
        self.user_biases.weight.data.fill_(0)
        self.item_biases.weight.data.fill_(0)
        factors = [self.user_factors, self.item_factors]
        if not shared:
            self.user_factors_rating = nn.Embedding(num_users, embedding_dim)
            self.item_factors_rating = nn.Embedding(num_items, embedding_dim)
            factors += [self.user_factors_rating, self.item_factors_rating]
        for f in factors:
            f.weight.data.normal_(mean=0, std=1 / embedding_dim**0.5)
        self.shared = shared
        seq, inp = [], 3 * embedding_dim
        for outp in layer_sizes:
            seq += [nn.Linear(inp, outp), nn.ReLU()]
            inp = outp
        self.seq = nn.Sequential(*seq, nn.Linear(inp, 1))

    def forward(self, user_ids, item_ids):
        uf, itf = self.user_factors(user_ids), self.item_factors(item_ids)
        pred = self.user_biases(user_ids) + self.item_biases(item_ids)
        pred = pred + (uf * itf).sum(1, keepdim=True)
        if not self.shared:
            uf, itf = self.user_factors_rating(user_ids), self.item_factors_rating(item_ids)
        return pred.squeeze(-1), self.seq(torch.cat([uf, itf, uf * itf], dim=-1)).squeeze(-1)
