"""The page of each homework: complete, the same every time, and nothing in it needs anything else."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.authoring import hypertext
from grader.authoring.handout import sections_of
from grader.authoring.page import page_name, page_of
from grader.course.assignment import load_course, read_text

TESTS = Path(__file__).parents[1]
COURSES = (TESTS.parent, TESTS / "courses" / "tiny")
HOMEWORKS = [(course, name) for course in COURSES for name in load_course(course).names()]
VOID = {"meta", "img", "br", "hr", "input", "mspace"}


class Elements(HTMLParser):
    """Attributes by element, and whether every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(params=HOMEWORKS, ids=lambda homework: homework[1])
def page(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A homework's handout, and its page."""
    course, name = request.param
    assignment = load_course(course).assignment(name)
    made = page_of(assignment, assignment.folder, assignment.folder)
    assert made == page_of(assignment, assignment.folder, assignment.folder)
    return read_text(assignment.folder / "README.md"), made


def test_every_section_is_in_it_and_in_the_table_of_contents(page: tuple[str, str]) -> None:
    handout, made = page
    elements = Elements(made)
    assert elements.open == []
    anchors = [attributes["id"] for tag, attributes in elements.found if tag == "h2"]
    assert len(anchors) == len([section for section in sections_of(handout) if section.title])
    links = [str(attributes["href"]) for tag, attributes in elements.found if tag == "a"]
    assert links[: len(anchors)] == [f"#{anchor}" for anchor in anchors]
    assert len([tag for tag, attributes in elements.found if attributes.get("class") == "formula"]) == (
        handout.count("```math")
    )


def test_it_needs_no_script_and_no_network(page: tuple[str, str]) -> None:
    _, made = page
    assert hypertext.read(made).scripts == ()
    for tag, attributes in Elements(made).found:
        assert tag not in {"script", "link", "iframe", "object", "embed", "base", "form"}
        assert str(attributes.get("src", "data:")).startswith("data:")
    assert "url(" not in made
    assert "@import" not in made
    assert "default-src 'none'" in made


def test_it_is_named_like_the_notebook() -> None:
    assignment = load_course(TESTS.parent).assignment("hw0")
    assert page_name(assignment) == "hw0.html" == assignment.notebook.with_suffix(".html").name


def test_a_title_is_text(tmp_path: Path) -> None:
    assignment = load_course(TESTS / "courses" / "tiny").assignment("hw7")
    odd = assignment.model_copy(update={"title": "a < b & c"})
    assert "<title>HW7: a &lt; b &amp; c</title>" in page_of(odd, odd.folder, tmp_path)
