"""What works on a student's machine and will not where it is graded: said before they hand in.

Only hints: read off the source, nothing is run. What stands below `if __name__ == "__main__":` is never run by us.
"""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from collections.abc import Collection
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions, requires
from pathlib import Path

from grader.commands.newer import SINCE, newer_syntax, why_newer
from grader.course.assignment import Assignment
from grader.intake import Submission
from grader.judge.quote import Quotes
from grader.sandbox.replies import Frame

MOST = 8
OURS, EXTRAS, MODELS = "learning-across-tasks", ("experiments", "notebook"), "lm"  # as pyproject.toml has them
FILES = "no file of yours is there when we grade: nothing can be read here"
GRADED_WITH = "the Python that grades may be an older one: the course allows it"
NETWORK = "there is no network when we grade"
PROCESSES = "no process can be started when we grade"
CALLS = {
    r"open|io\.open|(?:np|numpy)\.(?:load|loadtxt|genfromtxt|fromfile)|torch\.load|(?:pd|pandas)\.read_\w+": FILES,
    r"(?:\w+\.)?(?:read_text|read_bytes)": FILES,
    r"subprocess\.\w+|os\.(?:system|popen|fork|exec\w+|spawn\w+)|mp\.\w+|multiprocessing\.\w+": PROCESSES,
    r"socket\.\w+|urllib\.request\.\w+|requests\.\w+|torch\.hub\.\w+": NETWORK,
    r"input": "nobody is there to answer when we grade",
    r"breakpoint|i?pdb\.set_trace": "a debugger that was left in stops the grading of what calls it",
    r"exit|quit|sys\.exit|os\._exit": "this ends the program, and with it the check",
}


def away(assignment: Assignment, submission: Submission, folder: Path) -> list[str]:
    """A line for each thing in `submission` that is likely to fail where it is graded. `folder` is where it lies."""
    quotes, found = Quotes.of(submission, assignment.probes), list[str]()
    here = {*submission.modules, *(assignment.preload.modules if assignment.preload else ())}
    for module, text in submission.modules.items():
        reader = _Reader(here, folder, assignment.preload is not None)
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):  # which is said elsewhere
            reader.visit(ast.parse(text))
            reader.found += [(line, f"{why}, and {GRADED_WITH}") for line, why in newer_syntax(text, oldest_python())]
        for line, why in dict.fromkeys(reader.found):
            frame = Frame(f"{module}.py", line, "", "", ours=False)
            found.append(f"{quotes.where(frame)}, `{quotes.line(frame)}`: {why}.")
    more = f"And {len(found) - MOST} more lines like these."
    return found if len(found) <= MOST else [*found[:MOST], more]


class _Reader(ast.NodeVisitor):
    def __init__(self, here: Collection[str], folder: Path, models: bool) -> None:
        self.here, self.folder, self.models = here, folder, models
        self.found: list[tuple[int, str]] = []
        self.libraries: set[str] = set()  # imported by `import name`: others may call a text of theirs `copy`

    def visit_If(self, node: ast.If) -> None:
        names = {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}
        for each in node.orelse if "__name__" in names or "TYPE_CHECKING" in names else ast.iter_child_nodes(node):
            self.visit(each)

    def visit_Try(self, node: ast.Try) -> None:
        """What may fail here does no harm."""
        for part in (*node.handlers, *node.orelse, *node.finalbody, *([] if node.handlers else node.body)):
            self.visit(part)

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self.imported(node.lineno, name.name)
            self.asked(node.lineno, name.name)
            self.libraries.add(name.asname or name.name.partition(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        self.imported(node.lineno, module)
        for name in (module, *(f"{module}.{each.name}" for each in node.names)):
            self.asked(node.lineno, name)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = _dotted(node)
        if name.partition(".")[0] in self.libraries:
            self.asked(node.lineno, name)
        self.generic_visit(node)

    def asked(self, line: int, name: str) -> None:
        """A module, or a name of one, that the code asks for."""
        if why := why_newer(name, oldest_python()):
            self.found.append((line, f"{why}, and {GRADED_WITH}"))

    def imported(self, line: int, name: str) -> None:
        root = name.partition(".")[0]
        if root in self.here or root in sys.stdlib_module_names or root in SINCE:
            return
        if not root or (self.folder / f"{root}.py").is_file() or (self.folder / root).is_dir():
            self.found.append((line, "this is another file of yours, and only what is asked for is taken"))
        elif root not in course_packages(self.models):
            self.found.append((line, f"`{root}` is no package of this course, so it is not there when we grade"))

    def visit_Call(self, node: ast.Call) -> None:
        called = _dotted(node.func)
        for pattern, why in CALLS.items():
            if re.fullmatch(pattern, called):
                self.found.append((node.lineno, why))
        for keyword in node.keywords:
            value = keyword.value
            if keyword.arg == "num_workers" and isinstance(value, ast.Constant) and value.value:
                self.found.append((node.lineno, f"{PROCESSES}: use num_workers=0"))
        self.generic_visit(node)


def _dotted(node: ast.expr) -> str:
    """ "np.load" of such an expression; of others what stands behind the last dot."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}".removeprefix(".")
    return node.id if isinstance(node, ast.Name) else ""


@cache
def oldest_python() -> tuple[int, int]:
    """The oldest Python that the course allows, as its package says."""
    try:
        allowed = metadata(OURS)["Requires-Python"] or ""
    except PackageNotFoundError:
        allowed = ""
    found = re.search(r">=\s*(\d+)\.(\d+)", allowed)
    return (int(found[1]), int(found[2])) if found else (sys.version_info[0], sys.version_info[1])


@cache
def course_packages(models: bool) -> frozenset[str]:
    """What can be imported of the packages that the course installs, and of those which they need in any case."""
    wanted = [
        need
        for need in _needs(OURS)
        if (extra := _extra(need)) == "" or extra in EXTRAS or (models and extra == MODELS)
    ]
    known = set[str]()
    while wanted:
        name = _folded(re.split(r"[^\w.-]", wanted.pop(), maxsplit=1)[0])
        if name not in known:
            known.add(name)
            wanted += [need for need in _needs(name) if not _extra(need)]
    found = {top for top, holders in packages_distributions().items() if known & set(map(_folded, holders))}
    return frozenset(found | {"numpy", "torch"})


def _needs(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def _extra(need: str) -> str:
    """ "notebook" of `ipykernel>=6.29; extra == "notebook"`."""
    found = re.search(r"""extra *== *['"]([\w.-]+)""", need)
    return found[1] if found else ""


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
