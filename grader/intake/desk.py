"""The files of a submission, each read at most once, and what is known of them by what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grader.course.digest import digest
from grader.intake import names, tree
from grader.intake.names import shown
from grader.intake.notebook import Notebook, read_notebook
from grader.intake.notebook_file import CLEAR, holds_notebook
from grader.intake.parsed import DEFINITION
from grader.intake.source import as_text
from grader.intake.submission import IntakeLimits, Refused
from grader.intake.tree import Item, Kind
from grader.intake.wanted import Wanted


@dataclass
class Desk:
    """Reads what lies on it, and keeps it. Files that cannot be read are told apart by their paths."""

    wanted: Wanted
    limits: IntakeLimits
    _data: dict[int, bytes | Refused] = field(default_factory=dict)
    _texts: dict[int, str] = field(default_factory=dict)
    _opened: int = 0  # bytes of modules
    _opened_notebooks: int = 0
    _notebooks: dict[int, Notebook | Refused] = field(default_factory=dict)

    def data(self, item: Item, name: str) -> bytes:
        """The bytes of a module. Raises `Refused` when it is not an ordinary file of ordinary size."""
        if id(item) not in self._data:
            try:
                if self._opened > self.limits.opened_bytes:
                    raise Refused(_too_many(item, self.wanted))
                data = tree.contents(name, item, self.limits.source_bytes, self.wanted.only)
                self._opened += len(data)
                self._data[id(item)] = data
            except Refused as refused:
                self._data[id(item)] = refused
        kept = self._data[id(item)]
        if isinstance(kept, Refused):
            raise kept
        return kept

    def notebook(self, item: Item) -> Notebook:
        """A notebook. Raises `Refused` when there is nothing in it to grade."""
        if id(item) not in self._notebooks:
            try:
                if self._opened_notebooks > self.limits.opened_notebooks:
                    raise Refused(_too_many(item, self.wanted))
                data = tree.contents(self.wanted.notebook, item, self.limits.notebook_bytes, CLEAR)
                self._opened_notebooks += len(data)
                self._notebooks[id(item)] = read_notebook(data, shown(item.name), self.wanted, self.limits)
            except Refused as refused:
                self._notebooks[id(item)] = refused
        notebook = self._notebooks[id(item)]
        if isinstance(notebook, Refused):
            raise notebook
        return notebook

    def text(self, item: Item) -> str:
        """A module's text, or that of the module which a document stands for. "" when it cannot be read."""
        if id(item) not in self._texts:
            try:
                text = as_text(self.data(item, item.name), item.name, "")[0]
                self._texts[id(item)] = self.wanted.as_module(text)
            except Refused:
                self._texts[id(item)] = ""
        return self._texts[id(item)]

    def sign(self, item: Item) -> str:
        """Equal for modules of equal text."""
        return digest(text) if (text := self.text(item)).strip() else f"unreadable: {item.path}"

    def is_notebook(self, item: Item) -> bool:
        """Whether a file holds a notebook under another name."""
        try:
            return bool(self.wanted.notebook) and holds_notebook(self.data(item, item.name))
        except Refused:
            return False

    def defined(self, item: Item) -> set[str]:
        """The functions and classes of a module, without a look into blocks."""
        return set(DEFINITION.findall(self.text(item)))

    def written(self, item: Item) -> bool:
        """Whether a module or a notebook is neither empty nor as it was handed out.

        What cannot be read was written by somebody.
        """
        if names.is_notebook(item.name) or self.is_notebook(item):
            try:
                return self.notebook(item).written
            except Refused:
                return True
        return item.kind is not Kind.FILE or not (self._is_blank(item) or self.sign(item) in self.wanted.stubs.values())

    def _is_blank(self, item: Item) -> bool:
        try:
            return not self.data(item, item.name).strip()
        except Refused:
            return False


def _too_many(item: Item, wanted: Wanted) -> str:
    return f"{shown(item.path)} was not looked into: too much was handed in with it. Hand in only {wanted.asked}."


def alike(one: str, other: str, parts: frozenset[str]) -> bool:
    """Whether two modules define the parts of the homework in the same words: a notebook, and the script made of it."""
    return bool(parts) and all(_block(one, part) == _block(other, part) for part in parts)


def _block(text: str, part: str) -> str:
    """The words of the last definition of that name at the top of a text, without comments and blank lines."""
    found = list(re.finditer(rf"^(?:async[ \t]+def|def|class)[ \t]+{re.escape(part)}\b", text, re.MULTILINE))
    if not found:
        return ""
    lines = text[found[-1].start() :].split("\n")
    inside = [line for line in lines[1:] if line.strip()]
    end = next((at for at, line in enumerate(inside) if not line[0].isspace() and line[0] != ")"), len(inside))
    return digest("\n".join([lines[0], *(line for line in inside[:end] if not line.lstrip().startswith("#"))]))
