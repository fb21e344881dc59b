"""An expression as a tree of plain data: nested tuples of texts, and nothing else.

| node | what it is |
|---|---|
| `("number", "0.5")` | a number, as decimal digits |
| `("symbol", "s1")` | a declared symbol, by its name |
| `("pi",)`, `("e",)` | the two constants |
| `("sum", a, b, ...)` | two or more terms |
| `("product", a, b, ...)` | two or more factors |
| `("negative", a)` | -a; a difference is a sum with a negative term |
| `("quotient", a, b)` | a / b |
| `("power", a, b)` | a ^ b |
| `("log", a)`, `("exp", a)`, `("sqrt", a)` | the natural logarithm, the exponential, the square root |
| `("root", ("number", "3"), a)` | the cube root of a, and so on |

Two trees mean the same only if their values agree: `a - b` and `-(b - a)` are different trees.
"""

from collections.abc import Iterator
from typing import Any

Tree = tuple[Any, ...]

LEAVES = ("number", "symbol", "pi", "e")


def nodes(tree: Tree) -> Iterator[Tree]:
    """All nodes of a tree, from the top and from left to right. It does not recurse, so any depth will do."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if node[0] not in LEAVES:
            waiting.extend(reversed(node[1:]))


def symbols_in(tree: Tree) -> frozenset[str]:
    """The names of the symbols that a tree holds."""
    return frozenset(node[1] for node in nodes(tree) if node[0] == "symbol")
