"""Markdown of strangers as HTML that is safe within a page.

A library reads the Markdown, another one makes formulas MathML, and a third one keeps only what is on a list of
harmless elements. Links are shown with their address and lead nowhere, pictures come from the submission alone, and
whatever else a text asks for is shown as it was typed. Runs in a process of its own (`drawing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from grader.authoring.formula import FormulaError, mathml
from grader.review.files import resolved
from grader.text import clean_line

LONGEST_FORMULA, DEEPEST_FORMULA, MOST_FORMULAS = 3_000, 30, 1_000
LARGEST_HTML = 3_000_000
_TEXT = "p br hr h4 h5 h6 strong em b i u s del ins sub sup code pre kbd mark small blockquote span div"
_BLOCKS = "ul ol li dl dt dd table caption thead tbody tfoot tr th td details summary img"
_MATH = (
    "math mrow mi mo mn ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd "
    "mpadded mphantom mstyle mmultiscripts mprescripts"
)
TAGS = frozenset(f"{_TEXT} {_BLOCKS} {_MATH}".split())
_FORMULA = (
    "display displaystyle mathvariant accent accentunder stretchy fence separator form lspace rspace minsize maxsize "
    "largeop movablelimits symmetric width height depth voffset linethickness scriptlevel columnspan rowspan"
)
ATTRIBUTES = {
    **{tag: set(_FORMULA.split()) for tag in _MATH.split()},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "details": {"open"},
}
CLASSES = {"span": {"absent", "address", "typed"}, "div": {"formula"}, "code": {"typed"}}
_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_NOT_HERE = {"http", "https", "ftp", "data", "file", "javascript", "blob"}


def html_of(source: str, folder: str, pictures: Mapping[str, int], prefix: str, *, formulas: bool = True) -> str:
    """The Markdown in a text that lies in `folder` of a submission, as HTML.

    `pictures` are the submission's, each with its number: it is asked for at `prefix` and that number. Without
    `formulas` these are shown as they were typed.
    """
    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable(["table", "strikethrough"])
    markdown.use(dollarmath_plugin, allow_space=True, allow_digits=False, allow_labels=False, double_inline=True)
    settler = _Settler(folder, pictures, prefix, formulas)
    tokens = markdown.parse(source)
    for token in tokens:
        settler.settle(token)
    rendered = str(markdown.renderer.render(tokens, markdown.options, {}))
    if len(rendered) > LARGEST_HTML:
        raise ValueError("the text is too long when it is laid out")
    return sanitised(rendered, prefix)


def sanitised(html: str, prefix: str) -> str:
    """Only what is on our lists. A picture is one of ours, or has no source."""
    own = re.compile(rf"{re.escape(prefix)}\d{{1,4}}")

    def filtered(tag: str, attribute: str, value: str) -> str | None:
        return value if (tag, attribute) != ("img", "src") or own.fullmatch(value) else None

    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
        clean_content_tags={"script", "style"},
        attribute_filter=filtered,
        url_schemes=set(),
        strip_comments=True,
        link_rel=None,
    )


class _Settler:
    """Makes tokens into what a page may show."""

    def __init__(self, folder: str, pictures: Mapping[str, int], prefix: str, formulas: bool) -> None:
        self.folder, self.pictures, self.prefix, self.formulas = folder, pictures, prefix, formulas
        self.left = MOST_FORMULAS
        self.addresses: list[str] = []

    def settle(self, token: Token) -> None:
        match token.type:
            case "heading_open" | "heading_close":
                token.tag = f"h{min(6, int(token.tag[1]) + 3)}"  # below the headings of the page
            case "math_block" | "math_block_label":
                _become(token, f'<div class="formula">{self._formula(token.content, display=True)}</div>\n')
            case "fence" if token.info.strip() == "math":
                _become(token, f'<div class="formula">{self._formula(token.content, display=True)}</div>\n')
            case "html_block" | "html_inline":
                token.content = _IMG.sub(self._raw_picture, token.content)
            case "math_inline" | "math_inline_double":
                _become(token, self._formula(token.content, display=token.type == "math_inline_double"))
            case "link_open":
                self.addresses.append(str(token.attrGet("href") or ""))
                _become(token, "")
            case "link_close":
                address = clean_line(self.addresses.pop() if self.addresses else "", 300)
                _become(token, f' <span class="address">({escape(address)})</span>')
            case "image":
                alt = "".join(child.content for child in token.children or ())
                _become(token, self._picture(str(token.attrGet("src") or ""), alt))
        for child in token.children or ():
            self.settle(child)

    def _formula(self, latex: str, *, display: bool) -> str:
        self.left -= 1
        if self.formulas and self.left > 0 and len(latex) <= LONGEST_FORMULA and deepest(latex) <= DEEPEST_FORMULA:
            try:
                return mathml(latex, display=display)
            except FormulaError:
                pass
        sign = "$$" if display else "$"
        return f'<code class="typed">{sign}{escape(latex.strip())}{sign}</code>'

    def _picture(self, reference: str, alt: str) -> str:
        path = resolved(reference, self.folder, self.pictures)
        if path is not None:
            said = alt.strip() or f"figure without a description: {path}"
            return f'<img src="{self.prefix}{self.pictures[path]}" alt="{escape(clean_line(said, 300))}">'
        elsewhere = reference.partition(":")[0].casefold() in _NOT_HERE or reference.startswith("//")
        why = "not shown: it is not in the submission" if elsewhere else "it was not handed in"
        told = f"figure {clean_line(reference, 120)}" + (f" “{clean_line(alt, 120)}”" if alt.strip() else "")
        return f'<span class="absent">{escape(told)}: {why}</span>'

    def _raw_picture(self, found: re.Match[str]) -> str:
        reader = _Attributes()
        reader.feed(found[0])
        return self._picture(reader.found.get("src", ""), reader.found.get("alt", ""))


class _Attributes(HTMLParser):
    """Those of the first element."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.found.setdefault(name, value or "")


def deepest(latex: str) -> int:
    """How deep a formula is nested at most, as far as brackets, scripts and environments tell."""
    depth = most = scripts = 0
    for sign in re.findall(r"\\begin|\\end|\\left|\\right|\\[a-zA-Z]+|\\.|[{}^_]", latex):
        if sign in ("{", "\\begin", "\\left"):
            depth += 1
        elif sign in ("}", "\\end", "\\right"):
            depth -= 1
        elif sign in ("^", "_") or sign.startswith("\\"):
            scripts += 1
        most = max(most, depth)
    return most + scripts // 200  # commands without brackets nest, too: \sqrt\sqrt\sqrt


def _become(token: Token, html: str) -> None:
    token.type, token.tag, token.content, token.children, token.nesting = "html_inline", "", html, None, 0
    token.hidden = False
