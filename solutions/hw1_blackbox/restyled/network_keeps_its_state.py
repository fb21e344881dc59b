"""The state is an attribute that is made where the batch size changes.

Module: mann
"""


class MANN:
    def forward(self, images, labels):
        B, R, N, D = images.shape
        if getattr(self, "h", None) is None or self.h.size(1) != B:
            self.h = images.new_zeros(1, B, self.reader.hidden_size)
            self.c = images.new_zeros(1, B, self.reader.hidden_size)
        y = labels.clone()
        y[:, -1] = 0
        x = torch.cat([images, y], -1).view(B, R * N, D + N)
        out, (h, c) = self.reader(x, (self.h, self.c))
        self.h, self.c = h.detach(), c.detach()
        return self.classifier(out)[0].view(B, R, N, N)
