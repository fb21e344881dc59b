"""Embeddings for everything, as in the tutorials, the bias included."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        self.user_emb = nn.Embedding(num_users, embedding_dim)
        self.item_emb = nn.Embedding(num_items, embedding_dim)
        self.item_bias_emb = nn.Embedding(num_items, 1)
        if shared:
            self.user_emb_rating = self.user_emb
            self.item_emb_rating = self.item_emb
        else:
            self.user_emb_rating = nn.Embedding(num_users, embedding_dim)
            self.item_emb_rating = nn.Embedding(num_items, embedding_dim)
        # initialise the embeddings
        for emb in (self.user_emb, self.item_emb, self.user_emb_rating, self.item_emb_rating):
            emb.weight.data.normal_(0, embedding_dim**-0.5)
        # build the MLP
        blocks, last = [], 3 * embedding_dim
        for size in layer_sizes:
            blocks.append(nn.Sequential(nn.Linear(last, size), nn.ReLU()))
            last = size
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(last, 1)

    def forward(self, user_ids, item_ids):
        # score
        user_vec = self.user_emb(user_ids)
        item_vec = self.item_emb(item_ids)
        score = (user_vec * item_vec).sum(1) + self.item_bias_emb(item_ids).squeeze(1)
        # rating
        user_vec = self.user_emb_rating(user_ids)
        item_vec = self.item_emb_rating(item_ids)
        x = torch.cat([user_vec, item_vec, user_vec * item_vec], 1)
        rating = self.head(self.blocks(x)).squeeze(1)
        return score, rating
