"""Everything that a file says: code, comments, strings, cells, metadata, values, texts in pictures and arrays, base64.

`read` gives it line by line, each with the place where a person finds it. What cannot be read cannot be released.
"""

from __future__ import annotations

import ast
import base64
import binascii
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from grader.authoring import hypertext, npz, png

Line = tuple[str, str]  # (where, text)
Text = tuple[Line, ...]  # one after the other, as somebody reads them

PLAIN = (".md", ".txt", ".ini", ".csv", ".tsv", ".yml")
NAMED = ("LICENSE", "Makefile", ".gitignore")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]{4,}={0,2}")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b\x08", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd", b"\x7fELF")
DEPTH = 3  # base64 within base64


class Unreadable(Exception):
    """A file whose content cannot be compared with anything. `kind` is the leak's."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


@dataclass(frozen=True)
class Fault:
    """What must not be in a file, whatever it says."""

    where: str
    kind: str
    what: str


@dataclass(frozen=True)
class Content:
    """Texts, the digests of pictures with their places, and faults."""

    texts: tuple[Text, ...] = ()
    pictures: tuple[tuple[str, frozenset[str]], ...] = ()
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: Content) -> Content:
        return Content(self.texts + other.texts, self.pictures + other.pictures, self.faults + other.faults)


def is_known(name: str) -> bool:
    """Whether files of this name are of a type that can be read here."""
    return name in NAMED or name.endswith((*_READERS, ".png", ".npz"))


def read(name: str, data: bytes) -> Content:
    """What the file `name` says. Raises `Unreadable`."""
    if name.endswith(".png"):
        content = _of_picture("", data)
    elif name.endswith(".npz"):
        content = _of_arrays(data)
    else:
        reader = next((reader for suffix, reader in _READERS.items() if name.endswith(suffix)), _plain)
        content = reader(decoded(data))
    for text in content.texts:
        content += _in_base64(text, DEPTH)
    return content


def decoded(data: bytes) -> str:
    """The bytes of a text file as text. Raises `Unreadable`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("undecodable", f"it is not UTF-8 text (byte {error.start})") from None
    if found := _CONTROL.search(text):
        raise Unreadable("binary", f"it holds the control character {found.group()!r}, as programs and archives do")
    return text


def lines_of(text: str, prefix: str = "") -> Text:
    return tuple((f"{prefix}line {number}", line) for number, line in enumerate(text.splitlines(), 1))


def _plain(text: str) -> Content:
    return Content((lines_of(text),))


def _python(text: str) -> Content:
    """The text, and again each string constant that is written with escapes."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Unreadable("unreadable", f"it is not valid Python ({error})") from None
    lines = text.splitlines()
    texts = [lines_of(text)]
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))):
            continue
        if "\\" in "".join(lines[node.lineno - 1 : node.end_lineno]):
            value = node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")
            texts.append(tuple((f"line {node.lineno}", line) for line in value.splitlines()))
    return Content(tuple(texts))


def _toml(text: str) -> Content:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable("unreadable", f"it is not valid TOML ({error})") from None
    return Content((lines_of(text), tuple(_leaves(values))))


def _html(text: str) -> Content:
    """The page as it is written, and as somebody reads it; a script is a fault."""
    page = hypertext.read(text)
    what = "a script, of which nobody can say what it will show"
    faults = tuple(Fault(where, "script", what) for where in page.scripts)
    return Content((lines_of(text), page.shown, page.hidden), faults=faults)


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with all its keys, also those that are there twice."""


def _json_value(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_Pairs, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise Unreadable("unreadable", f"it is not valid JSON ({error})") from None


def _json(text: str) -> Content:
    return Content((tuple(_leaves(_json_value(text))),))


def _notebook(text: str) -> Content:
    """The cells' sources as one text, everything else as another."""
    notebook = _json_value(text)
    cells = dict(notebook).get("cells") if isinstance(notebook, _Pairs) else None
    if not isinstance(cells, list) or not all(isinstance(cell, _Pairs) for cell in cells):
        raise Unreadable("unreadable", "it is not a notebook: it has no cells")
    sources: list[Line] = []
    rest = list(_leaves(_Pairs(pair for pair in notebook if pair[0] != "cells")))
    faults: list[Fault] = []
    for number, cell in enumerate(cells, 1):
        id = dict(cell).get("id")
        name = f"cell {number} ({id})" if isinstance(id, str) else f"cell {number}"
        for key, value in cell:
            if key == "source":
                whole = value if isinstance(value, str) else "".join(map(str, value or []))
                sources += lines_of(whole, f"{name}, ")
            else:
                rest += _leaves(_Pairs([(key, value)]), f"{name}, ")
            if key == "outputs" and value:
                faults.append(Fault(name, "notebook output", "the output of a run is in it"))
            if key == "execution_count" and value is not None:
                faults.append(Fault(name, "execution count", f"it says that the cell was run ({value})"))
    return Content((tuple(sources), tuple(rest)), faults=tuple(faults))


def _leaves(value: Any, prefix: str = "", path: str = "") -> Iterator[Line]:
    """Each value in a tree below its key, in order. A key is named like `cells[2].metadata.tags`."""
    if isinstance(value, (_Pairs, dict)):
        for key, item in value.items() if isinstance(value, dict) else value:
            here = f"{path}.{key}" if path else key
            yield f"{prefix}key {here}", key
            yield from _leaves(item, prefix, here)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, prefix, f"{path}[{number}]")
    elif value is not None:
        yield from ((f"{prefix}key {path}", line) for line in str(value).splitlines())


def _of_picture(where: str, data: bytes) -> Content:
    try:
        texts = tuple(((f"{where}{chunk}", text),) for chunk, text in png.texts_of(data))
        return Content(texts, ((where.removesuffix(", ") or "picture", png.digests_of(data)),))
    except ValueError as error:
        raise Unreadable("unreadable", f"{where}{error}") from None


def _of_arrays(data: bytes) -> Content:
    try:
        return Content((tuple(npz.texts_of(data)),))
    except ValueError as error:
        raise Unreadable("unreadable", str(error)) from None


def _in_base64(text: Text, depth: int) -> Content:
    """What a text holds in base64: other texts and pictures. Raises `Unreadable` for an archive or a program."""
    content = Content()
    for where, code in _base64_in(text):
        try:
            data = base64.b64decode(code[: len(code) // 4 * 4])
        except binascii.Error:
            continue
        if data.startswith(png.SIGNATURE):
            content += _of_picture(f"{where}, ", data)
        elif data.startswith(_PACKED):
            raise Unreadable("archive", f"{where} holds an archive or a program in base64")
        elif depth:
            try:
                inner = tuple((f"{where}, in base64", line) for line in decoded(data).splitlines())
            except Unreadable:
                continue  # not base64 at all, but a path or a digest
            content += Content((inner,)) + _in_base64(inner, depth - 1)
    return content


def _base64_in(text: Text) -> Iterator[Line]:
    """What may be base64: long words, and lines below each other that hold nothing else."""
    block: list[Line] = []
    for where, line in (*text, ("", "")):
        yield from ((where, found.group()) for found in _BASE64.finditer(line))
        bare = line.strip(" \t#\"',()\\")
        if _BASE64_LINE.fullmatch(bare):
            block.append((where, bare))
            continue
        if len(block) > 1:
            yield block[0][0], "".join(part for _, part in block)
        block = []


_READERS: dict[str, Callable[[str], Content]] = {
    ".py": _python,
    ".toml": _toml,
    ".json": _json,
    ".ipynb": _notebook,
    ".html": _html,
    **dict.fromkeys(PLAIN, _plain),
}
