"""Normalises the embeddings first, then takes row-wise products."""

import torch.nn.functional as F


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.shared = shared
        self.tower = nn.ModuleDict({"user": nn.Embedding(num_users, embedding_dim)})
        self.tower["item"] = nn.Embedding(num_items, embedding_dim)
        self.tower2 = nn.ModuleDict()
        if not self.shared:
            self.tower2["user"] = nn.Embedding(num_users, embedding_dim)
            self.tower2["item"] = nn.Embedding(num_items, embedding_dim)
        self.apply(lambda m: nn.init.normal_(m.weight, 0, embedding_dim**-0.5) if type(m) is nn.Embedding else None)
        self.popularity = nn.Parameter(torch.zeros(num_items))
        sizes = (3 * embedding_dim, *layer_sizes)
        self.hidden = nn.Sequential(*(nn.Sequential(nn.Linear(n, m), nn.ReLU()) for n, m in zip(sizes[:-1], sizes[1:])))
        self.output = nn.Linear(sizes[-1], 1)

    def forward(self, user_ids, item_ids):
        user, item = self.tower["user"](user_ids), self.tower["item"](item_ids)
        similarity = (F.normalize(user, dim=1) * F.normalize(item, dim=1)).sum(dim=1)
        score = similarity + self.popularity[item_ids]
        if not self.shared:
            user, item = self.tower2["user"](user_ids), self.tower2["item"](item_ids)
        rating = self.output(self.hidden(torch.cat([user, item, user * item], dim=1)))
        return score, rating.squeeze(dim=1)
