"""A constant at the top of the file; tables as bare parameters."""

import math

EMB_SIZE = 32


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.shared = shared
        std = 1 / math.sqrt(EMB_SIZE)
        self.P = nn.Parameter(std * torch.randn(num_users, EMB_SIZE))
        self.Q = nn.Parameter(std * torch.randn(num_items, EMB_SIZE))
        if not shared:
            self.P_rating = nn.Parameter(std * torch.randn(num_users, EMB_SIZE))
            self.Q_rating = nn.Parameter(std * torch.randn(num_items, EMB_SIZE))
        self.b = nn.Parameter(torch.zeros(num_items))
        modules = []
        n_in = 3 * EMB_SIZE
        for n_out in layer_sizes:
            modules.append(nn.Linear(n_in, n_out))
            modules.append(nn.ReLU())
            n_in = n_out
        modules.append(nn.Linear(n_in, 1))
        self.mlp = nn.Sequential(*modules)

    def forward(self, user_ids, item_ids):
        p, q = self.P[user_ids], self.Q[item_ids]
        score = torch.einsum("bi,bi->b", p, q) + self.b[item_ids]
        if not self.shared:
            p, q = self.P_rating[user_ids], self.Q_rating[item_ids]
        out = self.mlp(torch.cat((p, q, p * q), dim=-1))
        return score, out.reshape(-1)
