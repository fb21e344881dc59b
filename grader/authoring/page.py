"""The handout as a page: one HTML file to be read offline and printed, made when it is asked for and never kept."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pygments.formatters import HtmlFormatter

from grader.authoring.markup import markup_of
from grader.course.assignment import Assignment, read_text

TEMPLATES = Path(__file__).parent / "templates" / "page"
LIGHT, DARK = "default", "github-dark"  # pygments' styles of code


def page_name(assignment: Assignment) -> str:
    """What its page is called: `hw0.html`, as its notebook is `hw0.ipynb`."""
    return f"{assignment.short}.html"


def page_of(assignment: Assignment, folder: Path, at: Path) -> str:
    """The handout as the text of an HTML file in the folder `at`, whose links and pictures lie in `folder`.

    It holds its style and its pictures, and no script. The same handout makes the same text. Raises `CourseError`
    with file and line where the handout cannot be shown.
    """
    file = assignment.folder / "README.md"
    markup = markup_of(read_text(file), file, folder, at)
    made = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    return made.get_template("page.html.jinja").render(
        title=f"{assignment.short.upper()}: {assignment.title}",
        sections=[(heading.anchor, heading.html) for heading in markup.headings if heading.level == 2],
        markup=markup,
        light=_code_style(LIGHT),
        dark=_code_style(DARK),
    )


def _code_style(style: str) -> str:
    return "\n".join(HtmlFormatter(style=style).get_token_style_defs("pre code"))
