"""You make a parameter that belongs to neither LSTM.

Module: mann
Problem: 3
Hint: Both LSTMs start from zeros, and nothing besides them is learned.
"""


class MANN:
    def __init__(self, num_classes: int, num_shots: int, input_dim: int = 784, hidden_dim: int = 128) -> None:
        super().__init__()
        self.num_shots = num_shots
        self.first_state = nn.Parameter(torch.zeros(2, 1, 1, hidden_dim))
        self.reader = nn.LSTM(input_dim + num_classes, hidden_dim, batch_first=True)
        self.classifier = nn.LSTM(hidden_dim, num_classes, batch_first=True)
