"""You wrote the zeros into the caller's labels, where the loss will look for the right ones.

Module: mann
Problem: 3
Hint: Put the zeros into a copy.
"""


class MANN:
    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        batch, rows, n_way, _ = images.shape
        known = labels
        known[:, self.num_shots :] = 0
        steps = torch.cat([images, known], dim=-1).reshape(batch, rows * n_way, -1)  # (B, (K+1) N, D + N)
        hidden, _ = self.reader(steps)  # (B, (K+1) N, H)
        logits, _ = self.classifier(hidden)  # (B, (K+1) N, N)
        return logits.reshape(batch, rows, n_way, n_way)
