"""The reference's part of some problems: what is in it, and how it stands in a module."""

import base64
import marshal
from pathlib import Path
from textwrap import dedent
from types import CodeType
from typing import Any

import numpy as np
import pytest

from grader.errors import CourseError
from grader.judge.substitutes import part_of
from grader.sandbox.inline import InlineHost

REFERENCE = dedent('''
    """A reference."""

    from torch import Tensor

    FACTOR = 2
    ### BEGIN SOLUTION
    ### STUB:
    OFFSET = 0.0


    def shifted(x):
        return x + OFFSET


    def unused(x):
        return "the helper of problem 2"
    ### END SOLUTION


    def given(x):
        return x


    def twice(x: Tensor) -> Tensor:
        """Problem 1. Twice x."""
        ### BEGIN SOLUTION
        return shifted(FACTOR * given(x))
        ### END SOLUTION


    def mean(x: Tensor) -> Tensor:
        """Problem 2. The mean of twice x."""
        ### BEGIN SOLUTION
        secret = "how problem 2 is done"
        return twice(x).mean()
        ### END SOLUTION


    class Layer:
        """Problem 3. A layer."""

        def __init__(self) -> None:
            """Problem 3. Makes it."""
            ### BEGIN SOLUTION
            super().__init__()
            self.factor = 3
            ### END SOLUTION

        def __call__(self, x):
            """Problem 3. Applies it."""
            ### BEGIN SOLUTION
            return self.factor * x
            ### END SOLUTION
''')
PROBES = dedent("""
    import tiny

    def ask(name, x):
        return getattr(tiny, name)(x)

    def layer(x):
        return tiny.Layer()(x)

    def bound(name):
        return name in vars(tiny)
""")
PATH = Path("tiny.py")


def texts_in(code: CodeType) -> list[str]:
    found = [code.co_filename, *code.co_names]
    for constant in code.co_consts:
        found += (
            texts_in(constant) if isinstance(constant, CodeType) else [constant] if isinstance(constant, str) else []
        )
    return found


def asked(source: str, problems: str, probe: str = "ask", **arguments: Any) -> Any:
    host = InlineHost({"tiny": dedent(source)}, PROBES, given={"tiny": part_of(REFERENCE, problems.split(), PATH)})
    reply = host.call(probe, arguments, 0)
    assert reply.outcome == "returned", reply
    return reply.value.data if hasattr(reply.value, "data") else reply.value


def test_it_holds_these_problems_and_what_they_need() -> None:
    part = part_of(REFERENCE, ["1"], PATH)
    assert part.names == ("twice",)
    texts = texts_in(marshal.loads(base64.b64decode(part.code)))
    assert {"twice", "shifted", "OFFSET", "FACTOR"} <= set(texts)
    assert not {"mean", "Layer", "unused", "how problem 2 is done", "the helper of problem 2"} & set(texts)
    assert not [text for text in texts if "Problem" in text or "reference" in text]


def test_several_problems_come_together() -> None:
    assert part_of(REFERENCE, ["1", "3"], PATH).names == ("twice", "Layer")
    assert part_of(REFERENCE, ["4"], PATH).names == ()


def test_a_class_of_two_problems_cannot_stand_in() -> None:
    both = REFERENCE.replace('"""Problem 3. Applies it."""', '"""Problem 4. Applies it."""')
    with pytest.raises(CourseError, match=r"tiny\.py, line \d+: this class has something of problem 4 too"):
        part_of(both, ["3"], PATH)
    assert part_of(both, ["3", "4"], PATH).names == ("Layer",)


@pytest.mark.parametrize(
    "own",
    [
        "def twice(x):\n    return -x\n",
        "if True:\n    def twice(x):\n        return -x\n",
        "twice = lambda x: -x\n",
        "import functools\n@functools.cache\ndef twice(x):\n    return -x\n",
        "from operator import neg as twice\n",
        "def twice(x):\n    return -x\ndel twice\n",
        "",
    ],
)
def test_it_stands_there_whatever_the_text_defines(own: str) -> None:
    assert asked(own, "1", name="twice", x=np.ones(2)).tolist() == [2, 2]


def test_what_is_not_given_is_the_submissions_own_and_finds_what_is() -> None:
    own = "def twice(x):\n    return -x\nkept = twice\ndef mean(x):\n    return kept(x).sum() + twice(x).sum()\n"
    assert asked(own, "1", name="mean", x=np.ones(3)) == 12


def test_its_helpers_do_not_meet_the_submissions() -> None:
    own = "FACTOR = 5\ndef shifted(x):\n    return FACTOR\ndef mean(x):\n    return shifted(x) + twice(x).sum()\n"
    assert asked(own, "1", name="mean", x=np.ones(1)) == 7
    assert asked(own, "1", "bound", name="OFFSET") is False


def test_it_uses_the_submissions_own_of_other_problems() -> None:
    assert asked("def twice(x):\n    return 7 * x\n", "2", name="mean", x=np.ones(3)) == 7


def test_a_class_that_builds_on_a_given_one_does() -> None:
    own = """
        class Layer:
            def __init__(self):
                self.factor = 100

        class Deeper(Layer):
            def __call__(self, x):
                return super().__call__(x) + 1

        def mean(x):
            return Deeper()(x).sum()
    """
    assert asked(own, "3", name="mean", x=np.ones(1)) == 4
    assert asked(own, "3", "layer", x=np.ones(1)).tolist() == [3]
