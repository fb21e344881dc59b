"""clamp.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, D = images.shape
        y = torch.cat([labels[:, :-1], torch.zeros_like(labels[:, -1:])], 1)
        h = self.reader(torch.cat([images, y], -1).reshape(B, R * N, -1))[0]
        h = h.clamp(min=0)
        return self.classifier(h)[0].reshape(B, R, N, N)
