"""HW1: black-box meta-learning. A recurrent network reads a labelled support set and then labels the query.

Learning a new task is nothing but a forward pass: f(query; support) = RNN([x_1, y_1], ..., [x_NK, y_NK], [query, 0]),
after Santoro et al., "Meta-Learning with Memory-Augmented Neural Networks" (2016), with an LSTM's state for the memory.

Shapes in comments: B episodes in a batch, N classes, K shots, D pixels, H hidden units. Images are (B, K+1, N, D) and
one-hot labels (B, K+1, N, N): rows 0..K-1 of each episode are the support, row K (the last) is the query.
"""

from typing import Protocol

from torch import Tensor, nn

# ---------------------------------------------------------------------------------------------------------------------
# Problem 3: the network


class MANN(nn.Module):
    """Problem 3. Two LSTMs that read an episode image by image, with the labels of the support and not of the query.

        input:  [image, label]  (D + N)  in the support; [image, zeros]  (D + N)  in the query
        LSTM from D + N to H units, then LSTM from H to N units, whose outputs are the logits

    An episode is one sequence of (K+1) N steps: row 0 from position 0 to N-1, row 1, ..., the query row at the end.
    Nothing is put behind the second LSTM; its outputs lie between -1 and 1, which leaves room for the right argmax.
    """

    def __init__(self, num_classes: int, num_shots: int, input_dim: int = 784, hidden_dim: int = 128) -> None:
        """Problem 3. Makes the two LSTMs and no other parameters. N, K, D and H in the order of the arguments.

        Each is an `nn.LSTM` of one layer, one direction and with its biases, as PyTorch initialises it (an
        `nn.LSTMCell` holds the same parameters and will do). The names of the attributes are free.
        """
        super().__init__()
        raise NotImplementedError("Problem 3: MANN.__init__")

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        """Problem 3. The logits (B, K+1, N, N) of all images; the last axis is the class.

        `images` (B, K+1, N, D) and `labels` (B, K+1, N, N) have the dtype of the parameters. The labels of the query
        row are read as zeros, whatever they are, while the caller's tensors stay as they were. Both LSTMs start from
        a state of zeros in each episode: episodes of a batch know nothing of each other, nor of earlier batches.
        """
        raise NotImplementedError("Problem 3: MANN.forward")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 4: the loss


def query_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Problem 4. The cross-entropy of the query row: the mean of -log softmax(logits)[label] over its B N images.

    `logits` and one-hot `labels`: (B, K+1, N, N) each, of one float dtype, with the class on the last axis. The support
    rows count for nothing. Returns a 0-dimensional tensor of that dtype, and leaves those that were given as they were.
    Equal logits have the loss log N, however large they are.
    """
    raise NotImplementedError("Problem 4: query_loss")


# ---------------------------------------------------------------------------------------------------------------------
# Problem 5: training and accuracy


class Sampler(Protocol):
    """What `train` needs of a sampler; an `EpisodeSampler` is one."""

    def sample(self) -> tuple[Tensor, Tensor]:
        """One episode: images (K+1, N, D) and one-hot labels (K+1, N, N)."""
        ...


def train(model: nn.Module, sampler: Sampler, steps: int, batch_size: int, learning_rate: float) -> list[float]:
    """Problem 5. Meta-trains `model` in place by `steps` updates of Adam. Returns the loss of each step, in order.

    Each step draws `batch_size` new episodes with `sampler.sample()`, puts them into one batch (B, K+1, N, ...), and
    makes one update along the gradient of `query_loss(model(images, labels), labels)` of this batch alone, whatever is
    in `.grad` before. One `torch.optim.Adam` with this learning rate and no other setting serves all steps of a call.
    The model is in training mode. A step's loss, a plain float, is the one before its update. With 0 steps nothing
    happens, and the list is empty.
    """
    raise NotImplementedError("Problem 5: train")


def query_accuracy(logits: Tensor, labels: Tensor) -> float:
    """Problem 5. The share, from 0 to 1, of the B N query images whose largest logit is that of their label.

    `logits` and one-hot `labels` as in Problem 4. Returns a float.
    """
    raise NotImplementedError("Problem 5: query_accuracy")
