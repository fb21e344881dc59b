"""An input projection before the layers, as in other architectures."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.user_factors = nn.Parameter(torch.empty(num_users, embedding_dim))
        self.item_factors = nn.Parameter(torch.empty(num_items, embedding_dim))
        if shared:
            self.register_parameter("user_factors_2", None)
            self.register_parameter("item_factors_2", None)
        else:
            self.user_factors_2 = nn.Parameter(torch.empty(num_users, embedding_dim))
            self.item_factors_2 = nn.Parameter(torch.empty(num_items, embedding_dim))
        for factors in list(self.parameters()):
            nn.init.normal_(factors, std=embedding_dim**-0.5)
        self.item_bias = nn.Parameter(torch.zeros(num_items))
        width = 3 * embedding_dim
        self.net = nn.Sequential(nn.Linear(width, width), nn.ReLU())
        for size in layer_sizes:
            self.net.append(nn.Linear(width, size))
            self.net.append(nn.ReLU())
            width = size
        self.net.append(nn.Linear(width, 1))

    def forward(self, user_ids, item_ids):
        user, item = self.user_factors[user_ids], self.item_factors[item_ids]
        score = (user * item).sum(dim=1) + self.item_bias[item_ids]
        if self.user_factors_2 is not None:
            user, item = self.user_factors_2[user_ids], self.item_factors_2[item_ids]
        return score, self.net(torch.cat([user, item, user * item], dim=1)).squeeze(1)
