"""Which small changes the generic mutants make: a choice of cosmic-ray's operators, and two of our own.

Left out of cosmic-ray's, because what they make says nothing about the checks:

- variables replaced or inserted: at random, so that each run would prove something else;
- arithmetic made into shifts and bit operations, and the other way round: on floating point it raises at once, so any
  check that reaches the line kills it, and the arithmetic swaps on the same line ask for that already;
- `==` and `<` made into `is`: whether equal numbers are one object is a matter of Python's, not of the student's;
- unary operators other than left out: `~mask` made into `-mask` or `not mask` raises at once.

cosmic-ray has no operator for the two slips that students make most: a step that is forgotten, and a call that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Keyword

ARITHMETIC = {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"}
IDENTITY = {"Is", "IsNot"}

Position = tuple[tuple[int, int], tuple[int, int]]  # (line, column) of begin and end; lines count from 1


class DeleteStatement(Operator):  # type: ignore[misc]  # the package has no types
    """An operator that forgets a statement: `pass` in its place."""

    KEPT = ("import_name", "import_from", "global_stmt", "nonlocal_stmt", "string", "strings")

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        if node.type == "simple_stmt" and node.children[0].type not in self.KEPT and not _is_pass(node.children[0]):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        first = node.children[0].get_first_leaf()
        node.children[0] = Keyword("pass", first.start_pos, first.prefix)
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("a = 1\nb = 2\n", "pass\nb = 2\n"), Example("def f():\n    return 1\n", "def f():\n    pass\n"))


class DropCall(Operator):  # type: ignore[misc]
    """An operator that forgets a method: `losses.detach()` becomes `losses`.

    Not functions of an imported module (`torch.stack(x)`), of which no value would be left, nor a call that is a
    statement of its own, which is forgotten as a statement.
    """

    def mutation_positions(self, node: Any) -> Iterator[Position]:
        # All at once: whoever asks goes on asking after `mutate` has changed the node.
        yield from [(node.children[i].start_pos, node.children[i + 1].end_pos) for i in self._dropped(node)]

    def mutate(self, node: Any, index: int) -> Any:
        at = self._dropped(node)[index]
        node.children = [*node.children[:at], *node.children[at + 2 :]]
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (
            Example("y = x.exp().sum(0)\n", "y = x.sum(0)\n"),
            Example("y = x.exp().sum(0)\n", "y = x.exp()\n", occurrence=1),
            Example("import torch\ny = torch.stack(x).sum()\n", "import torch\ny = torch.stack(x)\n"),
        )

    @staticmethod
    def _dropped(node: Any) -> list[int]:
        """Where a method's name stands among the node's children; its parentheses come next."""
        if node.type not in ("atom_expr", "power") or (node.parent and node.parent.type == "simple_stmt"):
            return []
        return [
            i
            for i, (named, called) in enumerate(pairwise(node.children))
            if named.type == called.type == "trailer" and named.children[0] == "." and called.children[0] == "("
            if not (i == 1 and _is_module(node.children[0]))
        ]


@dataclass(frozen=True)
class Named:
    """An operator with its name in reports."""

    name: str
    operator: Any


def operators() -> list[Named]:
    """The operators that generic mutants are made with."""
    theirs = [
        Named(name.removeprefix("core/"), get_operator(name)())
        for name in operator_names()
        if name.startswith("core/") and _sensible(name.removeprefix("core/"))
    ]
    return [*theirs, Named("DeleteStatement", DeleteStatement()), Named("DropCall", DropCall())]


def _sensible(name: str) -> bool:
    """Whether one of cosmic-ray's operators is of those that this file's first lines leave standing."""
    kind, _, swap = name.partition("_")
    old, _, new = swap.partition("_")
    if kind == "ReplaceBinaryOperator":
        return (old in ARITHMETIC) == (new in ARITHMETIC)
    if kind == "ReplaceComparisonOperator":
        return (old in IDENTITY) == (new in IDENTITY)
    if kind == "ReplaceUnaryOperator":
        return old == "Delete"
    return not kind.startswith("Variable")


def _is_pass(node: Any) -> bool:
    return bool(node.type == "keyword" and node.value == "pass")


def _is_module(node: Any) -> bool:
    """Whether this is a name that the file imports."""
    if node.type != "name":
        return False
    imports = node.get_root_node().iter_imports()
    return any(name.value == node.value for each in imports for name in each.get_defined_names())
