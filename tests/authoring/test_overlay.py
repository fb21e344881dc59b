"""An overlay holds only what differs from the reference."""

import ast
from types import SimpleNamespace

import pytest

from grader.authoring.overlay import compose
from grader.errors import CourseError

REFERENCE = '''"""The reference."""

from __future__ import annotations

from math import floor

# ---- first


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


class Counter:
    """Counts."""

    step = 1

    def __init__(self):
        self.count = 0

    @property
    def next(self):
        return self.count + self.step


def half(x):
    return floor(x / 2)
'''


def run(overlay: str) -> SimpleNamespace:
    names: dict[str, object] = {}
    exec(compose(REFERENCE, overlay), names)
    return SimpleNamespace(**names)


def test_nothing_to_lay_over_leaves_the_reference() -> None:
    assert compose(REFERENCE, '"""Nothing differs."""\n') == REFERENCE


def test_a_function_replaces_its_namesake_and_nothing_else() -> None:
    module = run('"""Three times."""\n\n\ndef double(x):\n    return 3 * x\n')
    assert (module.double(5), module.half(7), module.__doc__) == (15, 3, "The reference.")


def test_the_replaced_solution_and_its_markers_are_gone() -> None:
    assert "SOLUTION" not in compose(REFERENCE, "def double(x):\n    return 3 * x\n")


def test_of_a_class_only_the_methods_are_replaced() -> None:
    module = run("class Counter:\n    def __init__(self):\n        self.count = 10\n")
    assert (module.Counter().next, module.Counter.__doc__) == (11, "Counts.")


def test_a_decorated_method_is_replaced_with_its_decorator() -> None:
    module = run("class Counter:\n    def next(self):\n        return 'called'\n")
    assert module.Counter().next() == "called"


def test_new_methods_join_the_class() -> None:
    module = run("class Counter:\n    def back(self):\n        return self.count - self.step\n")
    assert (module.Counter().back(), module.Counter().next, module.half(4)) == (-1, 1, 2)


def test_imports_come_first_and_future_imports_before_them() -> None:
    overlay = (
        "import math\nfrom __future__ import annotations\n\n\ndef double(x: Unknown):\n    return math.hypot(x, x)\n"
    )
    source = compose(REFERENCE.replace("from __future__ import annotations\n\n", ""), overlay)
    assert source.index("__future__") < source.index("import math") < source.index("from math")
    compile(source, "composed", "exec")


def test_other_statements_come_before_the_definition_that_follows_them() -> None:
    overlay = (
        "FACTOR = 4\n\n\ndef scale(x):\n    return FACTOR * x\n\n\ndef half(x, scale=scale):\n    return scale(x)\n"
    )
    assert run(overlay).half(2) == 8


def test_statements_after_the_last_definition_go_to_the_end() -> None:
    assert run("def double(x):\n    return 0\n\n\nhalf = double\n").half(9) == 0


def test_several_overlays_of_one_class_and_functions_around_it() -> None:
    overlay = "def half(x):\n    return 'h'\n\n\nclass Counter:\n    step = 5\n\n\ndef double(x):\n    return 'd'\n"
    module = run(overlay)
    assert (module.half(1), module.double(1), module.Counter().next) == ("h", "d", 5)


def test_what_joins_a_class_at_the_end_of_the_module_stays_in_it() -> None:
    reference = "class Counter:\n    def count(self):\n        return 1\n"
    names: dict[str, type] = {}
    exec(compose(reference, "class Counter:\n    def back(self):\n        return -1\n\n\nX = 3\n"), names)
    assert (names["Counter"]().back(), names["X"]) == (-1, 3)


def test_a_function_may_stand_in_for_a_class() -> None:
    assert run("def Counter():\n    return 'a function'\n").Counter() == "a function"


@pytest.mark.parametrize("overlay", ["def double(x:\n    return x\n", "x = '\0'\n"])
def test_an_overlay_that_python_cannot_read_is_our_mistake(overlay: str) -> None:
    with pytest.raises(CourseError, match="not valid Python"):
        compose(REFERENCE, overlay)


def test_the_result_is_valid_python() -> None:
    ast.parse(compose(REFERENCE, "import os\nX = 1\n"))
