"""You left out the label of the last query image only.

Module: mann
Problem: 3
Hint: The query is the whole last row of N images.
"""


class MANN:
    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        batch, rows, n_way, _ = images.shape
        known = labels.clone()  # the caller still needs the query's labels, for the loss
        known[:, -1, -1] = 0
        steps = torch.cat([images, known], dim=-1).reshape(batch, rows * n_way, -1)  # (B, (K+1) N, D + N)
        hidden, _ = self.reader(steps)  # (B, (K+1) N, H)
        logits, _ = self.classifier(hidden)  # (B, (K+1) N, N)
        return logits.reshape(batch, rows, n_way, n_way)
