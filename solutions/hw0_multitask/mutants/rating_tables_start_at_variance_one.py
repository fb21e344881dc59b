"""With separate tables, those of the rating started at variance 1 and not 1/d.

Problem: 4
Hint: All tables start alike, each with draws from N(0, 1/d).
"""


class MultiTaskNet:
    def __init__(
        self,
        num_users: int,
        num_items: int,
        embedding_dim: int = 32,
        layer_sizes: Sequence[int] = (96, 64),
        shared: bool = True,
    ) -> None:
        super().__init__()

        def table(rows: int) -> nn.Embedding:
            embedding = nn.Embedding(rows, embedding_dim)
            nn.init.normal_(embedding.weight, std=embedding_dim**-0.5)  # variance 1/d, so that |u|^2 is about 1
            return embedding

        self.score_users = table(num_users)  # (U, d)
        self.score_items = table(num_items)  # (I, d)
        self.item_bias = nn.Parameter(torch.zeros(num_items))  # (I,)
        # Sharing means that both tasks look into the very same table, not into two tables that start alike.
        self.rating_users = self.score_users if shared else nn.Embedding(num_users, embedding_dim)
        self.rating_items = self.score_items if shared else nn.Embedding(num_items, embedding_dim)

        widths = (3 * embedding_dim, *layer_sizes)
        layers: list[nn.Module] = []
        for width_in, width_out in pairwise(widths):
            layers += [nn.Linear(width_in, width_out), nn.ReLU()]
        self.mlp = nn.Sequential(*layers, nn.Linear(widths[-1], 1))
