"""Markdown as GitHub understands it, made into HTML that needs nothing beside it: no script, no network, no file.

A library reads the Markdown. Here its tokens are settled, one by one: formulas become MathML, pictures their bytes,
comments go, and whatever a reader would stumble over is an error with its line.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.gfm import gfm_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from grader.authoring import png
from grader.authoring.formula import FormulaError, mathml, statements
from grader.errors import CourseError

FORMULA = "math"  # the tag of a formula's token
NARROW = 480  # pixels: a picture of no more can be read on a phone
SHORT = 24  # signs: code in a line of text stays in one line if it has no more
ELSEWHERE = ("http", "https", "mailto")
_COMMENTS = re.compile(r"\s*(<!--((?!-->).)*-->\s*)+", re.DOTALL)
_BEGINNING, _END = re.compile(r"^\S+"), re.compile(r"\S+$")
_BREAKABLE = re.compile(r"[ -]")  # where a browser may end a line
_LINKS = ("link_open", "link_close")


@dataclass(frozen=True)
class Heading:
    """`html` is its title, without links, for a table of contents; `anchor` where it leads."""

    level: int
    anchor: str
    html: str


@dataclass(frozen=True)
class Markup:
    """A text in HTML, for a page's body. `title` is the heading of the first level that it begins with, or ""."""

    headings: tuple[Heading, ...]
    title: str
    html: str


def markup_of(text: str, file: Path, folder: Path, at: Path) -> Markup:
    """The Markdown `text` of `file` for a page in the folder `at`; its links and pictures lie in `folder`.

    Raises `CourseError` with file and line for a formula that cannot be read, a picture or a file that is not there, a
    link to a heading that there is none of, and HTML other than comments.
    """
    markdown = _markdown()
    tokens = markdown.parse(text)
    anchors = frozenset(str(token.attrGet("id")) for token in tokens if token.type == "heading_open")
    settler = _Settler(file, folder, at, anchors)
    for token in tokens:
        settler.settle(token)
    headings = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            title = [child for child in inline.children or () if child.type not in _LINKS]
            html = markdown.renderer.render([Token("inline", "", 0, children=title)], markdown.options, {})
            headings.append(Heading(int(opening.tag[1]), str(opening.attrGet("id")), html))
    begin = 3 if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1" else 0  # opening, text, closing
    title, rest = (markdown.renderer.render(part, markdown.options, {}) for part in (tokens[:begin], tokens[begin:]))
    return Markup(tuple(headings), title, rest)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"highlight": _highlighted})
    markdown.use(gfm_plugin).use(anchors_plugin, max_level=6)
    return markdown.use(
        dollarmath_plugin,
        allow_space=False,
        allow_digits=False,
        allow_labels=False,
        allow_blank_lines=False,
        double_inline=True,
    )


