"""Preallocates the features and fills them block by block."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.d = embedding_dim
        self.user_score = nn.Embedding(num_users, self.d)
        self.item_score = nn.Embedding(num_items, self.d)
        self.user_rating = self.user_score
        self.item_rating = self.item_score
        if shared == False:
            self.user_rating = nn.Embedding(num_users, self.d)
            self.item_rating = nn.Embedding(num_items, self.d)
        for t in self.children():
            nn.init.normal_(t.weight, mean=0.0, std=self.d ** (-0.5))
        self.item_bias = nn.Parameter(torch.zeros(num_items))
        self.fcs = nn.ModuleList()
        size_in = 3 * self.d
        for size_out in layer_sizes:
            self.fcs.append(nn.Linear(size_in, size_out))
            size_in = size_out
        self.fcs.append(nn.Linear(size_in, 1))

    def forward(self, user_ids, item_ids):
        d = self.d
        u = self.user_score(user_ids)
        q = self.item_score(item_ids)
        score = (u * q).sum(dim=1) + self.item_bias[item_ids]
        u = self.user_rating(user_ids)
        q = self.item_rating(item_ids)
        x = u.new_empty(u.shape[0], 3 * d)
        x[:, :d] = u
        x[:, d : 2 * d] = q
        x[:, 2 * d :] = u + q
        for fc in self.fcs[:-1]:
            x = torch.relu(fc(x))
        rating = self.fcs[-1](x)
        return score, rating.squeeze(1)
