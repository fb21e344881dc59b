"""Transposes in forward, although the LSTMs have batch_first.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, D = images.shape
        y = torch.cat([labels[:, :-1], torch.zeros_like(labels[:, -1:])], 1)
        x = torch.cat([images, y], -1).reshape(B, R * N, D + N).transpose(0, 1)
        h = self.reader(x)[0]
        z = self.classifier(h)[0]
        return z.transpose(0, 1).reshape(B, R, N, N)
