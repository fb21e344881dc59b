"""Module list, with the number written out.

Module: mann
"""


class MANN:
    def __init__(self, num_classes, num_shots, input_dim=784, hidden_dim=128):
        super().__init__()
        widths = [input_dim + num_classes, 128, num_classes]
        self.layers = nn.ModuleList(nn.LSTM(a, b, batch_first=True) for a, b in zip(widths[:-1], widths[1:]))

    def forward(self, images, labels):
        B, R, N, D = images.shape
        y = labels.clone()
        y[:, -1] = 0
        x = torch.cat([images, y], -1).view(B, R * N, D + N)
        for layer in self.layers:
            x, _ = layer(x)
        return x.view(B, R, N, N)
