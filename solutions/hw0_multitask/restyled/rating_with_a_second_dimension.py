"""Type-hinted and tidy: a small MLP class, and einsum for the score."""


class MLP(nn.Module):
    def __init__(self, inputs: int, hidden: Sequence[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for width in hidden:
            layers += [nn.Linear(inputs, width), nn.ReLU(inplace=True)]
            inputs = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x))


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
        tables: list[nn.Embedding] = []
        for rows in (num_users, num_items) if shared else (num_users, num_items, num_users, num_items):
            table = nn.Embedding(rows, embedding_dim)
            nn.init.normal_(table.weight, std=embedding_dim**-0.5)
            tables.append(table)
        self.tables = nn.ModuleList(tables)
        self.offsets = nn.Parameter(torch.zeros(num_items))
        self.mlp = MLP(3 * embedding_dim, layer_sizes)

    def forward(self, user_ids: Tensor, item_ids: Tensor) -> tuple[Tensor, Tensor]:
        u: Tensor = self.tables[0](user_ids)
        q: Tensor = self.tables[1](item_ids)
        score = torch.einsum("bd, bd -> b", u, q) + self.offsets[item_ids]
        u, q = self.tables[-2](user_ids), self.tables[-1](item_ids)
        rating = self.mlp(torch.cat([u, q, u * q], dim=-1))
        return score, rating
