"""Markdown becomes HTML that needs nothing beside it, or an error with file and line."""

import base64
import re
import struct
import zlib
from pathlib import Path

import pytest

from grader.authoring.markup import markup_of
from grader.errors import CourseError


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    [
        chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(b"\0\0")),
        chunk(b"IEND", b""),
    ]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A homework's folder with a picture and a module."""
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "one pixel.png").write_bytes(PNG)
    (tmp_path / "tiny.py").write_text("x = 1\n")
    return tmp_path


def html(text: str, folder: Path = Path()) -> str:
    made = markup_of(text, Path("hw/README.md"), folder, folder)
    return made.title + made.html


def error(text: str, folder: Path = Path()) -> str:
    with pytest.raises(CourseError) as caught:
        html(text, folder)
    return str(caught.value)


# ---- what GitHub shows ----------------------------------------------------------------------------------------------


def test_formulas_as_github_writes_them() -> None:
    block = '<div class="formula"><math display="block"><mi>y</mi><mo>=</mo><mn>2</mn><mi>x</mi></math></div>'
    assert block in html("```math\ny = 2x\n```")
    assert block in html("$$\ny = 2x\n$$")
    assert block in html("- one\n\n  ```math\n  y = 2x\n  ```\n")
    for text in ("the $x$, and", "the $`x`$ and", "| a |\n|---|\n| $x$ |", "## On $x$", "**$x$**"):
        assert "<math><mi>x</mi></math>" in html(text)
    assert "<math" not in html("It costs \\$5; \\$x\\$ and `$x$` are text.\n\n    $x$\n")


def test_no_line_is_broken_between_a_formula_and_what_touches_it() -> None:
    x = "<math><mi>x</mi></math>"
    made = html("for ($x$) and <https://a.org>$x$, 5 & $x$-shot & $x$/$x$ or *the* $x$ & `a`$x$\n$x$")
    assert made.count('<span class="word">') == 4
    for word in (f"({x})", f"{x},", f"{x}-shot", f"{x}/"):
        assert f'<span class="word">{word}</span>' in made
    assert f"<em>the</em> {x} &amp; <code>a</code>{x}\n{x}</p>" in made
    assert '<span class="word">&lt;<math>' in html("<$x$")


def test_code_is_coloured_by_its_language() -> None:
    assert '<span class="kn">import</span>' in html("```python\nimport torch\n```")
    assert '<pre><code class="language-nobody">&lt;a&gt;\n</code></pre>' in html("```nobody\n<a>\n```")
    assert "<pre><code>a &amp; b\n</code></pre>" in html("```\na & b\n```")


def test_short_code_stays_in_one_line() -> None:
    assert '<code class="whole">&quot;Peru -&gt;&quot;</code>' in html('`"Peru ->"`')
    for code in ("f(x)", "a long signature, which may go on in the next line"):
        assert f"<code>{code}</code>" in html(f"`{code}`")


def test_tables_lists_of_tasks_and_notes() -> None:
    assert html("| a | b |\n|---|--:|\n| 1 | `2` |").count("<td") == 2
    assert 'type="checkbox"' in html("- [x] done")
    assert "markdown-alert-note" in html("> [!NOTE]\n> It matters.")
    assert "<s>no</s>" in html("~~no~~") or "<del>no</del>" in html("~~no~~")


def test_headings_have_githubs_anchors() -> None:
    found = markup_of(
        "# T\n\n## Problem 1: `f` of [$x$](#t) (5 points)\n\n### More\n\n### More\n", Path(), Path(), Path()
    )
    assert [(heading.level, heading.anchor) for heading in found.headings] == [
        (1, "t"),
        (2, "problem-1-f-of--5-points"),
        (3, "more"),
        (3, "more-1"),
    ]
    assert found.headings[1].html == "Problem 1: <code>f</code> of <math><mi>x</mi></math> (5 points)"
    assert '<h2 id="problem-1-f-of--5-points">' in found.html


def test_the_title_is_apart() -> None:
    found = markup_of("# T\n\n## A\n", Path(), Path(), Path())
    assert (found.title, found.html) == ('<h1 id="t">T</h1>\n', '<h2 id="a">A</h2>\n')
    for text in ("", "## A\n\n# T\n", "one"):
        assert markup_of(text, Path(), Path(), Path()).title == ""


# ---- what goes into the page ----------------------------------------------------------------------------------------


def test_a_picture_is_in_the_page(folder: Path) -> None:
    made = html("![One pixel](<figures/one pixel.png>)", folder)
    assert f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}" alt="One pixel" />' in made


