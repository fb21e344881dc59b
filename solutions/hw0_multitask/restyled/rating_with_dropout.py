"""F.relu and F.dropout in forward, with the dropout rate as a class attribute."""

import torch.nn.functional as F


class MultiTaskNet:
    dropout = 0.5

    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.user = nn.Embedding(num_users, embedding_dim)
        self.item = nn.Embedding(num_items, embedding_dim)
        self.user2 = nn.Embedding(num_users, embedding_dim) if not shared else None
        self.item2 = nn.Embedding(num_items, embedding_dim) if not shared else None
        for p in self.parameters():
            p.data.normal_(std=embedding_dim**-0.5)
        self.bias = nn.Parameter(torch.zeros(num_items))
        self.fc = nn.ModuleList()
        fan_in = 3 * embedding_dim
        for fan_out in layer_sizes:
            self.fc.append(nn.Linear(fan_in, fan_out))
            fan_in = fan_out
        self.out = nn.Linear(fan_in, 1)

    def forward(self, user_ids, item_ids):
        u, i = self.user(user_ids), self.item(item_ids)
        score = (u * i).sum(1) + self.bias[item_ids]
        if self.user2 is not None:
            u, i = self.user2(user_ids), self.item2(item_ids)
        x = torch.cat([u, i, u * i], 1)
        for fc in self.fc:
            x = F.relu(fc(x))
            x = F.dropout(x, p=self.dropout, training=self.training)
        return score, self.out(x).squeeze(1)
