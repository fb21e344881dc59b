"""The skeleton of a new homework: one problem, one probe, one check, one mutant, one alternative, all of them sound."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.course.assignment import Course, read_text
from grader.errors import CourseError

TEMPLATES = Path(__file__).parent / "templates" / "homework"
_NAME = re.compile(r"(hw[0-9]+)_([a-z][a-z0-9_]*)")


def write_skeleton(course: Course, name: str, title: str) -> list[Path]:
    """Writes `assignments/<name>` and `solutions/<name>` and enters the homework in course.toml. Returns the files.

    Raises `CourseError` when the name is not one, or taken; nothing is written then.
    """
    values = _values(course, name, title)
    made = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True)
    with tempfile.TemporaryDirectory(dir=course.folder, prefix=".new-") as folder:
        for template in made.list_templates():
            side, _, path = template.removesuffix(".jinja").partition("/")
            target = Path(folder, side, path.replace("module.py", f"{values['module']}.py"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(made.get_template(template).render(values), encoding="utf-8")
        for side in ("solutions", "assignments"):
            (course.folder / side).mkdir(exist_ok=True)
            shutil.move(Path(folder, side), course.folder / side / name)
    toml = course.folder / "course.toml"
    if name not in [homework.name for homework in course.homeworks]:
        entry = f'\n[[homeworks]]\nname = "{name}"\nweight = "0"  # its share of the course grade\n'
        toml.write_text(read_text(toml).rstrip("\n") + "\n" + entry, encoding="utf-8")
    sides = [course.folder / side / name for side in ("assignments", "solutions")]
    return [file for side in sides for file in sorted(side.rglob("*")) if file.is_file()]


def _values(course: Course, name: str, title: str) -> dict[str, str]:
    found = _NAME.fullmatch(name)
    if not found:
        raise CourseError(f"{name!r} is no name for a homework. Write a number and a word, such as hw5_lifelong.")
    short, module = found.groups()
    title = " ".join(title.split())
    if not title or not title.isprintable() or any(sign in title for sign in '"\\`'):
        raise CourseError(f'{title!r} is no title. Write a few words without quotation marks, as TITLE="...".')
    for side in ("assignments", "solutions"):
        for path in (course.folder / side).glob(f"{short}_*"):
            raise CourseError(f"{path} is there already. Choose another number than {short.removeprefix('hw')}.")
    if module in sys.stdlib_module_names or find_spec(module) is not None:
        raise CourseError(f"{module}.py would be confused with the library {module}. Choose another word.")
    return {"name": name, "short": short, "module": module, "title": title}
