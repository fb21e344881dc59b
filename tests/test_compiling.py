"""Sources that Python cannot compile, for whichever reason: always a SyntaxError, with the line where there is one."""

from __future__ import annotations

import re

import pytest

from grader.compiling import compiled, deep_line

DEEP = "it is nested too deeply for Python"
SIGNS, TERMS = "-" * 20_000 + "1", "+".join(["y"] * 20_000)
BLOCKS = "".join(f"{' ' * i}if y:\n" for i in range(101)) + " " * 101 + "pass\n"
SOURCES = {
    "a syntax error": ("x = 1\ny = = 2\n", 2, "invalid syntax"),
    "signs in a row": (f"y = 1\nx = {SIGNS}\n", 2, DEEP),
    "words in a row": (f"y = 1\nx = {'not ' * 20_000}y\n", 2, DEEP),
    "a long sum": (f"y = 1\n\n\nx = {TERMS}\nz = [{'1, ' * 30_000}]\n", 4, DEEP),
    "a sum over lines": ("y = 1\nx = (\n" + "    y +\n" * 9_000 + "    y)\nz = 1\n", 2, DEEP),
    "attributes in a row": (f"y = 1\nx = y{'.a' * 20_000}\n", 2, DEEP),
    "in a function": (f"def f(y):\n    if y:\n        return {SIGNS}\n", 3, DEEP),
    "in a condition": (f"y = 1\nif y:\n    pass\nelif {'-' * 5_000}y:\n    pass\n", 4, DEEP),
    "a chain of conditions": ("y = 1\n\nif y:\n    pass\n" + "elif y:\n    pass\n" * 4_000 + "z = 2\n", 3, DEEP),
    "below a decorator": ("y = 1\n@y\ndef f():\n  if y: 1\n" + "  elif y: 1\n" * 4_000, 2, DEEP),
    "too long to search": ("y = 1\nif y:\n    pass\n" + "elif y:\n    pass\n" * 20_000, 0, DEEP),
    "brackets": (f"y = 1\nx = {'(' * 300}1{')' * 300}\n", 2, "too many nested parentheses"),
    "blocks": (BLOCKS, 101, "too many levels of indentation"),
    "a number": (f"y = 1\nx = {'9' * 5_000}\n", 2, r"Exceeds the limit \(4300 digits\)"),
    "a null byte": ("y = 1\nx = '\0'\n", 2, "null bytes"),
    "half a character": ("y = 1\nx = '\ud800'\n", 2, "half a character"),
}


@pytest.mark.parametrize(("source", "line", "reason"), SOURCES.values(), ids=SOURCES)
def test_whatever_keeps_python_from_it_is_a_syntax_error(source: str, line: int, reason: str) -> None:
    with pytest.raises(SyntaxError, match=reason) as caught:
        compiled(source, "work.py")
    assert (caught.value.filename, caught.value.lineno) == ("work.py", line)
    assert re.sub(r" \([^()]*, line \d+\)$", "", str(caught.value)) == caught.value.msg


def test_what_is_valid_becomes_code() -> None:
    names: dict[str, object] = {}
    exec(compiled(f"x = {'+'.join(['1'] * 500)}\n", "work.py"), names)
    assert names["x"] == 500


def test_a_source_without_anything_deep_has_no_deep_line() -> None:
    assert deep_line("x = (1 +\n    2)\n\nif x:\n    pass\n") == 0
    assert deep_line("x = (1 +\n") == 0
    assert deep_line("") == 0
