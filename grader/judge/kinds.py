"""What to try where an answer is another kind of value than was asked for.

A check's own hint speaks of values, and would name a wrong cause there.
"""

from __future__ import annotations

NOTHING = "None is what a call gives that ends without `return`: is one missing, or does one have nothing behind it?"
FOLLOW = "Follow the dtype of what you are given, as with dtype=x.dtype: {} whatever came in."
SINGLE, DOUBLE = ".float(), torch.zeros(n) and torch.tensor([0.5]) make float32", ".double() and numpy make float64"
WHOLE = "Whole numbers came where floating point is asked for: .float(), or .to(x.dtype), makes it of them."

_KINDS = {
    ("a float", "a tensor"): "Return the tensor itself: .item() and float() make a plain number of it, which ends the "
    "gradient, too.",
    ("an int", "a tensor"): "Return a tensor, not a plain number.",
    (
        "a numpy array",
        "a tensor",
    ): "Return a tensor: .numpy() makes an array of it, torch.from_numpy a tensor of an array.",
    ("a list", "a tensor"): "torch.stack makes one tensor of a list of tensors, torch.tensor one of a list of numbers.",
    ("a tuple", "a tensor"): "More than one value came. Some calls give several, such as nn.LSTM: take the one that is "
    "asked for.",
    ("a tensor", "a float"): ".item() makes a plain number of a tensor with one entry.",
    ("a numpy array", "a float"): ".item() makes a plain number of an array with one entry.",
    ("a tensor", "a list"): ".tolist() makes a list of a tensor.",
    ("a numpy array", "a list"): ".tolist() makes a list of an array.",
}


def of_kinds(came: str, expected: str) -> str:
    """For two kinds of value, as a message calls them; "" where nothing is sure."""
    return _KINDS.get((came, expected), "")


def of_dtypes(came: str, expected: str) -> str:
    """For the dtypes of two tensors or arrays; "" where nothing is sure."""
    if "float" not in expected:
        return ""
    if "float" in came:
        return FOLLOW.format(DOUBLE if came == "float64" else SINGLE)
    return WHOLE if came.startswith(("int", "uint", "bool")) else ""
