"""Imports run one way, and what runs beside a submission imports as good as nothing."""

import ast
from pathlib import Path

GRADER = Path(__file__).parents[1] / "grader"
ORDER = [
    "course",
    "authoring",
    "intake",
    "sandbox",
    "judge",
    "batch",
    "proof",
    "cluster",
    "report",
    "hand",
    "book",
    "review",
    "similarity",
    "gradescope",
    "commands",
    "cli",
    "staff",
]
BASE = {"atomic", "clock", "compiling", "errors", "text"}  # what every room uses
TRUSTED = tuple(ORDER[ORDER.index("judge") :])


def imported(path: Path) -> set[str]:
    """The modules of the grader that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("grader.")}


def room(name: str) -> str:
    return name.split(".")[1]


def test_imports_run_one_way() -> None:
    back = []
    for path in sorted(GRADER.rglob("*.py")):
        here = path.relative_to(GRADER).with_suffix("").parts[0]
        if here not in ORDER:
            continue
        allowed = {*BASE, *ORDER[: ORDER.index(here) + 1]}
        back += [f"{path.relative_to(GRADER)} imports {name}" for name in imported(path) if room(name) not in allowed]
    assert back == []


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {path.name for path in GRADER.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert rooms == {name for name in ORDER if name not in ("cli", "staff")}


def test_what_runs_beside_a_submission_reaches_nothing_trusted() -> None:
    reached, todo = set(), [GRADER / "sandbox" / "zygote.py", GRADER / "sandbox" / "worker.py"]
    while todo:
        path = todo.pop()
        if path in reached:
            continue
        reached.add(path)
        for name in imported(path):
            for target in (GRADER.parent / name.replace(".", "/")).parent.glob(f"{name.split('.')[-1]}.py"):
                todo.append(target)
    assert len(reached) > 5
    assert not [path for path in reached if path.relative_to(GRADER).parts[0] in TRUSTED]


def test_modules_that_tests_share_have_names_of_their_own() -> None:
    """They are found by name on one path: of two with one name, tests would meet whichever came first."""
    tests = Path(__file__).parent
    shared = [path for path in tests.rglob("*.py") if not path.name.startswith(("test_", "conftest", "__"))]
    courses = (tests / "courses", tests / "attacks" / "submissions")
    names = [path.name for path in shared if not any(path.is_relative_to(folder) for folder in courses)]
    assert sorted({name for name in names if names.count(name) > 1}) == []
