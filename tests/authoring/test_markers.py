"""Markers: what they cut, and that whatever is not quite right is refused with file and line."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.markers import MarkerError, regions, solved
from grader.authoring.overlay import compose

GOOD = '''\
"""A module."""

import math


def area(radius):
    """Problem 1. The area of a circle."""
    ### BEGIN SOLUTION
    square = radius**2
    return math.pi * square
    ### END SOLUTION


class Net:
    """Problem 2. A net."""

    def __init__(self, width):
        """Makes the layers."""
        self.width = width
        ### BEGIN SOLUTION
        ### STUB: self.layers = []  # fill in
        self.layers = list(range(width))
        ### END SOLUTION

    def forward(self, x):
        """Problem 3. Runs the net."""
        ### BEGIN SOLUTION
        for layer in self.layers:
            x = x + layer
        ### END SOLUTION
        return x


### BEGIN SOLUTION
### STUB:
def _private(x):
    return x
### END SOLUTION
'''


def test_regions_say_where_they_are_and_what_takes_their_place() -> None:
    area, init, forward, private = regions(GOOD, "good.py")
    assert (area.begin, area.end, area.stub, area.function, area.problem) == (8, 11, None, "area", "1")
    # The method's own docstring names no problem, so the class's counts.
    assert (init.stub, init.function, init.problem) == (("        self.layers = []  # fill in",), "Net.__init__", "2")
    assert (forward.stub, forward.problem) == (None, "3")
    assert (private.stub, private.function) == ((), "")


def test_solved_is_the_module_without_markers() -> None:
    text = solved(GOOD)
    assert "###" not in text
    assert "self.layers = list(range(width))" in text
    assert "fill in" not in text
    compile(text, "good.py", "exec")


def test_an_overlay_on_a_marked_reference_still_has_paired_markers() -> None:
    assert len(regions(compose(GOOD, "def area(radius):\n    return 3 * radius\n"), "good.py")) == 3


def in_function(body: str) -> str:
    return 'def f(x):\n    """Problem 1. Does it."""\n' + "".join(f"    {line}\n" for line in dedent(body).splitlines())


BROKEN = {
    "begin without end": (in_function("### BEGIN SOLUTION\nreturn x"), 3, "without an ### END SOLUTION below it"),
    "end without begin": (in_function("return x\n### END SOLUTION"), 4, "without a ### BEGIN SOLUTION above it"),
    "nested": (
        in_function("### BEGIN SOLUTION\n### BEGIN SOLUTION\nreturn x\n### END SOLUTION\n### END SOLUTION"),
        4,
        "inside the region that begins at line 3",
    ),
    "two ends": (in_function("### BEGIN SOLUTION\nreturn x\n### END SOLUTION\n### END SOLUTION"), 6, "without a ### B"),
    "misspelt": (
        in_function("### BEGIN SOLUTIONS\nreturn x\n### END SOLUTION"),
        3,
        "`### BEGIN SOLUTIONS` is not a mar",
    ),
    "two signs": (
        in_function("## BEGIN SOLUTION\nreturn x\n### END SOLUTION"),
        3,
        "`## BEGIN SOLUTION` is not a marker",
    ),
    "lower case": (in_function("### begin solution\nreturn x\n### END SOLUTION"), 3, "is not a marker"),
    "no space": (in_function("###BEGIN SOLUTION\nreturn x\n### END SOLUTION"), 3, "is not a marker"),
    "words after it": (in_function("### BEGIN SOLUTION here\nreturn x\n### END SOLUTION"), 3, "is not a marker"),
    "beside code": (in_function("x = 1  ### BEGIN SOLUTION\nreturn x\n### END SOLUTION"), 3, "a line of its own"),
    "in a text": (
        'def f(x):\n    """Problem 1. Does it.\n\n    ### BEGIN SOLUTION\n    """\n    return x\n',
        4,
        "inside a text marks nothing",
    ),
    "indented differently": (
        in_function("if x:\n    ### BEGIN SOLUTION\n    return x\n### END SOLUTION"),
        6,
        "indented differently from its ### BEGIN SOLUTION at line 4",
    ),
    "nothing in it": (
        in_function("### BEGIN SOLUTION\n# to do\n### END SOLUTION\nreturn x"),
        3,
        "no statement between",
    ),
    "cuts a call": (
        in_function("y = max(\n    ### BEGIN SOLUTION\n    x,\n    ### END SOLUTION\n    1,\n)\nreturn y"),
        4,
        "cuts the statement that begins at line 3",
    ),
    "cuts a loop": (
        in_function("### BEGIN SOLUTION\nfor i in x:\n    y = i\n    ### END SOLUTION\n    z = i\nreturn y"),
        6,
        "indented differently",
    ),
    "cuts the end of a loop": (
        in_function("### BEGIN SOLUTION\nfor i in x:\n    y = i\n### END SOLUTION\n    z = i\nreturn y"),
        3,
        "cuts the statement that begins at line 4",
    ),
    "two blocks": (
        in_function("if x:\n    ### BEGIN SOLUTION\n    y = 1\nelse:\n    y = 2\n    ### END SOLUTION\nreturn y"),
        4,
        "different blocks",
    ),
    "two handlers": (
        in_function(
            "try:\n    y = 1\nexcept KeyError:\n    ### BEGIN SOLUTION\n    y = 2\nexcept TypeError:\n    y = 3\n"
            "    ### END SOLUTION\nreturn y"
        ),
        6,
        "different blocks",
    ),
    "two functions": (
        'def f(x):\n    """Problem 1. F."""\n    ### BEGIN SOLUTION\n    return x\n\n\ndef g(x):\n    return x\n'
        "    ### END SOLUTION\n",
        3,
        "different blocks",
    ),
    "the docstring": (
        'def f(x):\n    ### BEGIN SOLUTION\n    """Problem 1. F."""\n    return x\n    ### END SOLUTION\n',
        3,
        "the docstring belongs to the students",
    ),
    "top level": ("### BEGIN SOLUTION\nSECRET = 7\n### END SOLUTION\n", 1, "this region is in no function"),
    "class level": (
        'class C:\n    """Problem 1. C."""\n\n    ### BEGIN SOLUTION\n    size = 7\n    ### END SOLUTION\n',
        4,
        "this region is in no function",
    ),
    "no problem": (
        "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n",
        2,
        "docstring of f does not",
    ),
    "late stub": (
        in_function("### BEGIN SOLUTION\nreturn x\n### STUB: return None\n### END SOLUTION"),
        5,
        "come right below ### BEGIN SOLUTION",
    ),
    "stub outside": (in_function("### STUB: return None\nreturn x"), 3, "outside a region"),
    "two defaults": (
        in_function("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\ny = x\n### BEGIN SOLUTION\nx = y\n### END SOLUTION"),
        7,
        "f has a region at line 3 already",
    ),
    "hidden tests": (
        in_function("### BEGIN HIDDEN TESTS\nassert x\n### END HIDDEN TESTS"),
        3,
        "hidden tests do not live",
    ),
    "not Python": ("def f(:\n    ### BEGIN SOLUTION\n", 1, "not valid Python"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_marker_file_is_refused_with_file_and_line(name: str) -> None:
    source, line, words = BROKEN[name]
    with pytest.raises(MarkerError) as raised:
        regions(source, "broken.py")
    assert str(raised.value).startswith(f"broken.py, line {line}: ")
    assert words in str(raised.value)


@given(st.permutations(GOOD.splitlines()))
def test_shuffled_lines_never_pass_with_a_marker_left_over(lines: list[str]) -> None:
    source = "\n".join(lines) + "\n"
    try:
        found = regions(source, "shuffled.py")
    except MarkerError:
        return
    assert len(found) == source.count("### BEGIN SOLUTION")
