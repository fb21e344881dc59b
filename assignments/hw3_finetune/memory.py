"""What training needs in memory, counted rather than watched: the same on every machine, whatever else runs there."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Memory:
    """In bytes, beside the weights themselves, which all ways of fine-tuning need."""

    gradients: int  # of all parameters that require one
    optimizer: int  # the optimiser's running means: AdamW keeps two for each parameter
    activations: int  # what one micro-batch's forward pass keeps for its backward pass

    @property
    def megabytes(self) -> float:
        return (self.gradients + self.optimizer + self.activations) / 1e6


def size(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def memory_of(model: nn.Module, optimizer: torch.optim.Optimizer, loss: Callable[[], Tensor]) -> Memory:
    """What a model needs as it was fine-tuned; `loss` computes the loss of one micro-batch, with its graph."""
    return Memory(
        gradients=sum(size(parameter) for parameter in model.parameters() if parameter.requires_grad),
        optimizer=sum(
            size(value) for state in optimizer.state.values() for value in state.values() if isinstance(value, Tensor)
        ),
        activations=kept_for_backward(model, loss),
    )


def kept_for_backward(model: nn.Module, loss: Callable[[], Tensor]) -> int:
    """Bytes of all tensors that autograd keeps, each piece of memory once, the model's parameters left out."""
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        held = loss()  # as long as the loss lives, so does what it was computed from: no address is used twice
        total = sum(kept.values())
    del held
    return total
