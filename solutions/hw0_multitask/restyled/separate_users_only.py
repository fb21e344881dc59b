"""A dictionary from task to user table, and one item table."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.user_tables = nn.ModuleDict({"score": nn.Embedding(num_users, embedding_dim)})
        if shared:
            self.user_tables["rating"] = self.user_tables["score"]
        else:
            self.user_tables["rating"] = nn.Embedding(num_users, embedding_dim)
        self.item_table = nn.Embedding(num_items, embedding_dim)
        for weight in self.parameters():
            nn.init.normal_(weight, 0, embedding_dim**-0.5)
        self.item_bias = nn.Parameter(torch.zeros(num_items))
        self.mlp = nn.Sequential()
        previous = 3 * embedding_dim
        for number, size in enumerate(layer_sizes, 1):
            self.mlp.add_module("layer" + str(number), nn.Linear(previous, size))
            self.mlp.add_module("activation" + str(number), nn.ReLU())
            previous = size
        self.mlp.add_module("rating", nn.Linear(previous, 1))

    def forward(self, user_ids, item_ids):
        item = self.item_table(item_ids)
        users = {task: table(user_ids) for task, table in self.user_tables.items()}
        score = torch.sum(users["score"] * item, dim=1) + self.item_bias[item_ids]
        features = [users["rating"], item, users["rating"] * item]
        return score, self.mlp(torch.cat(features, dim=1)).squeeze(1)
