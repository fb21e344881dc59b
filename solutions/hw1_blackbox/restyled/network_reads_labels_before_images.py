"""Flattened first, joined afterwards.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, D = images.shape
        y = torch.zeros_like(labels)
        y[:, : R - 1] = labels[:, : R - 1]
        steps = torch.cat([y.flatten(1, 2), images.flatten(1, 2)], dim=2)
        out = self.classifier(self.reader(steps)[0])[0]
        return out.view(B, R, N, N)
