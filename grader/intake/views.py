"""The two views of a homework, modules and notebook, and which of them counts when a submission holds both.

The one that is still as it was handed out loses to the other; when both were written in, the modules count. What is
packed within a submission counts when nothing beside it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.course.digest import digest
from grader.intake import names, notebooks, tree
from grader.intake.candidates import Modules, modules_among, the_only_module
from grader.intake.desk import Desk, alike
from grader.intake.names import shown
from grader.intake.notebook import Notebook, read_notebook
from grader.intake.script import cleaned
from grader.intake.search import Found, search
from grader.intake.source import as_text, decoded
from grader.intake.submission import NO_PLACES, CellPlace, IntakeLimits, Notes, Places, Refused, View
from grader.intake.tree import Item, Levels
from grader.intake.wanted import Wanted


@dataclass(frozen=True)
class Work:
    """What a submission comes to: the modules' text, and how it was handed in."""

    modules: Mapping[str, str]
    view: View = "modules"
    places: Places = field(default_factory=lambda: NO_PLACES)
    written: bool = True  # not as it was handed out
    absent: Mapping[str, str] = field(default_factory=dict)  # modules that are not there, and what to tell


class Tree:
    """One level of packing: the files of a folder or an archive, and which work is in them."""

    def __init__(self, levels: Levels, wanted: Wanted, limits: IntakeLimits) -> None:
        """Raises `Refused` when there are too many files, or several that could be the same one."""
        self.wanted, self.limits, self.desk = wanted, limits, Desk(wanted, limits)
        self.found: Found = search(levels, wanted, limits, self.desk.written)
        self.of_modules, self.of_notebook = Notes(), Notes()
        self.modules: Modules = modules_among(self.found.items, self.desk, self.of_modules)
        self.notebook = notebooks.notebook_among(self.found.items, self.desk, self.of_notebook)

    def written(self, notes: Notes) -> Work | None:
        """The work, if there is any that is not as it was handed out. Adds to `notes` what there is to tell."""
        modules = self.modules.written and not self.modules.missing
        if self.notebook and self.notebook.written and not (modules and self.modules.named):
            work = self._notebook_counts(self.notebook, notes)
            if modules and not self._same(self._of(self.modules, Notes()), self.notebook):
                paths = names.listed([item.path for item in self.modules.files.values()], self.limits.notes)
                notes.remark(f"{shown(self.notebook.item.path)} counts; {paths}, written too, does not")
            return work
        return self._modules_count(self.modules, notes) if modules else None

    def other(self, notes: Notes) -> Work | None:
        """The only Python file under whatever name, if nothing else is there."""
        if self.notebook and self.notebook.refused and self.notebook.exact:
            return None
        only = the_only_module(self.found.items, self.desk, self.of_modules) if self.modules.missing else None
        return self._modules_count(only, notes) if only else None

    def untouched(self, notes: Notes) -> Work:
        """What there is, though nobody wrote in it. Raises `Refused` when it is not all there, or cannot be read."""
        if not self.modules.missing:
            if self.notebook and self.notebook.refused and (self.notebook.exact or self.notebook.unclear):
                raise self.notebook.refused
            return self._modules_count(self.modules, notes)
        if self.modules.files and (self.notebook is None or self.modules.written):
            return self._some_modules(notes)
        missing = " ".join(self.missing().values())
        if self.notebook is None:
            raise Refused(missing)
        if self.notebook.refused:
            if self.notebook.exact or self.notebook.unclear:
                raise self.notebook.refused
            raise Refused(f"{self.notebook.refused} (Or hand in modules: {missing})")
        return self._notebook_counts(self.notebook, notes)

    def some(self, notes: Notes, used: Sequence[Item]) -> Work:
        """The modules that are there. `used` are files beside them that count, too."""
        return self._modules_count(self.modules, notes, used)

    def missing(self) -> dict[str, str]:
        """The modules that are not there, and what to tell about each."""
        others = [item for item in self.found.items if item not in self.modules.files.values()]
        there = list(self.modules.files)
        return {
            names.module(name): tree.absent(name, others, there, self.wanted, self.limits)
            for name in self.modules.missing
        }

    def _some_modules(self, notes: Notes) -> Work:
        """The work of a submission in which modules are missing: each counts by itself."""
        absent = self.missing()
        for told in absent.values():
            notes.remark(told)
        work = self._modules_count(self.modules, notes)
        return replace(work, modules={**work.modules, **dict.fromkeys(absent, "")}, absent=absent)

    def _modules_count(self, modules: Modules, notes: Notes, used: Sequence[Item] = ()) -> Work:
        """The modules as the work, with what there is to tell of a notebook beside them."""
        of_files = Notes()
        work = self._of(modules, of_files)
        beside = self.notebook if self.notebook and (self.notebook.near or not modules.written) else None
        if beside and beside.written and not modules.exact:
            if self._same(work, beside):
                return self._notebook_counts(beside, notes)
            paths = names.listed([item.path for item in modules.files.values()], self.limits.notes)
            raise Refused(
                f"it is not clear which counts: {paths} and {shown(beside.item.path)} were both written in, "
                "and differ. Keep the one that counts and remove the other."
            )
        notes.add(self.of_modules)
        if beside:
            self._tell_of(beside, modules, work, notes)
        self._tell_deeper(modules.files, notes)
        told = [*used, *([beside.item] if beside else [])]
        for note in tree.remarks(modules.files, told, self.found.items, self.limits):
            if note.startswith(tree.UNUSED) and not modules.written:  # one of these may be the work
                stubs = names.listed(list(modules.files), 9)
                notes.remark(f"{note} (nobody wrote in {stubs})")
            else:
                notes.append(note)
        notes.add(of_files)
        return work

    def _of(self, modules: Modules, notes: Notes) -> Work:
        data = {name: self.desk.data(item, name) for name, item in modules.files.items()}
        return of_modules(data, self.wanted, self.limits, notes)

    def _tell_of(self, beside: notebooks.Found, modules: Modules, work: Work, notes: Notes) -> None:
        counts, file = names.listed(list(self.wanted.modules), 9), shown(beside.item.name)
        if beside.refused:
            notes.remark(f"{counts} counts, and {file} does not, which cannot be read: {beside.refused}")
        elif not modules.written:
            notes.append(f"{counts} and {file} are as they were handed out")
        elif not beside.written:
            notes.append(f"{file} is as it was handed out, so {counts} counts")
        elif self._same(work, beside):
            notes.append(f"{counts} and {file} hold the same")
        else:
            notes.remark(
                f"{counts} and {file} were both written in: {counts} counts and {file} does not. Hand in one of the two"
            )

    def _same(self, work: Work, beside: notebooks.Found) -> bool:
        there = beside.notebook.modules if beside.notebook else {}
        return all(
            digest(there.get(module, "")) == digest(text)
            or alike(there.get(module, ""), text, self.wanted.parts(module))
            for module, text in work.modules.items()
        )

    def _notebook_counts(self, found: notebooks.Found, notes: Notes) -> Work:
        assert found.notebook is not None
        item, file = found.item, shown(found.item.name)
        modules = [other for other in self.modules.files.values() if other is not item]
        there = names.listed(list(self.modules.files), 9)
        told: list[Item] = []
        if self.modules.missing and modules:
            notes.remark(f"{there}: not used, because not all modules were handed in; {file} counts")
            told = modules
        elif modules and not self.modules.written:
            notes.append(f"{there} is as it was handed out, so {file} counts")
            told = modules
        notes.add(self.of_notebook)
        self._tell_deeper({self.wanted.notebook: item}, notes)
        notes += tree.remarks({self.wanted.notebook: item}, told, self.found.items, self.limits)
        _tell_name(item.name, self.wanted, notes)
        return _work(found.notebook, notes)

    def _tell_deeper(self, used: Mapping[str, Item], notes: Notes) -> None:
        """Files of the same names that lie deeper and were written too: somebody may have handed in the wrong one."""
        for name, item in used.items():
            twins = [twin for twin in self.found.deeper if names.folded(twin.name) == names.folded(name)]
            other = [twin.path for twin in twins if self.desk.written(twin) and not self._alike(twin, item)]
            if other:
                paths = names.listed(other, self.limits.notes)
                notes.remark(f"{shown(item.path)} counts; {paths}, deeper and written too, does not")

    def _alike(self, one: Item, other: Item) -> bool:
        if not names.is_notebook(one.name):
            return self.desk.sign(one) == self.desk.sign(other)
        try:
            return self.desk.notebook(one).modules == self.desk.notebook(other).modules
        except Refused:
            return True  # nothing in it could count


