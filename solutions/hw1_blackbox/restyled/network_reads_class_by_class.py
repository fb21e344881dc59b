"""A list of steps in nested loops.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, D = images.shape
        steps = []
        for n in range(N):
            for k in range(R):
                y = torch.zeros_like(labels[:, k, n]) if k == R - 1 else labels[:, k, n]
                steps.append(torch.cat([images[:, k, n], y], -1))
        z = self.classifier(self.reader(torch.stack(steps, 1))[0])[0]
        return torch.stack([torch.stack([z[:, n * R + k] for n in range(N)], 1) for k in range(R)], 1)
