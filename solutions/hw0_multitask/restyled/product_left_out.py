"""Over-commented, one thing per line."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        # call the constructor of nn.Module
        super().__init__()
        # remember whether we share
        self.shared = shared
        # standard deviation of the tables: root of 1/d
        std = (1.0 / embedding_dim) ** 0.5
        # tables of the score
        self.user_table = nn.Embedding(num_users, embedding_dim)
        self.item_table = nn.Embedding(num_items, embedding_dim)
        # fill them
        nn.init.normal_(self.user_table.weight, mean=0, std=std)
        nn.init.normal_(self.item_table.weight, mean=0, std=std)
        # tables of the rating, if it has its own
        if shared is False:
            self.user_table_rating = nn.Embedding(num_users, embedding_dim)
            self.item_table_rating = nn.Embedding(num_items, embedding_dim)
            nn.init.normal_(self.user_table_rating.weight, mean=0, std=std)
            nn.init.normal_(self.item_table_rating.weight, mean=0, std=std)
        # bias of each item: 0
        self.bias = nn.Embedding(num_items, 1)
        nn.init.zeros_(self.bias.weight)
        # user and item next to each other
        size = embedding_dim + embedding_dim
        # the layers
        self.layers = nn.Sequential()
        for number, layer_size in enumerate(layer_sizes):
            self.layers.add_module(f"linear_{number}", nn.Linear(size, layer_size))
            self.layers.add_module(f"relu_{number}", nn.ReLU())
            size = layer_size
        # the output layer
        self.layers.add_module("output", nn.Linear(size, 1))

    def forward(self, user_ids, item_ids):
        # embeddings
        user = self.user_table(user_ids)
        item = self.item_table(item_ids)
        # score = inner product + bias
        score = torch.sum(torch.mul(user, item), dim=1)
        score = score + self.bias(item_ids).reshape(-1)
        # embeddings of the rating
        if self.shared is False:
            user = self.user_table_rating(user_ids)
            item = self.item_table_rating(item_ids)
        # concatenate
        x = torch.concat([user, item], dim=1)
        # rating
        rating = self.layers(x).reshape(-1)
        return score, rating
