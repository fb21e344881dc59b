"""You seed PyTorch where you make the network, so that every network starts with the same weights.

Module: mann
Problem: 3
Hint: Seed nothing in __init__.
"""


class MANN:
    def __init__(self, num_classes: int, num_shots: int, input_dim: int = 784, hidden_dim: int = 128) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.num_shots = num_shots
        self.reader = nn.LSTM(input_dim + num_classes, hidden_dim, batch_first=True)
        self.classifier = nn.LSTM(hidden_dim, num_classes, batch_first=True)
