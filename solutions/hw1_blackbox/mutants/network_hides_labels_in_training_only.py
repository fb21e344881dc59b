"""You read the labels of the query in evaluation mode.

Module: mann
Problem: 3
Hint: The labels of the query are zeros in any mode.
"""


class MANN:
    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        batch, rows, n_way, _ = images.shape
        known = labels.clone()  # the caller still needs the query's labels, for the loss
        if self.training:
            known[:, self.num_shots :] = 0
        steps = torch.cat([images, known], dim=-1).reshape(batch, rows * n_way, -1)  # (B, (K+1) N, D + N)
        hidden, _ = self.reader(steps)  # (B, (K+1) N, H)
        logits, _ = self.classifier(hidden)  # (B, (K+1) N, N)
        return logits.reshape(batch, rows, n_way, n_way)
