"""Your LSTMs read along the batch: one episode flows into the next.

Module: mann
Problem: 3
Hint: nn.LSTM reads along the first axis unless batch_first=True.
"""


class MANN:
    def __init__(self, num_classes: int, num_shots: int, input_dim: int = 784, hidden_dim: int = 128) -> None:
        super().__init__()
        self.num_shots = num_shots
        self.reader = nn.LSTM(input_dim + num_classes, hidden_dim)
        self.classifier = nn.LSTM(hidden_dim, num_classes)
