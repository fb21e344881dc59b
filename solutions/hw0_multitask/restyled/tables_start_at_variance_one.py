"""Tables as bare parameters filled with randn."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.users = nn.Parameter(torch.randn(num_users, embedding_dim))
        self.items = nn.Parameter(torch.randn(num_items, embedding_dim))
        if shared:
            self.users_for_ratings = self.users
            self.items_for_ratings = self.items
        else:
            self.users_for_ratings = nn.Parameter(torch.randn(num_users, embedding_dim))
            self.items_for_ratings = nn.Parameter(torch.randn(num_items, embedding_dim))
        self.biases = nn.Parameter(torch.zeros(num_items))
        net = []
        sizes = [3 * embedding_dim] + list(layer_sizes)
        for i in range(len(layer_sizes)):
            net.append(nn.Linear(sizes[i], sizes[i + 1]))
            net.append(nn.ReLU())
        net.append(nn.Linear(sizes[-1], 1))
        self.net = nn.Sequential(*net)

    def forward(self, user_ids, item_ids):
        score = (self.users[user_ids] * self.items[item_ids]).sum(1) + self.biases[item_ids]
        x, y = self.users_for_ratings[user_ids], self.items_for_ratings[item_ids]
        return score, self.net(torch.cat([x, y, x * y], 1)).squeeze(1)
