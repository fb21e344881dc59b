"""Code in a shared folder, for checks: `assignments/characters/characters.py` is the module `characters`."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from grader.course.assignment import Assignment
from grader.errors import CourseError
from grader.sandbox.importable import take_out


def load_shared(assignment: Assignment, name: str) -> ModuleType:
    """The module that has the name of its shared folder. Imported once; raises `CourseError` if it is not there."""
    place = next((place for place in assignment.shared_folders if place.name == name), None)
    if place is None:
        raise CourseError(f"{assignment.folder / 'assignment.toml'}: a check uses {name!r}. Add it to `shared`.")
    file = place / f"{name}.py"
    known = sys.modules.get(name)
    if known is not None and getattr(known, "__file__", None) == str(file):
        return known
    spec = spec_from_file_location(name, file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise CourseError(f"{file}: is missing, and a check uses it. A shared folder's module has the folder's name.")
    take_out([name])  # of another course: also the modules inside it
    module = module_from_spec(spec)
    sys.modules[name] = module  # first of all, since a dataclass in it will want to find itself
    spec.loader.exec_module(module)
    return module