def _highlighted(code: str, language: str, _: str) -> str:
    """Code in spans of pygments' classes; of a language that nobody knows, "": it is then shown as it is."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))


@dataclass(frozen=True)
class _Settler:
    """Makes tokens into what a page can show."""

    file: Path
    folder: Path
    at: Path
    anchors: frozenset[str]

    def settle(self, token: Token) -> None:
        line = (token.map or (0, 0))[0] + 1
        match token.type:
            case "fence" if token.info.strip() == "math":
                self._formula_block(token, line + 1)
            case "math_block":
                self._formula_block(token, line)
            case "html_block":
                self._comment(token, line)
            case "inline":
                for child in token.children or ():
                    self._settle_within(child, token.content, line)
                _keep_words_together(token.children or [])

    def _settle_within(self, token: Token, text: str, line: int) -> None:
        """A token within the block `text`, which begins at `line`."""
        match token.type:
            case "math_inline" | "math_inline_double":
                here = line + _lines_before(token.content, text)
                latex = token.content
                if len(latex) > 2 and latex[0] == latex[-1] == "`":  # GitHub's $`x`$
                    latex = latex[1:-1]
                if "`" in latex:
                    raise self._error(here, f"${latex}$ is a formula with code in it. Write \\$ for a dollar sign.")
                token.content = self._formula(latex, here, display=token.type == "math_inline_double")
                token.type, token.tag = "html_inline", FORMULA
            case "html_inline":
                self._comment(token, line + _lines_before(token.content, text))
            case "code_inline" if len(token.content) <= SHORT and _BREAKABLE.search(token.content):
                token.attrSet("class", "whole")
            case "link_open":
                href = str(token.attrGet("href"))
                token.attrSet("href", self._link(href, line + _lines_before(href, text)))
            case "image":
                source = str(token.attrGet("src"))
                data, width = self._picture(source, line + _lines_before(source, text))
                token.attrSet("src", f"data:image/png;base64,{base64.b64encode(data).decode()}")
                if width > NARROW:
                    token.attrs |= {"class": "wide", "style": f"--width: {width}px"}

    def _formula_block(self, token: Token, line: int) -> None:
        parts = ["".join(pieces) for pieces in statements(self._formula(token.content, line, display=True))]
        formula = "".join(f"<span>{part}</span>" for part in parts) if len(parts) > 1 else parts[0]
        token.type, token.content = "html_block", f'<div class="formula">{formula}</div>\n'

    def _formula(self, latex: str, line: int, *, display: bool) -> str:
        try:
            return mathml(latex, display=display)
        except FormulaError as error:
            shown = " ".join(latex.split())
            raise self._error(
                line + error.line, f"the formula {shown} cannot be read: {error} Write it in other commands."
            ) from None

    def _comment(self, token: Token, line: int) -> None:
        if not _COMMENTS.fullmatch(token.content):
            html = token.content.strip().splitlines()[0]
            raise self._error(line, f"{html} is HTML, of which only comments are allowed. Write it in Markdown, "
                                    "or between backticks if it is to be shown.")  # fmt: skip
        token.content = ""

    def _link(self, href: str, line: int) -> str:
        parts = urlsplit(href)
        if parts.scheme in ELSEWHERE:
            return href
        if not (parts.scheme or parts.netloc or parts.path):
            if unquote(parts.fragment) not in self.anchors:
                raise self._error(line, f"a link leads to {href}, and no heading has this anchor.")
            return href
        where = self.folder / unquote(parts.path)
        if parts.scheme or parts.netloc or parts.path.startswith("/") or not where.exists():
            raise self._error(line, f"a link leads to {href}, where students find no file. Name one that they receive.")
        relative = quote(Path(os.path.relpath(where, self.at)).as_posix())
        return f"{relative}#{parts.fragment}" if parts.fragment else relative

    def _picture(self, source: str, line: int) -> tuple[bytes, int]:
        """Its bytes, and how many pixels it is wide."""
        parts = urlsplit(source)
        if parts.scheme or parts.netloc or parts.path.startswith("/"):
            raise self._error(line, f"the picture {source} is not in the homework's folder. Put the file itself there.")
        try:
            data = (self.folder / unquote(parts.path)).read_bytes()
        except OSError as error:
            raise self._error(line, f"the picture {source} cannot be read ({error.strerror}).") from None
        try:
            return data, png.width_of(data)
        except ValueError:
            raise self._error(
                line, f"the picture {source} is no PNG. Only these can be looked into before a release."
            ) from None

    def _error(self, line: int, what: str) -> CourseError:
        return CourseError(f"{self.file}:{line}: {what}")


def _keep_words_together(tokens: list[Token]) -> None:
    """Puts a formula and the text that touches it into one span: browsers would break the line before a comma there.

    Of a long formula, which comes in pieces, only the first and the last touch that text.
    """
    for at, token in enumerate(tokens):
        if token.tag == FORMULA:
            before = _cut(tokens[at - 1], _END) if at else ""
            after = _cut(tokens[at + 1], _BEGINNING) if at + 1 < len(tokens) else ""
            first, *others = [piece for pieces in statements(token.content) for piece in pieces]
            if others:
                token.content = _word(before, first) + "".join(others[:-1]) + _word("", others[-1], after)
            else:
                token.content = _word(before, first, after)


def _word(before: str, formula: str, after: str = "") -> str:
    together = f"{escape(before)}{formula}{escape(after)}"
    return f'<span class="word">{together}</span>' if before or after else formula


def _cut(token: Token, pattern: re.Pattern[str]) -> str:
    """Takes out of a text what `pattern` finds in it."""
    found = pattern.search(token.content) if token.type == "text" else None
    if not found:
        return ""
    token.content = token.content[: found.start()] + token.content[found.end() :]
    return found.group()


def _lines_before(part: str, text: str) -> int:
    """How many lines of `text` end before `part` begins in it for the first time; 0 if it is not there as it is."""
    return text.count("\n", 0, max(0, text.find(part)))
