"""Which file of a submission is which module: by its name, by a name like it, or by what it defines.

What was written beats what is as it was handed out. Where several files were written and differ, nobody can say which
of them counts, and the submission is refused with their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.intake import names
from grader.intake.desk import Desk
from grader.intake.names import shown
from grader.intake.submission import Notes, Refused
from grader.intake.tree import Item, Kind, ambiguous

_SOURCES = {".py": (".py", ".pyw", ".py.txt"), ".md": (".md", ".markdown", ".md.txt", ".txt")}
_TEXTS = (".txt", ".text", ".md", ".py.download")  # what browsers and editors make of ".py"
_OTHERS = re.compile(r"[.,~ _]+(?:\w{1,8}[~_]?)?$")  # what stands in place of ".py": ".bak", ".py3", "~", ",py"
_OPENED = 200  # files of other names that are looked into


@dataclass(frozen=True)
class Modules:
    """The file of each module, as far as there is one."""

    files: dict[str, Item]  # "multitask.py" -> its file
    missing: tuple[str, ...]
    written: bool  # whether one of them is not as it was handed out
    exact: bool  # whether all have the names that were asked for
    named: bool = True  # whether all are called like what was asked for, and none is known by its content alone


def modules_among(items: Sequence[Item], desk: Desk, notes: Notes) -> Modules:
    """The modules in a submission. Raises `Refused` when several files could be the same one."""
    wanted, files = desk.wanted, [item for item in items if item.kind is not Kind.FOLDER]
    chosen: dict[str, Item] = {}
    for name in wanted.modules:
        kin = [item for item in files if is_kin(item, name, desk)]
        if not any(desk.written(item) for item in kin):
            kin += _defining(name, [item for item in files if item not in kin], desk)
        if kin:
            chosen[name] = _the_one(name, kin, desk)
            _tell(name, chosen[name], kin, desk, notes)
    missing = tuple(name for name in wanted.modules if name not in chosen)
    written = any(desk.written(item) for item in chosen.values())
    exact = all(names.same(item.name, name) for name, item in chosen.items())
    named = all(is_kin(item, name, desk) for name, item in chosen.items())
    return Modules(chosen, missing, written, exact, named)


def the_only_module(items: Sequence[Item], desk: Desk, notes: Notes) -> Modules | None:
    """The only Python file, where one module is asked for: whatever it is called, unless it defines nothing of it."""
    (name, *others), sources = desk.wanted.modules, list(_strangers(items, desk))
    parts = desk.wanted.parts(names.module(name))
    if others or len(sources) != 1 or (parts and not parts & desk.defined(sources[0])):
        return None
    notes.append(f"{shown(sources[0].path)} was taken as {name}")
    return Modules({name: sources[0]}, (), desk.written(sources[0]), exact=False, named=False)


def defines_half(item: Item, desk: Desk) -> bool:
    """Whether a file defines at least half of what one of the modules must."""
    parts = [desk.wanted.parts(module) for module in desk.wanted.module_names]
    return any(of and 2 * len(of & desk.defined(item)) >= len(of) for of in parts)


def defines_all(item: Item, desk: Desk) -> bool:
    """Whether one file defines, at least half, what each of several modules must: a notebook exported as a script."""
    return all(
        parts and 2 * len(parts & desk.defined(item)) >= len(parts)
        for parts in (desk.wanted.parts(module) for module in desk.wanted.module_names)
    )


def is_kin(item: Item, name: str, desk: Desk) -> bool:
    """Whether a file is called as the module is, or so nearly that it is meant to be it or a copy of it."""
    fold = names.folded(item.name)
    if fold == names.folded(name):
        return not desk.is_notebook(item) and not _is_another(item, name, desk)
    if item.kind is not Kind.FILE or fold in map(names.folded, desk.wanted.modules):
        return False
    parts = desk.wanted.parts(names.module(name))
    if not fold.endswith(_SOURCES[names.suffix(name)]):
        near = any(names.is_near_miss(each, name) for each in (fold.removesuffix(".download"), _OTHERS.sub("", fold)))
        return near and bool(parts & desk.defined(item)) and not desk.is_notebook(item)
    if not names.is_near_miss(item.name, name) or desk.is_notebook(item):
        return False
    # "test_multitask.py" is called like a copy, and is none.
    return not parts or not desk.text(item) or bool(parts & desk.defined(item))


def _is_another(item: Item, name: str, desk: Desk) -> bool:
    """Whether a file that is called as a module holds another one, and nothing of this one."""
    own = desk.wanted.parts(names.module(name))
    return bool(own) and not own & desk.defined(item) and defines_half(item, desk)


def _strangers(items: Iterable[Item], desk: Desk) -> Iterable[Item]:
    """Python files that are called like nothing in particular."""
    sources = _SOURCES[names.suffix(desk.wanted.modules[0])]
    beside = {f"{stem}.py" for stem in desk.wanted.beside} | {names.folded(name) for name in desk.wanted.modules}
    for item in items:
        fold = names.folded(item.name)
        if item.kind is not Kind.FILE or not fold.endswith(sources) or fold in beside:
            continue
        if names.shadows(item.name, folder=False) or desk.wanted.of_another(item.name, desk.defined(item)):
            continue
        yield item


def _defining(name: str, items: Sequence[Item], desk: Desk) -> list[Item]:
    """The files of other names that define at least half of what the module must; or the only one with any of it."""
    parts = desk.wanted.parts(names.module(name))
    if not parts:
        return []
    strangers = [item for item in _strangers(items, desk) if not desk.is_notebook(item)][:_OPENED]
    some = [item for item in strangers if parts & desk.defined(item)]
    if len(some) == 1:
        return some
    return [item for item in some or _unlikely(items, desk) if 2 * len(parts & desk.defined(item)) >= len(parts)]


def _unlikely(items: Iterable[Item], desk: Desk) -> Iterable[Item]:
    """Files in which a module lies by mistake: under the name of another module, or called like a text."""
    modules = set(map(names.folded, desk.wanted.modules))
    for item in list(items)[:_OPENED]:
        fold = names.folded(item.name)
        if item.kind is Kind.FILE and (fold in modules or fold.endswith(_TEXTS) or "." not in fold):
            yield item


def _the_one(name: str, kin: list[Item], desk: Desk) -> Item:
    ranked = sorted(kin, key=lambda item: (not names.same(item.name, name), item.depth, item.path))
    different: dict[str, Item] = {}
    for item in ranked:
        if desk.written(item):
            different.setdefault(desk.sign(item), item)
    rivals = list(different.values())
    if len(rivals) > 1 and names.same(rivals[0].name, name):
        rivals = [item for item in rivals if item is rivals[0] or not names.is_outdated(item.name)]
    if len(rivals) > 1:
        raise Refused(ambiguous(name, rivals, desk.limits))
    return rivals[0] if rivals else ranked[0]


def _tell(name: str, item: Item, kin: list[Item], desk: Desk, notes: Notes) -> None:
    if names.same(item.name, name):
        others = [other for other in kin if other is not item and names.is_outdated(other.name)]
        rest = [other for other in others if desk.written(other) and desk.sign(other) != desk.sign(item)]
        if rest:
            paths = names.listed([other.path for other in rest], desk.limits.notes)
            notes.remark(f"{shown(item.path)} counts; {paths}, written too, does not")
        return
    stubs = [other for other in kin if names.same(other.name, name)]
    if desk.written(item) and stubs:
        notes.remark(f"{shown(stubs[0].path)} is as it was handed out, so {shown(item.path)} was taken as {name}")
    elif names.folded(item.name) in {names.folded(each) for each in desk.wanted.modules} - {names.folded(name)}:
        notes.remark(f"{shown(item.path)} holds what belongs in {name}, and was taken as {name}")
    else:
        notes.append(f"{shown(item.path)} was taken as {name}")
