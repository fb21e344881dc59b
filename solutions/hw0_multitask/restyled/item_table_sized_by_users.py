"""Copy and paste: one line for each table, then its initialisation."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.shared = shared
        self.U1 = nn.Embedding(num_users, embedding_dim)
        self.U1.weight.data = torch.randn_like(self.U1.weight) / embedding_dim**0.5
        self.I1 = nn.Embedding(num_users, embedding_dim)
        self.I1.weight.data = torch.randn_like(self.I1.weight) / embedding_dim**0.5
        if not shared:
            self.U2 = nn.Embedding(num_users, embedding_dim)
            self.U2.weight.data = torch.randn_like(self.U2.weight) / embedding_dim**0.5
            self.I2 = nn.Embedding(num_users, embedding_dim)
            self.I2.weight.data = torch.randn_like(self.I2.weight) / embedding_dim**0.5
        self.bias = nn.Parameter(torch.zeros(num_items, 1))
        sizes = list(layer_sizes) + [1]
        self.layers = nn.ModuleList()
        n = 3 * embedding_dim
        for size in sizes:
            self.layers.append(nn.Linear(n, size))
            n = size

    def forward(self, user_ids, item_ids):
        u = self.U1(user_ids)
        i = self.I1(item_ids)
        score = (u * i).sum(dim=1) + self.bias[item_ids].squeeze(dim=1)
        if not self.shared:
            u = self.U2(user_ids)
            i = self.I2(item_ids)
        x = torch.cat([u, i, u * i], dim=1)
        for k in range(len(self.layers)):
            x = self.layers[k](x)
            if k != len(self.layers) - 1:
                x = torch.relu(x)
        return score, x.squeeze(dim=1)
