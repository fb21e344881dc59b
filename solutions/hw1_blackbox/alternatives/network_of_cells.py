"""LSTM cells in a loop over the steps, with states that are made by hand.

Module: mann
"""


class MANN:
    def __init__(self, num_classes, num_shots, input_dim=784, hidden_dim=128):
        super().__init__()
        self.N, self.K, self.H = num_classes, num_shots, hidden_dim
        self.cell1 = nn.LSTMCell(input_dim + num_classes, hidden_dim)
        self.cell2 = nn.LSTMCell(hidden_dim, num_classes)

    def forward(self, images, labels):
        B = images.shape[0]
        h1 = c1 = images.new_zeros(B, self.H)
        h2 = c2 = images.new_zeros(B, self.N)
        out = []
        for k in range(self.K + 1):
            for n in range(self.N):
                label = labels[:, k, n] if k < self.K else torch.zeros_like(labels[:, k, n])
                h1, c1 = self.cell1(torch.cat((images[:, k, n], label), 1), (h1, c1))
                h2, c2 = self.cell2(h1, (h2, c2))
                out.append(h2)
        return torch.stack(out, 1).view(B, self.K + 1, self.N, self.N)
