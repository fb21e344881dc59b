"""HW3, second part: low-rank adaptation (Hu et al., 2021, https://arxiv.org/abs/2106.09685).

The change that fine-tuning makes to a weight matrix is learned as a product of two thin matrices, and the matrix itself
stays as it is. Shapes in comments: d_in inputs and d_out outputs of a layer, r the rank.
"""

from collections.abc import Collection

from torch import Tensor, nn

# ---------------------------------------------------------------------------------------------------------------------
# Problem 4: a LoRA layer


class LoRALinear(nn.Module):
    """Problem 4. A linear layer that stays as it is, and a product of rank r beside it: y = base(x) + x A B^T.

    `base` is an `nn.Linear`, whose weight is (d_out, d_in), or GPT-2's `Conv1D`, whose weight is (d_in, d_out), and
    which computes x @ weight + bias. Any other module with a `weight` of two dimensions is taken for a Conv1D.

    - `self.base`: the layer itself. Its parameters no longer require gradients; their values are left alone.
    - `self.A` (d_in, r): a Parameter, random with mean 0, of any usual size.
    - `self.B` (d_out, r): a Parameter, 0. So at the start the layer computes what its base does.

    A and B have the dtype and the device of the base's weight. Nothing is scaled by alpha or 1 / r.
    Raises ValueError if `rank` < 1, and TypeError if `base` has no weight of two dimensions.
    """

    def __init__(self, base: nn.Module, rank: int) -> None:
        super().__init__()
        raise NotImplementedError("Problem 4: LoRALinear.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """(..., d_in) -> (..., d_out)."""
        raise NotImplementedError("Problem 4: LoRALinear.forward")

    def merged(self) -> nn.Module:
        """Problem 4. A plain layer of the base's kind that computes the same: for use when training is over.

        Its weight is the base's weight plus the product: W + B A^T for an nn.Linear, W + A B^T for a Conv1D; its bias
        is the base's. It shares no memory with this layer, and this layer stays as it is.
        """
        raise NotImplementedError("Problem 4: LoRALinear.merged")


def add_lora(model: nn.Module, rank: int, names: Collection[str]) -> int:
    """Puts a LoRALinear in the place of each layer of the model that has one of these names. (Given.)

    A name is the last part of a layer's path: "c_attn" in GPT-2, "q_proj" in Llama, "query" in BERT. Returns how many
    layers it replaced. Raises ValueError if there is none.
    """
    count = 0
    for module in list(model.modules()):
        for name, layer in list(module.named_children()):
            if name in names and not isinstance(module, LoRALinear):
                setattr(module, name, LoRALinear(layer, rank))
                count += 1
    if count == 0:
        raise ValueError(f"no layer of {type(model).__name__} is called {' or '.join(names)}")
    return count
