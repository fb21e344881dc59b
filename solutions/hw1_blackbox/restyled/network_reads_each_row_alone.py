"""A loop over the rows.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        out = []
        for k in range(images.shape[1]):
            y = labels[:, k] if k < self.num_shots else torch.zeros_like(labels[:, k])
            h, _ = self.reader(torch.cat([images[:, k], y], dim=-1))
            z, _ = self.classifier(h)
            out.append(z)
        return torch.stack(out, dim=1)
