"""The two views of a homework, modules and notebook, and which of them counts when a submission holds both.

The one that is still as it was handed out loses to the other; when both were written in, the modules count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.authoring.digest import digest
from grader.intake import names, tree
from grader.intake.names import shown
from grader.intake.notebook import Notebook, read_notebook
from grader.intake.notebook_file import CLEAR, holds_notebook
from grader.intake.source import decoded
from grader.intake.submission import NO_PLACES, IntakeLimits, Places, Refused, View
from grader.intake.tree import Choice, Item
from grader.intake.wanted import Wanted


@dataclass(frozen=True)
class Work:
    """What a submission comes to: the modules' text, and how it was handed in."""

    modules: Mapping[str, str]
    view: View = "modules"
    places: Places = field(default_factory=lambda: NO_PLACES)
    absent: Mapping[str, str] = field(default_factory=dict)  # modules that are not there, and what to tell


def chosen(levels: tree.Levels, wanted: Wanted, limits: IntakeLimits, notes: list[str]) -> Work:
    """The work in a tree of files. Raises `Refused`; adds to `notes` what the student should know."""
    choice = tree.choose(levels, wanted, limits)
    files = {} if choice.absent and choice.notebooks else bytes_of(choice.modules, limits)
    disguised = [choice.modules[file] for file, data in files.items() if wanted.notebook and holds_notebook(data)]
    notebooks = choice.notebooks or disguised[:1]
    if disguised or (choice.absent and notebooks):
        return _notebook_alone(choice, _the_one(notebooks, wanted, limits), wanted, limits, notes)
    if choice.absent and not choice.modules:
        raise Refused(choice.absent)
    if choice.absent:
        return some_modules(choice, files, limits, notes)
    if notebooks:
        return _one_of_both(choice, files, wanted, limits, notes)
    notes += tree.remarks(choice.modules, [], choice.items, limits)
    return of_modules(files, limits, notes)


def some_modules(choice: Choice, files: Mapping[str, bytes], limits: IntakeLimits, notes: list[str]) -> Work:
    """The work of a submission in which modules are missing: each counts by itself."""
    notes += [*choice.lacking.values(), *tree.remarks(choice.modules, [], choice.items, limits)]
    absent = {file.removesuffix(".py"): why for file, why in choice.lacking.items()}
    return Work({**of_modules(files, limits, notes).modules, **dict.fromkeys(absent, "")}, absent=absent)


def of_modules(files: Mapping[str, bytes], limits: IntakeLimits, notes: list[str]) -> Work:
    """The work in the bytes of modules."""
    if sum(map(len, files.values())) > limits.sources_bytes:
        raise Refused(
            f"{', '.join(files)} together are larger than {limits.sources_bytes:,} bytes. Hand in source code only."
        )
    texts = {}
    for file, data in files.items():
        texts[file.removesuffix(".py")], remarks = decoded(data, file)
        notes += remarks
    return Work(texts)


def of_notebook(name: str, data: bytes, wanted: Wanted, limits: IntakeLimits, notes: list[str]) -> Work:
    """The work in the bytes of a notebook, which may be called anything."""
    if not names.is_notebook(name):
        notes.append(f"{shown(name)} holds a notebook, and was read as one")
    elif not names.same(name, wanted.notebook):
        notes.append(f"{shown(name)} was taken as {wanted.notebook}")
    return _work(read_notebook(data, shown(name), wanted, limits), notes)


def bytes_of(modules: Mapping[str, Item], limits: IntakeLimits) -> dict[str, bytes]:
    advice = "Hand in source code only, without data."
    return {file: tree.contents(file, item, limits.source_bytes, advice) for file, item in modules.items()}


def _work(notebook: Notebook, notes: list[str]) -> Work:
    notes += notebook.notes
    return Work(notebook.modules, "notebook", notebook.places)


def _bytes_of_notebook(item: Item, wanted: Wanted, limits: IntakeLimits) -> bytes:
    return tree.contents(wanted.notebook, item, limits.notebook_bytes, CLEAR)


def _the_one(notebooks: list[Item], wanted: Wanted, limits: IntakeLimits) -> Item:
    if len(notebooks) == 1:
        return notebooks[0]
    if _is_named(notebooks[0], wanted):
        raise Refused(tree.ambiguous(wanted.notebook, notebooks, limits))
    found = names.listed(sorted(item.path for item in notebooks), limits.notes)
    raise Refused(
        f"it is not clear which notebook counts: found {found}. Name the one that counts {wanted.notebook}, "
        "and hand it in again."
    )


def _is_named(item: Item, wanted: Wanted) -> bool:
    return names.folded(item.name) == names.folded(wanted.notebook)


def _notebook_alone(choice: Choice, item: Item, wanted: Wanted, limits: IntakeLimits, notes: list[str]) -> Work:
    """The notebook of a submission that does not hold all modules, or holds it under a module's name."""
    unused = [(file, other) for file, other in choice.modules.items() if other is not item]
    if unused:
        there = names.listed([file for file, _ in unused], 9)
        notes.append(f"{there}: not used, because not all modules were handed in; {shown(item.name)} counts")
    notes += tree.remarks({wanted.notebook: item}, [other for _, other in unused], choice.items, limits)
    try:
        return of_notebook(item.name, _bytes_of_notebook(item, wanted, limits), wanted, limits, notes)
    except Refused as refused:
        if choice.absent and not _is_named(item, wanted):
            raise Refused(f"{refused} (Or hand in modules: {choice.absent})") from None
        raise


def _one_of_both(
    choice: Choice, files: Mapping[str, bytes], wanted: Wanted, limits: IntakeLimits, notes: list[str]
) -> Work:
    """The view that counts of a submission that holds all modules and a notebook besides."""
    of_files: list[str] = []
    work = of_modules(files, limits, of_files)
    untouched = all(wanted.stubs.get(module) == digest(text) for module, text in work.modules.items())
    modules = names.listed(list(wanted.modules), 9)
    item = choice.notebooks[0]
    if not untouched and not (_is_named(item, wanted) and len(choice.notebooks) == 1):
        notes += [*tree.remarks(choice.modules, [], choice.items, limits), *of_files]
        return work
    item = _the_one(choice.notebooks, wanted, limits)
    file = shown(item.name)
    try:
        notebook = read_notebook(_bytes_of_notebook(item, wanted, limits), file, wanted, limits)
    except Refused as refused:
        if untouched and _is_named(item, wanted):
            raise
        notes += [f"{modules} counts, and {file} does not, which cannot be read: {refused}"]
    else:
        if notebook.written and untouched:
            notes += [f"{modules} is as it was handed out, so {file} counts"]
            used = {wanted.notebook: item}
            notes += tree.remarks(used, list(choice.modules.values()), choice.items, limits)
            return _work(notebook, notes)
        notes += [_why_modules(modules, file, notebook, work, untouched)]
    notes += [*tree.remarks(choice.modules, [item], choice.items, limits), *of_files]
    return work


def _why_modules(modules: str, file: str, notebook: Notebook, work: Work, untouched: bool) -> str:
    if untouched:
        return f"{modules} and {file} are as they were handed out"
    if not notebook.written:
        return f"{file} is as it was handed out, so {modules} counts"
    if all(digest(notebook.modules[module]) == digest(text) for module, text in work.modules.items()):
        return f"{modules} and {file} hold the same"
    return f"{modules} and {file} were both written in: {modules} counts and {file} does not. Hand in one of the two"
