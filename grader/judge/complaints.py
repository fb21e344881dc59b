"""What the usual complaints of Python and PyTorch mean, for a student whose code brought one on.

A message decides on a sentence, and nothing of it is repeated: so it carries nothing out.
"""

from __future__ import annotations

import re

_CUT = (
    "No gradient leads here: something on the way cut it off, such as .detach(), .item(), .data, torch.tensor(...) of "
    "tensors, or torch.no_grad() around it."
)
_WHOLE_NUMBERS = (
    "Whole numbers and floating point do not go together here: do labels or ids stand where values belong, or the "
    "other way round? Look at the order of arguments, too."
)
_DTYPES = (
    "Two tensors of different dtypes meet here, such as float32 and float64: make one like the other. A layer that its "
    "module does not know, as in a plain list, stays float32 when the module becomes float64."
)
_IN_PLACE = "is changed in place (`+=`, `-=`, `x[...] = y`): make a new one."

# The first that fits is said.
_MEANINGS = tuple(
    (re.compile(pattern), means)
    for pattern, means in (
        (
            r"target dtype to be Long|target with class probabilities",
            "cross_entropy takes labels as class numbers (int64), or as probabilities in floating point.",
        ),
        (
            r"(?:same dtype|scalar type|input dtype).*\b(?:[Ll]ong|[Ii]nt\d*)\b|not implemented for 'Long'"
            r"|could not infer output dtype",
            _WHOLE_NUMBERS,
        ),
        (
            r"\bsame dtype\b|\bscalar type \w+ but found|\bFound dtype \w+ but expected"
            r"|\btype \([\w.]+\) should be the same|\binput dtype .* does not match",
            _DTYPES,
        ),
        (r"does not require grad", _CUT),
        (r"Can't call numpy\(\) on Tensor that requires grad", "numpy knows no gradient: stay with tensors."),
        (
            r"not have been used in the graph",
            "The loss does not depend on what the gradient is asked for: is it another tensor, or a copy?",
        ),
        (
            r"backward through the graph a second time",
            "backward() uses up what it walks through: make the loss anew for each step, and keep of earlier steps "
            "only what is detached.",
        ),
        (r"modified by an inplace operation", f"A tensor that the gradient still needs {_IN_PLACE}"),
        (r"in-place operation", f"A tensor that takes part in the gradient {_IN_PLACE}"),
        (
            r"implicitly created only for scalar outputs|only one element tensors can be converted",
            "One number is needed here, and a tensor with more entries came: is .mean() or .sum() missing?",
        ),
        (
            r"Boolean value of Tensor with more than one value",
            "One truth value is needed here: .any() or .all() makes one of many.",
        ),
        (
            r"zero-dimensional tensor .* cannot be concatenated",
            "torch.cat joins tensors that have a dimension; for single numbers take torch.stack.",
        ),
        (
            r"shapes cannot be multiplied|size of tensor a \(|input_size|[Ss]izes of tensors must match"
            r"|each tensor to be equal size|is invalid for input of size"
            r"|match the broadcast shape|shape of the mask|Dimension out of range",
            "The shapes do not fit in this line: print those of what meets here.",
        ),
        (r"values to unpack", "As many values have to come as names stand left of `=`."),
        (
            r"iteration over a 0-d tensor|cannot unpack non-iterable",
            "A single value came where several are taken apart.",
        ),
        (
            r"invalid literal for int\(\)|could not convert string to float",
            "A text stands where a number belongs: which of two values has to come first?",
        ),
        (
            r"index out of range|out of bounds",
            "An index lies beyond the end: compare it with the size of what is looked into.",
        ),
        (
            r"before Module\.__init__\(\) call|has no attribute '_(?:parameters|modules|buffers)'",
            "A module begins with super().__init__(), before anything is assigned to self.",
        ),
    )
)
# In place of a tensor.
_KINDS = re.compile(
    r"must be Tensor, not (?:\w+\.)*(\w+)|expected Tensor as element .* but got (?:\w+\.)*(\w+)"
    r"|'(?:\w+\.)*(float|int|list|tuple|ndarray)' object has no attribute"
)
_IN_PLACE_OF_A_TENSOR = {
    "float": "A plain number stands where a tensor is needed: .item() and float() come too early.",
    "int": "A plain number stands where a tensor is needed.",
    "list": "A list stands where a tensor is needed: torch.stack, or torch.tensor of numbers, makes one of it.",
    "tuple": "A tuple stands where a tensor is needed. Some calls give several values, such as nn.LSTM: take the one "
    "that you need.",
    "ndarray": "A numpy array stands where a tensor is needed: .numpy() makes the one of the other, torch.from_numpy "
    "goes back.",
    "generator": "PyTorch's function was called where Python's own was meant: leave out `from torch import *`.",
}


def meaning(message: str) -> str:
    """What a complaint means, or ""."""
    if "'NoneType'" in message or "not NoneType" in message:
        return "Something is None here. Does a function that you call end without `return`?"
    if kind := _KINDS.search(message):
        return _IN_PLACE_OF_A_TENSOR.get(next(filter(None, kind.groups())), "")
    return next((means for pattern, means in _MEANINGS if pattern.search(message)), "")
