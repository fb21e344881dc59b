"""Pairs that are drawn from the reference's own trees: rewritten ones are equal, and changed ones are not."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.course.assignment import Assignment

Tree = tuple[Any, ...]
ROUNDS, POINTS, RTOL = 12, 12, 1e-12
ONE, TWO = ("number", "1"), ("number", "2")


@pytest.fixture
def expressions(hw4: Assignment, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (folder,) = hw4.shared_folders
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(folder))
    import expressions

    yield expressions
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", "") and str(folder) in str(sys.modules[name].__file__):
            del sys.modules[name]


@pytest.fixture
def references(hw4: Assignment, expressions: ModuleType) -> list[tuple[Any, Tree]]:
    """Each answer's declaration, and the tree of the reference."""
    declared = expressions.declared((hw4.folder / "declared.toml").read_text(encoding="utf-8"))
    space: dict[str, Any] = {}
    exec((Path(hw4.solution) / "answers.py").read_text(encoding="utf-8"), space)
    return [(each, expressions.read(space[name](), each).tree) for name, each in declared.items()]


def points(declaration: Any, draw: random.Random) -> list[dict[str, Fraction]]:
    values: dict[str, Callable[[], float]] = {
        "positive": lambda: math.exp(draw.uniform(-0.9, 0.9)),
        "real": lambda: draw.choice((-1, 1)) * math.exp(draw.uniform(-0.9, 0.9)),
        "unit": lambda: draw.uniform(0.1, 0.9),
        "count": lambda: draw.randint(1, 6),
    }
    symbols = [symbol for symbol in declaration.symbols if not symbol.short_for]
    return [{symbol.name: Fraction(values[symbol.domain]()) for symbol in symbols} for _ in range(POINTS)]


def anywhere(tree: Tree, draw: random.Random, change: Callable[[Tree, random.Random], Tree | None]) -> Tree | None:
    """The tree with one of its nodes changed, or None where none can be."""
    places = [()]
    for place in places:  # grows
        node = at(tree, place)
        places += [(*place, i) for i, part in enumerate(node) if isinstance(part, tuple)]
    draw.shuffle(places)
    for place in places:
        if (changed := change(at(tree, place), draw)) is not None:
            return put(tree, place, changed)
    return None


def at(tree: Tree, place: tuple[int, ...]) -> Tree:
    for i in place:
        tree = tree[i]
    return tree


def put(tree: Tree, place: tuple[int, ...], changed: Tree) -> Tree:
    if not place:
        return changed
    first, *rest = place
    return (*tree[:first], put(tree[first], tuple(rest), changed), *tree[first + 1 :])


def rewritten(node: Tree, draw: random.Random) -> Tree | None:
    """The same value in another form."""
    kind, *parts = node
    forms: list[Tree] = [
        ("negative", ("negative", node)),
        ("product", ONE, node),
        ("quotient", ("product", TWO, node), TWO),
    ]
    if kind in ("sum", "product"):
        forms.append((kind, *draw.sample(parts, len(parts))))
    if kind == "quotient":
        forms += [
            ("product", parts[0], ("power", parts[1], ("negative", ONE))),
            ("product", parts[0], ("quotient", ONE, parts[1])),
        ]
    if kind == "log" and parts[0][0] == "quotient":
        forms.append(("sum", ("log", parts[0][1]), ("negative", ("log", parts[0][2]))))
    if kind == "product" and parts[-1][0] == "sum":
        forms.append(("sum", *(("product", *parts[:-1], term) for term in parts[-1][1:])))
    if kind == "power" and parts[1] == TWO:
        forms.append(("product", parts[0], parts[0]))
    if kind == "exp":
        forms.append(("quotient", ONE, ("exp", ("negative", parts[0]))))
    return draw.choice(forms)


def damaged(node: Tree, draw: random.Random) -> Tree | None:
    """Another value."""
    kind, *parts = node
    forms: list[Tree] = [
        ("negative", node),
        ("product", ("number", "1.0001"), node),
        ("sum", node, ("number", "0.001")),
    ]
    if kind == "sum":
        forms.append((kind, *parts[1:]) if len(parts) > 2 else parts[1])
    if kind == "quotient":
        forms.append(("quotient", parts[1], parts[0]))
    if kind == "power":
        forms += [("power", parts[0], ("sum", parts[1], ONE)), parts[0]]
    if kind == "log":
        forms.append(("quotient", node, ("log", TWO)))
    return draw.choice(forms)


def plainly(tree: Tree, point: dict[str, Fraction], short: dict[str, Tree]) -> float:
    """The value by Python's floats: a second opinion. NaN where there is none."""
    kind, *parts = tree
    if kind == "number":
        return float(parts[0])
    if kind == "symbol":
        return plainly(short[parts[0]], point, short) if parts[0] in short else float(point[parts[0]])
    if kind in ("pi", "e"):
        return math.pi if kind == "pi" else math.e
    values = [plainly(part, point, short) for part in parts]
    ways: dict[str, Callable[[], float]] = {
        "sum": lambda: sum(values),
        "product": lambda: math.prod(values),
        "negative": lambda: -values[0],
        "quotient": lambda: values[0] / values[1],
        "power": lambda: math.pow(*values),
        "log": lambda: math.log(values[0]),
        "exp": lambda: math.exp(values[0]),
        "sqrt": lambda: math.sqrt(values[0]),
    }
    try:
        return ways[kind]()
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan


def test_rewritten_answers_are_equal_and_changed_ones_are_not(expressions: ModuleType, references: Any) -> None:
    draw, equal, unequal = random.Random(15), 0, 0
    for declaration, reference in references:
        short = {s.name: expressions.read(s.short_for, declaration).tree for s in declaration.symbols if s.short_for}
        for _ in range(ROUNDS):
            here = points(declaration, draw)
            right = expressions.values(reference, declaration, here)
            for change, times in ((rewritten, 3), (damaged, 1)):
                tree = reference
                for _ in range(times):
                    tree = anywhere(tree, draw, change) or tree
                written = draw.choice((expressions.plain, expressions.latex))(tree, declaration)
                came = expressions.values(expressions.read(written, declaration).tree, declaration, here)
                second = [plainly(tree, point, short) for point in here]
                agree = all(
                    isinstance(a, float) and math.isclose(a, b, rel_tol=RTOL) for a, b in zip(came, right, strict=True)
                )
                really = all(math.isclose(a, b, rel_tol=1e-8) for a, b in zip(second, right, strict=True))
                assert agree == really, (declaration.name, written)
                assert agree or change is damaged, (declaration.name, written)
                equal, unequal = equal + agree, unequal + (not agree)
    assert equal >= ROUNDS * len(references)
    assert unequal >= ROUNDS * len(references) * 3 // 4  # some changes change nothing, such as a sign below a square
