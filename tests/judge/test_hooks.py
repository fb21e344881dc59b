"""What of pytest the judge stands on: hooks and their arguments, and nothing private."""

import ast
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

import grader

# Name -> the arguments that we take of it, or hand to it. A pytest without one of these cannot run the judge.
HOOKS = {
    "pytest_addoption": {"parser"},
    "pytest_collection_modifyitems": {"items"},
    "pytest_collectreport": {"report"},
    "pytest_configure": {"config"},
    "pytest_internalerror": {"excrepr", "excinfo"},
    "pytest_pyfunc_call": {"pyfuncitem"},
    "pytest_runtest_call": set(),
    "pytest_runtest_makereport": {"item", "call"},
    "pytest_runtest_protocol": {"item", "nextitem"},
    "pytest_runtest_setup": {"item"},
    "pytest_runtest_teardown": {"item", "nextitem"},
    "pytest_runtestloop": {"session"},
    "pytest_sessionfinish": {"session"},
    "pytest_terminal_summary": {"terminalreporter"},
}
SOURCES = sorted(Path(grader.__file__).parent.rglob("*.py"))


def used() -> Iterator[tuple[str, set[str]]]:
    """Each hook that a file of ours implements or calls, with its arguments there."""
    for node in (node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("pytest_"):
            yield node.name, {argument.arg for argument in node.args.args} - {"self"}
        elif isinstance(node, ast.Attribute) and node.attr.startswith("pytest_"):
            yield node.attr, set()
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            keywords = {keyword.arg or "" for keyword in node.keywords}
            yield from [(node.func.attr, keywords)] if node.func.attr.startswith("pytest_") else []


def test_these_are_the_hooks_that_we_stand_on() -> None:
    found: dict[str, set[str]] = {}
    for name, arguments in used():
        found[name] = found.get(name, set()) | arguments
    assert found == HOOKS


@pytest.mark.parametrize("name", HOOKS)
def test_this_pytest_has_the_hook_with_these_arguments(name: str, pytestconfig: pytest.Config) -> None:
    specified = getattr(pytestconfig.hook, name).spec
    assert specified is not None, f"pytest {version('pytest')} knows no {name}"
    assert HOOKS[name] <= set(specified.argnames)


def test_nothing_private_of_pytest_is_imported() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] == "_pytest"], path