def of_modules(files: Mapping[str, bytes], wanted: Wanted, limits: IntakeLimits, notes: Notes) -> Work:
    """The work in the bytes of modules."""
    if sum(map(len, files.values())) > limits.sources_bytes:
        raise Refused(f"{', '.join(files)} together are larger than {limits.sources_bytes:,} bytes. {wanted.only}")
    texts, places = dict[str, str](), dict[str, tuple[CellPlace, ...]]()
    for file, data in files.items():
        text, remarks = decoded(data, file) if not wanted.document else as_text(data, file, "Markdown")
        if len(text.encode()) > limits.source_bytes:  # another encoding may need fewer bytes than UTF-8
            raise Refused(f"{file} is larger than {limits.source_bytes:,} bytes in UTF-8. {wanted.only}")
        notes += remarks
        texts[names.module(file)] = _module(text, file, wanted, limits, notes)
        if wanted.document:
            places[names.module(file)] = wanted.places_in(text, file)
    return Work(texts, places=places, written=not all(wanted.untouched(text, module) for module, text in texts.items()))


def _module(text: str, file: str, wanted: Wanted, limits: IntakeLimits, notes: Notes) -> str:
    if not wanted.document:
        return cleaned(text, file, wanted, limits.notes, notes)
    if twice := wanted.twice_in(text):
        notes.remark(f"{file}: {names.listed(twice, limits.notes)}: there are two answers; the last one counts")
    module = wanted.as_module(text)
    if not module:
        raise Refused(f"{file} has none of the headings that were handed out. Keep them, and write below each.")
    return module


def of_notebook(name: str, data: bytes, wanted: Wanted, limits: IntakeLimits, notes: Notes) -> Work:
    """The work in the bytes of a notebook, which may be called anything."""
    _tell_name(name, wanted, notes)
    return _work(read_notebook(data, shown(name), wanted, limits), notes)


def _tell_name(name: str, wanted: Wanted, notes: Notes) -> None:
    if not names.is_notebook(name):
        notes.append(f"{shown(name)} holds a notebook, and was read as one")
    elif not names.same(name, wanted.notebook):
        notes.append(f"{shown(name)} was taken as {wanted.notebook}")


def _work(notebook: Notebook, notes: Notes) -> Work:
    notes.add(notebook.notes)
    return Work(notebook.modules, "notebook", notebook.places, notebook.written)
