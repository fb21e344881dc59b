"""Names with underscores for each of the four tables, all looked up at the top of forward."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.emb_user_score = nn.Embedding(num_users, embedding_dim)
        self.emb_item_score = nn.Embedding(num_items, embedding_dim)
        if shared:
            self.emb_user_rating, self.emb_item_rating = self.emb_user_score, self.emb_item_score
        else:
            self.emb_user_rating = nn.Embedding(num_users, embedding_dim)
            self.emb_item_rating = nn.Embedding(num_items, embedding_dim)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=embedding_dim**-0.5)
        self.bias = nn.Parameter(torch.zeros(num_items))
        n = [3 * embedding_dim] + list(layer_sizes)
        self.linears = nn.ModuleList([nn.Linear(n[i], n[i + 1]) for i in range(len(layer_sizes))])
        self.out = nn.Linear(n[-1], 1)

    def forward(self, user_ids, item_ids):
        us = self.emb_user_score(user_ids)
        is_ = self.emb_item_score(item_ids)
        ur = self.emb_user_rating(user_ids)
        ir = self.emb_item_score(item_ids)
        score = (us * is_).sum(dim=1) + self.bias[item_ids]
        x = torch.cat((ur, ir, ur * ir), dim=1)
        for linear in self.linears:
            x = linear(x).clamp(min=0)
        return score, self.out(x)[..., 0]
