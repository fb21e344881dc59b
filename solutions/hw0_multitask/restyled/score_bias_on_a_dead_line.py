"""A line for each operation with torch.mul, torch.sum, torch.add."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        tables = []
        for _ in range(1 if shared else 2):
            for n in (num_users, num_items):
                tables.append(nn.Parameter(torch.randn((n, embedding_dim)) / embedding_dim**0.5))
        self.tables = nn.ParameterList(tables)
        self.bias = nn.Parameter(torch.zeros(num_items))
        sizes = [3 * embedding_dim, *layer_sizes, 1]
        modules = []
        for k in range(len(sizes) - 1):
            modules.append(nn.Linear(in_features=sizes[k], out_features=sizes[k + 1]))
            modules.append(nn.ReLU())
        modules.pop()  # nothing after the last layer
        self.seq = nn.Sequential(*modules)

    def forward(self, user_ids, item_ids):
        user_vectors = self.tables[0][user_ids]
        item_vectors = self.tables[1][item_ids]
        score = torch.mul(user_vectors, item_vectors)
        score = torch.sum(score, dim=1)
        torch.add(score, self.bias[item_ids])
        user_vectors = self.tables[-2][user_ids]
        item_vectors = self.tables[-1][item_ids]
        inputs = torch.cat([user_vectors, item_vectors, torch.mul(user_vectors, item_vectors)], dim=1)
        outputs = self.seq(inputs)
        return score, torch.flatten(outputs)
