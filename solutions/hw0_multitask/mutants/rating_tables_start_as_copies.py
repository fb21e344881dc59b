"""With separate tables, those of the rating started as copies of the score's.

Problem: 4
Hint: Draw each table by itself.
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
        self.rating_users = self.score_users if shared else table(num_users)
        self.rating_items = self.score_items if shared else table(num_items)
        self.rating_users.load_state_dict(self.score_users.state_dict())
        self.rating_items.load_state_dict(self.score_items.state_dict())

        widths = (3 * embedding_dim, *layer_sizes)
        layers: list[nn.Module] = []
        for width_in, width_out in pairwise(widths):
            layers += [nn.Linear(width_in, width_out), nn.ReLU()]
        self.mlp = nn.Sequential(*layers, nn.Linear(widths[-1], 1))
