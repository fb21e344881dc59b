"""You set the biases of the forget gates to 1.

Module: mann
Problem: 3
Hint: Leave all parameters as nn.LSTM makes them.
"""


class MANN:
    def __init__(self, num_classes: int, num_shots: int, input_dim: int = 784, hidden_dim: int = 128) -> None:
        super().__init__()
        self.num_shots = num_shots
        self.reader = nn.LSTM(input_dim + num_classes, hidden_dim, batch_first=True)
        self.classifier = nn.LSTM(hidden_dim, num_classes, batch_first=True)
        nn.init.ones_(self.reader.bias_ih_l0.data[hidden_dim : 2 * hidden_dim])
