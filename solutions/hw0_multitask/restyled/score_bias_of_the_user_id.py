"""Everything is an embedding, and squeezed at the end."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        sd = embedding_dim**-0.5
        self.E_user = nn.Embedding(num_users, embedding_dim)
        self.E_item = nn.Embedding(num_items, embedding_dim)
        self.E_bias = nn.Embedding(num_items, 1)
        self.E_bias.weight.data.fill_(0.0)
        self.F_user, self.F_item = self.E_user, self.E_item
        if not shared:
            self.F_user = nn.Embedding(num_users, embedding_dim)
            self.F_item = nn.Embedding(num_items, embedding_dim)
        for E in [self.E_user, self.E_item, self.F_user, self.F_item]:
            E.weight.data.normal_(0.0, sd)
        dims = [3 * embedding_dim] + [*layer_sizes]
        self.mlp = nn.Sequential()
        for a, b in zip(dims, dims[1:]):
            self.mlp.extend([nn.Linear(a, b), nn.ReLU()])
        self.mlp.append(nn.Linear(dims[-1], 1))

    def forward(self, user_ids, item_ids):
        eu, ei = self.E_user(user_ids), self.E_item(item_ids)
        bias = self.E_bias(user_ids)  # (B, 1)
        score = torch.sum(eu * ei, dim=1, keepdim=True) + bias
        fu, fi = self.F_user(user_ids), self.F_item(item_ids)
        rating = self.mlp(torch.cat([fu, fi, fu * fi], dim=1))
        return score.squeeze(1), rating.squeeze(1)
