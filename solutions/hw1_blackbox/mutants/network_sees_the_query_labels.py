"""You fed the labels of the query to the network: it reads off what it should find out.

Module: mann
Problem: 3
Hint: Put zeros in the place of the labels of the last row.
"""


class MANN:
    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        batch, rows, n_way, _ = images.shape
        steps = torch.cat([images, labels], dim=-1).reshape(batch, rows * n_way, -1)  # (B, (K+1) N, D + N)
        hidden, _ = self.reader(steps)  # (B, (K+1) N, H)
        logits, _ = self.classifier(hidden)  # (B, (K+1) N, N)
        return logits.reshape(batch, rows, n_way, n_way)
