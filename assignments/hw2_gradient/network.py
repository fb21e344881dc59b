"""The network of this homework, given: a function of a dict of parameters.

`nn.Module` keeps its parameters inside, where an inner loop cannot exchange them. Here they are an argument, so that
`conv_net(adapted, images)` is the same network with other parameters. Batch norm takes its mean and variance from the
images of the same call, in training and in evaluation, so that there is no state: what the network says of an image
depends a little on the images beside it. Always give it a whole support or query set.
"""

import torch
from torch import Tensor
from torch.nn import functional


def initial_parameters(
    num_outputs: int, generator: torch.Generator, *, width: int = 32, blocks: int = 4, size: int = 28
) -> dict[str, Tensor]:
    """The parameters of `conv_net` for images (B, 1, size, size) and `num_outputs` outputs: leaves, float32.

    Weights are draws from N(0, 2 / fan_in) (He et al., 2015), those of the last layer from N(0, 1 / fan_in).
    """
    parameters, channels = {}, 1
    for block in range(blocks):
        weight = torch.randn(width, channels, 3, 3, generator=generator) * (2 / (9 * channels)) ** 0.5
        parameters |= {f"conv{block}": weight, f"scale{block}": torch.ones(width), f"shift{block}": torch.zeros(width)}
        channels, size = width, size // 2
    features = width * size**2
    weight = torch.randn(num_outputs, features, generator=generator) * features**-0.5
    parameters |= {"linear": weight, "bias": torch.zeros(num_outputs)}
    return {name: value.requires_grad_() for name, value in parameters.items()}


def conv_net(parameters: dict[str, Tensor], images: Tensor) -> Tensor:
    """Images (B, 1, size, size) -> outputs (B, num_outputs): logits for MAML, embeddings for prototypes."""
    x, block = images, 0
    while f"conv{block}" in parameters:
        x = functional.conv2d(x, parameters[f"conv{block}"], padding=1)
        scale, shift = parameters[f"scale{block}"], parameters[f"shift{block}"]
        x = functional.batch_norm(x, None, None, scale, shift, training=True)  # statistics of this call
        x = functional.max_pool2d(functional.relu(x), 2)  # (B, width, size, size) -> (B, width, size / 2, size / 2)
        block += 1
    return functional.linear(x.flatten(1), parameters["linear"], parameters["bias"])
