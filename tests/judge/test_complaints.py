"""What the usual complaints of PyTorch mean: each is brought on for real, as the installed PyTorch words it."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from grader.judge.complaints import meaning


class NoBeginning(nn.Module):
    def __init__(self) -> None:
        self.weight = nn.Parameter(torch.zeros(2))


def complaint(code: str) -> str:
    """What Python or PyTorch says of some lines."""
    known = {"torch": torch, "nn": nn, "functional": functional, "np": np, "NoBeginning": NoBeginning}
    try:
        exec(code, known)
    except Exception as error:
        return str(error)
    pytest.fail(f"nobody complains of {code}")


WEIGHT = "w = torch.ones(3, requires_grad=True)\n"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("nn.Linear(2, 2)(torch.zeros(2).double())", "Two tensors of different dtypes meet here"),
        ("torch.zeros(2, 2) @ torch.zeros(2, 2).double()", "Two tensors of different dtypes meet here"),
        ("nn.LSTM(2, 2)(torch.zeros(1, 2).double())", "Two tensors of different dtypes meet here"),
        ("torch.zeros(2, 2).long() @ torch.zeros(2, 2)", "Whole numbers and floating point do not go together"),
        ("nn.Linear(2, 2)(torch.zeros(2).long())", "Whole numbers and floating point do not go together"),
        ("torch.arange(3).mean()", "Whole numbers and floating point do not go together"),
        ("functional.cross_entropy(torch.zeros(2, 3), torch.zeros(2))", "cross_entropy takes labels as class numbers"),
        ("functional.cross_entropy(torch.zeros(2, 3), torch.zeros(2, 3).long())", "cross_entropy takes labels as"),
        ("torch.zeros(2).sum().backward()", "No gradient leads here"),
        (WEIGHT + "with torch.no_grad():\n    y = w.sum()\ntorch.autograd.grad(y, w)", "No gradient leads here"),
        (WEIGHT + "w.numpy()", "numpy knows no gradient"),
        (
            WEIGHT + "torch.autograd.grad((w**2).sum(), torch.ones(2, requires_grad=True))",
            "The loss does not depend on",
        ),
        (WEIGHT + "y = (w**2).sum()\ny.backward()\ny.backward()", "make the loss anew for each step"),
        (WEIGHT + "y = w.exp()\ny += 1\ny.sum().backward()", "is changed in place"),
        (WEIGHT + "w -= 0.1", "is changed in place"),
        (WEIGHT + "(2 * w).backward()", "One number is needed here"),
        ("float(torch.zeros(2))", "One number is needed here"),
        ("bool(torch.zeros(2) > 0)", ".any() or .all()"),
        ("torch.cat([torch.tensor(1.0), torch.tensor(2.0)])", "take torch.stack"),
        ("torch.zeros(2, 3) @ torch.zeros(2, 3)", "The shapes do not fit"),
        ("torch.zeros(3) + torch.zeros(4)", "The shapes do not fit"),
        ("torch.cat([torch.zeros(2, 3), torch.zeros(2, 4)])", "The shapes do not fit"),
        ("torch.stack([torch.zeros(2), torch.zeros(3)])", "The shapes do not fit"),
        ("torch.zeros(6).reshape(4)", "The shapes do not fit"),
        ("torch.zeros(3).argmax(dim=1)", "The shapes do not fit"),
        ("nn.LSTM(3, 4)(torch.zeros(1, 5))", "The shapes do not fit"),
        ("nn.Embedding(3, 2)(torch.tensor([3]))", "An index lies beyond the end"),
        ("[1, 2][2]", "An index lies beyond the end"),
        ("a, b = torch.zeros(3)", "As many values have to come as names stand left of `=`."),
        ("a, b = torch.tensor(1.0)", "A single value came where several are taken apart."),
        ("a, b = 0.5", "A single value came where several are taken apart."),
        ("int('apple')", "which of two values has to come first?"),
        ("NoBeginning()", "A module begins with super().__init__()"),
        ("nn.LSTM(3, 4)(nn.LSTM(3, 3)(torch.zeros(1, 3)))", "A tuple stands where a tensor is needed"),
        ("functional.relu(nn.LSTM(3, 3)(torch.zeros(1, 3)))", "A tuple stands where a tensor is needed"),
        ("torch.stack([np.zeros(2), np.zeros(2)])", "A numpy array stands where a tensor is needed"),
        ("torch.stack([0.5, 0.25])", "A plain number stands where a tensor is needed"),
        ("(0.5).backward()", "A plain number stands where a tensor is needed"),
        ("torch.relu([1.0])", "A list stands where a tensor is needed"),
        ("from torch import *\nsum(x for x in [1, 2])", "leave out `from torch import *`"),
        ("torch.relu(None)", "Something is None here"),
        ("None.sum()", "Something is None here"),
    ],
)
def test_a_usual_complaint_is_told_with_its_meaning(code: str, says: str) -> None:
    assert says in meaning(complaint(code))


@pytest.mark.parametrize("code", ["raise ValueError('0.31415 apple')", "{}['key']", "1 / 0", "assert False, 'no'"])
def test_of_other_complaints_nothing_is_guessed(code: str) -> None:
    assert meaning(complaint(code)) == ""


def test_nothing_of_a_message_is_repeated() -> None:
    assert "0.31415" not in meaning("expected m1 and m2 to have the same dtype 0.31415, but got: 0.31415 != double")
