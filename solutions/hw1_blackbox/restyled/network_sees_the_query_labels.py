"""Einops-like reshapes without zeros.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, D = images.shape
        x = torch.cat([images.view(B, R * N, D), labels.view(B, R * N, N)], 2)
        x = self.classifier(self.reader(x)[0])[0]
        return x.view(B, R, N, N)
