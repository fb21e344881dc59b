"""fc1, fc2, fc3, as in the first tutorial."""

import torch.nn.functional as F


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()

        def embedding(n):
            e = nn.Embedding(n, embedding_dim)
            nn.init.normal_(e.weight, 0, (1 / embedding_dim) ** 0.5)
            return e

        self.user_embeddings = nn.ModuleList([embedding(num_users)])
        self.item_embeddings = nn.ModuleList([embedding(num_items)])
        if not shared:
            self.user_embeddings.append(embedding(num_users))
            self.item_embeddings.append(embedding(num_items))
        self.item_bias = nn.Parameter(torch.zeros(num_items))
        self.fc1 = nn.Linear(3 * embedding_dim, 96)
        self.fc2 = nn.Linear(96, 64)
        self.fc3 = nn.Linear(64, 1)

    def forward(self, user_ids, item_ids):
        u, q = self.user_embeddings[0](user_ids), self.item_embeddings[0](item_ids)
        score = torch.linalg.vecdot(u, q) + self.item_bias[item_ids]
        u, q = self.user_embeddings[-1](user_ids), self.item_embeddings[-1](item_ids)
        x = torch.cat([u, q, u * q], dim=1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.fc3(x)
        return score, x.flatten()