def test_a_wide_picture_says_how_wide_it_is(folder: Path) -> None:
    wide = PNG[:16] + (900).to_bytes(4, "big") + PNG[20:]
    (folder / "figures" / "wide.png").write_bytes(wide)
    assert 'class="wide" style="--width: 900px"' in html("![wide](figures/wide.png)", folder)


def test_a_long_formula_in_a_line_comes_in_pieces_and_keeps_the_words_at_its_ends() -> None:
    made = html("for ($x = a_1 + a_2 + a_3 + a_4 + a_5 + a_6$), and")
    assert made.count("<math>") == 7
    assert '<p>for <span class="word">(<math><mi>x</mi></math></span><math><mo form="infix">=</mo>' in made
    assert '<span class="word"><math><mo form="infix">+</mo>' in made
    assert "</math>),</span> and</p>" in made


def test_links_lead_from_where_the_page_is(folder: Path) -> None:
    text = "# Top\n\n[a](tiny.py) [b](<figures/one pixel.png>) [c](#top) [d](https://example.org/a?b#c) [e](tiny.py#L1)"
    made = markup_of(text, Path("README.md"), folder, folder / "results").html
    assert re.findall('href="(.*?)"', made) == [
        "../tiny.py",
        "../figures/one%20pixel.png",
        "#top",
        "https://example.org/a?b#c",
        "../tiny.py#L1",
    ]


def test_comments_go() -> None:
    made = html(
        "<!-- BEGIN -->\n\none <!-- two\nthree --> four\n\n<!-- a --> <!-- b -->\n\n```html\n<!-- kept -->\n```\n"
    )
    assert "BEGIN" not in made
    assert "three" not in made
    assert "kept" in made
    assert "one  four" in made


# ---- what is refused, with its line ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n\n```math\na\n\\wrong\n```\n", 5),
        ("one\n\n$$\na\n\\wrong\n$$\n", 5),
        ("one\n\n- a\n- b\n  two $x$ and\n  $\\wrong$\n", 6),
        ("| a |\n|---|\n| $x$ |\n| $\\wrong$ |\n", 4),
        ("# T\n\n## On $\\wrong$\n", 3),
        ("> a\n>\n> b\n> $\\wrong$\n", 4),
    ],
)
def test_a_formula_that_cannot_be_read(text: str, line: int) -> None:
    assert error(text).startswith(f"hw/README.md:{line}: the formula ")
    assert 'cannot be read: Unknown command "\\wrong".' in error(text)


def test_a_dollar_sign_that_swallows_code() -> None:
    assert error("one\nIt costs $5, and `$x$` is code.") == (
        "hw/README.md:2: $5, and `$ is a formula with code in it. Write \\$ for a dollar sign."
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("one\n\n<b>bold</b>\n", 3, "<b> is HTML"),
        ("one\ntwo\nthe <module> there\n", 3, "<module> is HTML"),
        ("one\n\n<details>\n<summary>a</summary>\n</details>\n", 3, "<details> is HTML"),
        ("<!-- a --><script>1</script>\n", 1, "<!-- a --><script>1</script> is HTML"),
        ("<!-- a --><script>\n1</script> <!-- b -->\n", 1, "<!-- a --><script> is HTML"),
        ('one\n\n<img src="a.png">\n', 3, '<img src="a.png"> is HTML'),
    ],
)
def test_html_other_than_comments(text: str, line: int, what: str) -> None:
    assert error(text).startswith(f"hw/README.md:{line}: {what}, of which only comments are allowed.")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("one\ntwo\n![a](no.png)\n", 3, "the picture no.png cannot be read (No such file or directory)."),
        ("![a](tiny.py)\n", 1, "the picture tiny.py is no PNG."),
        (
            "![a](https://example.org/a.png)\n",
            1,
            "the picture https://example.org/a.png is not in the homework's folder",
        ),
        ("![a](data:image/png;base64,AAAA)\n", 1, "the picture data:image/png;base64,AAAA is not in the homework's"),
        ("one [a](no.py)\n[b](tiny.py)\n", 1, "a link leads to no.py, where students find no file."),
        ("one [b](tiny.py)\n[a](/tiny.py)\n", 2, "a link leads to /tiny.py, where students find no file."),
        (
            "[a][b]\n\n[b]: ftp://example.org/a\n",
            1,
            "a link leads to ftp://example.org/a, where students find no file.",
        ),
        ("# T\n\n[a](#u)\n", 3, "a link leads to #u, and no heading has this anchor."),
    ],
)
def test_what_is_not_there(folder: Path, text: str, line: int, what: str) -> None:
    assert error(text, folder).startswith(f"hw/README.md:{line}: {what}")
