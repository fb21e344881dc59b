"""Your second layer is linear; it should be an LSTM, too.

Module: mann
Problem: 3
Hint: nn.LSTM(H, N).
"""


class _Linear(nn.Linear):
    def forward(self, hidden):
        return super().forward(hidden), None


class MANN:
    def __init__(self, num_classes: int, num_shots: int, input_dim: int = 784, hidden_dim: int = 128) -> None:
        super().__init__()
        self.num_shots = num_shots
        self.reader = nn.LSTM(input_dim + num_classes, hidden_dim, batch_first=True)
        self.classifier = _Linear(hidden_dim, num_classes)
