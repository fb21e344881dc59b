"""What an HTML page says, line by line: what is shown, and what is not (attributes, comments)."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

# These do not end a word: `<span>me</span>an` reads "mean". After any other element a new word begins.
_WITHIN_WORDS = frozenset({"a", "b", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup", "u"})
_RUNS = "javascript:"

Line = tuple[str, str]  # (where, text)


@dataclass(frozen=True)
class Page:
    """Texts in order, each line with its place, and the places of scripts."""

    shown: tuple[Line, ...]
    hidden: tuple[Line, ...]
    scripts: tuple[str, ...]


def read(text: str) -> Page:
    """Any text is a page: what is not well formed is read as a browser would."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    shown = tuple((f"line {number}", "".join(parts)) for number, parts in sorted(reader.shown.items()))
    return Page(shown, tuple(reader.hidden), tuple(dict.fromkeys(reader.scripts)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: dict[int, list[str]] = {}
        self.hidden: list[Line] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._between(tag)
        for name, value in attrs:
            self._hide(value or "")
            if name.startswith("on") or "".join((value or "").split()).lower().startswith(_RUNS):
                self.scripts.append(self._where())
        if tag == "script":
            self.scripts.append(self._where())

    def handle_endtag(self, tag: str) -> None:
        self._between(tag)

    def handle_data(self, data: str) -> None:
        for number, line in enumerate(data.split("\n"), self.getpos()[0]):
            self.shown.setdefault(number, []).append(line)

    def handle_comment(self, data: str) -> None:
        self._hide(data)

    def handle_pi(self, data: str) -> None:
        self._hide(data)

    def unknown_decl(self, data: str) -> None:
        self._hide(data)

    def _between(self, tag: str) -> None:
        if tag not in _WITHIN_WORDS:
            self.shown.setdefault(self.getpos()[0], []).append(" ")

    def _hide(self, text: str) -> None:
        first = self.getpos()[0]
        self.hidden += [(f"line {number}", line) for number, line in enumerate(text.split("\n"), first)]

    def _where(self) -> str:
        return f"line {self.getpos()[0]}"
