"""Layers by number with setattr and getattr."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.shared = shared
        for prefix in ("s", "r"):
            if prefix == "r" and shared:
                continue
            for suffix, count in (("user", num_users), ("item", num_items)):
                table = nn.Embedding(count, embedding_dim)
                torch.nn.init.normal_(table.weight, 0, 1 / embedding_dim**0.5)
                setattr(self, f"{prefix}_{suffix}", table)
        self.item_bias = nn.Parameter(torch.zeros(num_items))
        self.n_hidden = len(layer_sizes)
        previous = 3 * embedding_dim
        for k in range(self.n_hidden):
            setattr(self, f"fc{k}", nn.Linear(previous, layer_sizes[k]))
            previous = layer_sizes[k]
        self.fc_out = nn.Linear(previous, 1)

    def forward(self, user_ids, item_ids):
        u, q = self.s_user(user_ids), self.s_item(item_ids)
        score = (u * q).sum(-1) + self.item_bias[item_ids]
        if not self.shared:
            u, q = self.r_user(user_ids), self.r_item(item_ids)
        x = torch.cat([u, q, u * q], dim=-1)
        for k in range(self.n_hidden):
            x = getattr(self, f"fc{k}")(x)
            if k < self.n_hidden - 1:
                x = torch.relu(x)
        return score, self.fc_out(x)[:, 0]
