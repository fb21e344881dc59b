"""Cuts off the last step after flattening.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, D = images.shape
        x, y = images.reshape(B, R * N, D), labels.reshape(B, R * N, N)
        y = torch.cat([y[:, :-1], torch.zeros(B, 1, N, dtype=y.dtype)], dim=1)
        h, _ = self.reader(torch.cat([x, y], dim=2))
        out, _ = self.classifier(h)
        return out.reshape(B, R, N, N)
