"""Statements that only talk: with the grader, with Jupyter, with the platform on which a notebook was written.

They come along when cells are merged and when a notebook is exported as a script: `from grader import check`,
`check("2")`, `drive.mount("/content/drive")`. While work is graded there is nobody to answer them. Nothing moves: what
is taken out leaves a `pass` or an empty line.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.intake.magics import MAX_FOUND, Taken
from grader.intake.parsed import bound_names
from grader.text import clean_line

TALK = frozenset({"check", "as_module", "display", "get_ipython"})
# Packages of a platform, which nobody can install elsewhere.
PLATFORMS = (
    *("google.colab", "condacolab", "kaggle_secrets", "kaggle_datasets", "kaggle_web_client"),
    *("deepnote_toolkit", "piplite", "micropip"),
)
_PLACES = ("/content", "/kaggle")  # where these platforms keep files
_STAYS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Try, ast.TryStar)


@dataclass(frozen=True)
class Talk:
    """The names that are talk in some sources, and the modules that are not there while work is graded.

    A call of one of `names` at the top of a source is talk. Any statement there that uses one of `lost`, which only
    an absent module gives, would raise; function and class definitions stay all the same.
    """

    names: frozenset[str] = TALK
    lost: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


def talk_of(trees: Iterable[ast.Module], beside: frozenset[str] = frozenset()) -> Talk:
    """What is talk in sources that make one module; `beside` are modules of the homework that are not there.

    A name means what the student makes it mean, if anything does but an import of talk.
    """
    statements = [node for tree in trees for node in tree.body]
    absent = beside | {"grader"}
    given = [_given(node, absent) for node in statements]
    own = frozenset[str]().union(*given)
    lost = {name for node in statements for name in _not_given(node, absent)} - own
    # What is made of a lost name is lost too, unless something else makes it as well. Each statement is looked at once,
    # because a module may be a chain of a hundred thousand.
    users: dict[str, list[int]] = {}
    for at, node in enumerate(statements) if lost else ():
        for name in _used(node):
            users.setdefault(name, []).append(at)
    makers = Counter(name for names in given for name in names)
    using, todo = set[int](), list(lost)
    while todo:
        for at in users.get(todo.pop(), ()):
            if at in using:
                continue
            using.add(at)
            makers.subtract(given[at])
            more = {name for name in given[at] if not makers[name]} - lost
            lost |= more
            todo += more
    return Talk(TALK - own, frozenset(lost), absent)


def without_talk(source: str, tree: ast.Module, talk: Talk) -> Taken:
    """A source without the top-level statements that are talk."""
    lines = source.split("\n")
    taken: list[tuple[int, str]] = []
    for node in reversed(tree.body):
        instead = _instead(node, talk)
        if instead is None:
            continue
        if len(taken) == MAX_FOUND:
            break
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        taken.append((first + 1, clean_line(lines[first].strip(), 60)))
        before = lines[first].encode()[: node.col_offset].decode()
        after = lines[last].encode()[node.end_col_offset :].decode()
        lines[first : last + 1] = [before + instead + after, *[""] * (last - first)]
    return Taken("\n".join(lines), tuple(reversed(taken))) if taken else Taken(source)


def _instead(node: ast.stmt, talk: Talk) -> str | None:
    """What stands for a statement that is talk; None when it is not."""
    match node:
        case ast.Import(names=aliases):
            others = [alias for alias in aliases if not _is_absent(alias.name, talk.absent)]
            if len(others) == len(aliases):
                return None
            return ast.unparse(ast.Import(names=others)) if others else "pass"
        case ast.ImportFrom(module=str(module), names=aliases, level=0):
            others = [
                alias
                for alias in aliases
                if not _is_absent(f"{module}.{alias.name}", talk.absent)
                and not (module == "IPython" and alias.name == "get_ipython" and "get_ipython" in talk.names)
            ]
            if len(others) == len(aliases):
                return None
            return ast.unparse(ast.ImportFrom(module=module, names=others, level=0)) if others else "pass"
        case ast.Expr(value=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
            if _root(call) in talk.names | {"grader"} or _goes_to_a_platform(call):
                return "pass"
    return "pass" if talk.lost and _used(node) & talk.lost else None


def _is_absent(module: str, absent: frozenset[str]) -> bool:
    known = any(module == name or module.startswith(f"{name}.") for name in PLATFORMS)
    return known or module.partition(".")[0] in absent


def _not_given(node: ast.stmt, absent: frozenset[str]) -> Iterator[str]:
    """The names that an import at the top would give if its module were there."""
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                if _is_absent(alias.name, absent):
                    yield alias.asname or alias.name.partition(".")[0]
        case ast.ImportFrom(module=str(module), names=aliases, level=0):
            for alias in aliases:
                if _is_absent(f"{module}.{alias.name}", absent):
                    yield alias.asname or alias.name


def _given(node: ast.stmt, absent: frozenset[str]) -> set[str]:
    """The names that a statement binds. What comes with Jupyter is no name of the student's."""
    if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").partition(".")[0] == "IPython":
        return set()
    return bound_names(ast.Module([node], [])) - set(_not_given(node, absent))


def _used(node: ast.stmt) -> set[str]:
    """The names that a statement needs when it is run. One that guards itself is left alone: it needs none."""
    if isinstance(node, _STAYS):
        return set()
    if isinstance(node, ast.If) and "__name__" in {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)}:
        return set()
    names = set[str]()
    todo: list[ast.AST] = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, ast.Name):
            names.add(one.id)
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += ast.iter_child_nodes(one)
    return names


def _goes_to_a_platform(call: ast.Call) -> bool:
    """`os.chdir("/content/drive/MyDrive/hw0")`"""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="chdir"), args=[ast.Constant(value=str(to))]):
            return any(to == place or to.startswith(f"{place}/") for place in _PLACES)
    return False


def _root(node: ast.AST) -> str:
    """`get_ipython` of `get_ipython().run_line_magic(...)`."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
