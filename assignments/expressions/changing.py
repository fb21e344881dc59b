"""Expressions that a right one is easily mistaken for: another base of the logarithm, a term that is missing."""

from collections.abc import Iterator
from typing import Any

Tree = tuple[Any, ...]
MOST = 24  # variants that are tried


def variants(tree: Tree) -> dict[str, Tree]:
    """What a slip makes of an expression: "base 2", "base 10", and "without term 1" and so on, from the left."""
    found = {}
    for base in ("2", "10"):
        changed = _with_base(tree, base)
        if changed != tree:
            found[f"base {base}"] = changed
    for number, changed in enumerate(_without_a_term(tree), 1):
        if number > MOST:
            break
        found[f"without term {number}"] = changed
    return found


def _with_base(tree: Tree, base: str) -> Tree:
    inside = tuple(_with_base(part, base) if isinstance(part, tuple) else part for part in tree)
    return ("quotient", inside, ("log", ("number", base))) if tree[0] == "log" else inside


def _without_a_term(tree: Tree) -> Iterator[Tree]:
    """The tree without one term of one of its sums, for each term."""
    if tree[0] == "sum":
        for i in range(1, len(tree)):
            rest = (*tree[1:i], *tree[i + 1 :])
            yield rest[0] if len(rest) == 1 else ("sum", *rest)
    for i, part in enumerate(tree):
        if isinstance(part, tuple):
            yield from ((*tree[:i], changed, *tree[i + 1 :]) for changed in _without_a_term(part))
