"""docs/platforms.md names commands that exist, and every system that the tests know."""

import re
from pathlib import Path

import pytest

from grader.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "platforms.md"


@pytest.mark.documents
def test_its_commands_and_options_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    book = main.commands["book"].commands  # type: ignore[attr-defined]
    asked = re.findall(r'make book ARGS="(\w+)([^"\n]*)"', text)
    assert {command for command, _ in asked} >= {"roster", "results", "canvas", "moodle", "nbgrader", "export", "pages"}
    for command, words in asked:
        known = {option for parameter in book[command].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", words)) <= known, command


@pytest.mark.documents
def test_every_system_of_the_golden_samples_has_a_section() -> None:
    sections = " ".join(re.findall(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)).lower()
    folders = [path.name for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name[0] not in "._"]
    assert len(folders) >= 5
    assert [name for name in folders if name not in sections] == []
