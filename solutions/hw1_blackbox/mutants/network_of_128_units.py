"""You wrote 128 units into the network; `hidden_dim` has no effect.

Module: mann
Problem: 3
Hint: Use the argument.
"""


class MANN:
    def __init__(self, num_classes: int, num_shots: int, input_dim: int = 784, hidden_dim: int = 128) -> None:
        super().__init__()
        self.num_shots = num_shots
        self.reader = nn.LSTM(input_dim + num_classes, 128, batch_first=True)
        self.classifier = nn.LSTM(128, num_classes, batch_first=True)
