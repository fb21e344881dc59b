"""You start an episode from the state in which the last one ended.

Module: mann
Problem: 3
Hint: Do not hand the old state to the LSTM: it then starts from zeros.
"""


class MANN:
    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        batch, rows, n_way, _ = images.shape
        known = labels.clone()  # the caller still needs the query's labels, for the loss
        known[:, self.num_shots :] = 0
        steps = torch.cat([images, known], dim=-1).reshape(batch, rows * n_way, -1)  # (B, (K+1) N, D + N)
        old = getattr(self, "state", None)
        if old is not None and old[0].shape[1] != batch:
            old = None
        hidden, state = self.reader(steps, old)
        self.state = (state[0].detach(), state[1].detach())  # (B, (K+1) N, H)
        logits, _ = self.classifier(hidden)  # (B, (K+1) N, N)
        return logits.reshape(batch, rows, n_way, n_way)
