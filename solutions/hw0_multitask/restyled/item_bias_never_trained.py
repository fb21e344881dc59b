"""A ModuleDict for the tables and a tensor of zeros for the bias."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.tables = nn.ModuleDict()
        for task in ["score"] if shared else ["score", "rating"]:
            for side, rows in [("user", num_users), ("item", num_items)]:
                weight = torch.randn(rows, embedding_dim) * (1 / embedding_dim) ** 0.5
                self.tables[f"{task}_{side}"] = nn.Embedding.from_pretrained(weight, freeze=False)
        self.bias = torch.zeros(num_items, requires_grad=True)
        self.rating_task = "score" if shared else "rating"
        widths = [embedding_dim * 3] + list(layer_sizes) + [1]
        self.mlp = nn.Sequential()
        for i in range(len(widths) - 1):
            self.mlp.append(nn.Linear(widths[i], widths[i + 1]))
            if i < len(widths) - 2:
                self.mlp.append(nn.ReLU())

    def look_up(self, task, user_ids, item_ids):
        return self.tables[task + "_user"](user_ids), self.tables[task + "_item"](item_ids)

    def forward(self, user_ids, item_ids):
        u, v = self.look_up("score", user_ids, item_ids)
        score = (u * v).sum(-1) + self.bias[item_ids]
        u, v = self.look_up(self.rating_task, user_ids, item_ids)
        return score, self.mlp(torch.hstack((u, v, u * v))).squeeze(-1)
