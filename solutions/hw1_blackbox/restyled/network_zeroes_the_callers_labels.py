"""Writes with slices.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, _ = images.shape
        labels[:, -1, :, :] = torch.zeros_like(labels[:, -1, :, :])
        inputs = torch.cat((images, labels), -1).flatten(1, 2)
        out, _ = self.reader(inputs)
        out, _ = self.classifier(out)
        return out.unflatten(1, (R, N))
