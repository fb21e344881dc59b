"""The part of the framework that students need: what its commands for students import, and what these import.

There is no list of files to keep: the sources are read, imports inside functions included. What `if TYPE_CHECKING:`
imports is left out, as nothing imports it when the program runs.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from grader.errors import CourseError

PACKAGE = Path(__file__).parents[1]
# What is started by name: the command line, the pytest plugin, and what a notebook imports.
STARTS = ("grader.__main__", "grader.judge.plugin", "grader.commands.live")
LEFT_OUT = ("grader.staff",)  # cli.py loads it where it is there
_MODULE = re.compile(r"grader(\.[a-z_]\w*)+")
_CODE = re.compile(r"^(?:from|import) grader\b", re.MULTILINE)


def framework_files() -> list[Path]:
    """Paths of the modules and the data files that students need, sorted. Raises `CourseError`."""
    return files_reached(STARTS, LEFT_OUT)


def files_reached(starts: Iterable[str], left_out: Iterable[str] = ()) -> list[Path]:
    """Paths of these modules, of all that they import and of the data files that they name. Raises `CourseError`.

    What only modules of `left_out` import is not followed.
    """
    barred = set(left_out)
    needed: set[Path] = set()
    todo = list(starts)
    while todo:
        name = todo.pop()
        for module in _with_packages(name):
            path = _file(module)
            if path is None:
                raise CourseError(f"{name} is imported, but there is no {module.replace('.', '/')}.py.")
            if path not in needed:
                needed.add(path)
                todo += sorted(_imports(path) - barred)
                needed.update(_data_files(path))
    return sorted(needed)


def needed_distributions(files: Iterable[Path]) -> set[str]:
    """The distributions on the package index whose modules these Python files import."""
    imported = {module.split(".")[0] for path in files if path.suffix == ".py" for module in _read(path).names}
    by_module = _installed()
    return {normal(name) for module in imported - sys.stdlib_module_names for name in by_module.get(module, ())}


@cache
def _installed() -> Mapping[str, list[str]]:
    """The distributions of each top-level module; looking through all that is installed takes half a second."""
    return packages_distributions()


def normal(distribution: str) -> str:
    """A distribution's name as packaging compares it: "Jinja2" and "jinja2" are one."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _with_packages(name: str) -> Iterator[str]:
    """`grader`, `grader.judge` and `grader.judge.plugin` of the last of these."""
    parts = name.split(".")
    yield from (".".join(parts[:end]) for end in range(1, len(parts) + 1))


def _file(module: str) -> Path | None:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


@dataclass(frozen=True)
class _Module:
    """What a module says: the names in its import statements, and its strings that are no documentation."""

    names: frozenset[str]
    texts: frozenset[str]


def _read(path: Path) -> _Module:
    try:
        return _module(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        raise CourseError(f"{path}: cannot be read as Python ({error}).") from None


@cache  # by text: whoever asks again after an edit reads what is new, and nothing else
def _module(source: str) -> _Module:
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    documentation = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    constants = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in documentation]
    texts = frozenset(node.value for node in constants if isinstance(node.value, str))
    return _Module(frozenset(_names(tree)), texts)


def _imports(path: Path) -> set[str]:
    """The framework's modules that one of its files imports, by statement, by name or in code that it starts."""
    module = _read(path)
    found = set(module.names)
    for text in module.texts:
        if _MODULE.fullmatch(text) and _file(text):
            found.add(text)
        elif _CODE.search(text):
            found |= set(_names(ast.parse(text)))
    modules = {name for name in found if name == "grader" or name.startswith("grader.")}
    # Of `from grader.judge import Ask`, grader.judge.Ask is no module; a name without a file behind it is a mistake
    # only where it is not imported from a module that there is.
    return {name for name in modules if _file(name) or not _file(name.rpartition(".")[0])}


def _names(tree: ast.AST) -> Iterator[str]:
    """What the import statements in a tree name, those for type checkers left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for other in node.orelse:
                yield from _names(ast.Module([other], []))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from _names(node)


def _data_files(path: Path) -> Iterator[Path]:
    """Files beside a module that it names: "judge.ini", a sibling's source, all that end in ".bpf"."""
    texts = _read(path).texts
    for other in sorted(path.parent.iterdir()):
        named = other.name in texts or (other.suffix != ".py" and other.suffix in texts - {""})
        if named and other.is_file() and other != path:
            yield other
