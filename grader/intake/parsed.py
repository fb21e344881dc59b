"""The source of one cell as Python sees it. It is parsed and compiled, and never run."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from grader.text import clean_line

_SURELY_THERE = frozenset(dir(builtins)) | {"__file__", "__builtins__", "__class__"}


@dataclass(frozen=True)
class Parsed:
    """`tree` when it is valid; `fault` and its `line` when it is not; neither when only its reader can say."""

    tree: ast.Module | None
    fault: str = ""
    line: int = 0


def parsed(source: str) -> Parsed:
    """Python's own verdict on a source, with its complaint."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            # Finds what a syntax tree can hold all the same, such as a `return` outside of any function.
            compile(tree, "<cell>", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = min(error.lineno or 1, source.count("\n") + 1)
        text = source.split("\n")[line - 1]
        conflict = text.startswith(("<<<<<<<", "=======", ">>>>>>>"))
        fault = "a merge conflict that is not resolved" if conflict else clean_line(error.msg, 150)
        return Parsed(None, fault, line)
    except UnicodeEncodeError as error:
        return Parsed(None, "half a character, which no text has", source.count("\n", 0, error.start) + 1)
    except ValueError as error:  # a null byte, before Python 3.12
        return Parsed(None, clean_line(str(error), 150), source.count("\n", 0, max(source.find("\0"), 0)) + 1)
    except (RecursionError, MemoryError):
        # Nested too deeply for this process at this moment: the worker that imports it has the last word.
        return Parsed(None)
    return Parsed(tree)


def bound_names(tree: ast.Module) -> set[str]:
    """The names that a cell defines when it is run: functions, classes, imports, variables."""
    bound: set[str] = set()
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        bound.update(_bound_by(node))
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return bound


def missing_names(trees: list[ast.Module]) -> set[str]:
    """Names that code uses and nothing in it defines anywhere. Empty when an `import *` could define them."""
    used: set[str] = set()
    bound: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            bound.update(_bound_by(node))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
    return set() if "*" in bound else used - bound - _SURELY_THERE


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.arg(arg=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names
