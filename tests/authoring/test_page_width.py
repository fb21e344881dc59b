"""The page of each homework on a phone, a tablet and a laptop, in a real browser: nothing is cut off."""

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.authoring.page import page_of
from grader.course.assignment import load_course

COURSE = load_course(Path(__file__))
WIDTHS = (390, 768, 1200)
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LEFT_OUT = "tests of pages' widths were left out: install Chromium (apt-get install chromium)"

# What moves sideways by itself may be wider than it shows, if one can see that it goes on. All else must fit.
MEASURE = """
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map(frame => {
    const view = frame.contentWindow, body = frame.contentDocument.body, root = frame.contentDocument.documentElement;
    const moves = e => ["auto", "scroll"].includes(view.getComputedStyle(e).overflowX);
    const all = [...body.querySelectorAll("*")];
    const within = e => e !== body && (moves(e) || within(e.parentElement));
    const wider = e => e.scrollWidth > e.clientWidth + 1;
    return {
      beyond: all.filter(e => !within(e.parentElement) && e.getBoundingClientRect().right > root.clientWidth + 0.5),
      silent: all.filter(e => moves(e) && wider(e) && view.getComputedStyle(e).backgroundImage === "none"
                              && view.getComputedStyle(e, "::after").content === "none"),
      cut: all.filter(e => (view.getComputedStyle(e).overflowX === "hidden" && wider(e)) ||
                           (view.getComputedStyle(e).overflowY !== "visible" && e.scrollHeight > e.clientHeight + 1)),
      page: [root.scrollWidth > root.clientWidth ? root : null].filter(Boolean),
    };
  });
  document.body.textContent = "MEASURED" + JSON.stringify(found.map(each =>
    Object.fromEntries(Object.entries(each).map(([name, elements]) => [name, elements.map(e =>
      `${e.tagName} ${(e.textContent || e.alt || "").trim().replace(/\\s+/g, " ").slice(0, 60)}`)])))) + "MEASURED";
});
"""


@dataclass(frozen=True)
class Fit:
    """What does not fit, each element by its tag and its first words."""

    beyond: list[str]  # goes on right of the window
    silent: list[str]  # moves sideways, and nothing shows that there is more of it
    cut: list[str]  # a part of it is never to be seen
    page: list[str]  # the whole page moves sideways


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str], tuple[int, ...]], list[Fit]]:
    """Pages as a browser shows them in windows of these widths, one after the other.

    Where there is none these tests are left out; in CI that is a failure.
    """
    if BROWSER is None and os.environ.get("CI") == "true":
        pytest.fail(f"CI needs a browser: {LEFT_OUT}", pytrace=False)
    if BROWSER is None:
        pytest.skip(LEFT_OUT)

    def measure(pages: list[str], widths: tuple[int, ...]) -> list[Fit]:
        frames = [
            f'<iframe width="{width}" height="800" style="border: 0" srcdoc="{html.escape(page)}"></iframe>'
            for page in pages
            for width in widths
        ]
        file = tmp_path_factory.mktemp("pages") / "all.html"
        file.write_text(f'<!doctype html><meta charset="utf-8"><body>{"".join(frames)}<script>{MEASURE}</script>')
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,900", "--hide-scrollbars"]
        command = [str(BROWSER), *options, f"--user-data-dir={file.parent}", "--dump-dom", file.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        (found,) = re.findall(r"MEASURED(.*)MEASURED", done.stdout, re.DOTALL)
        return [Fit(**each) for each in json.loads(html.unescape(found))]

    return measure


NOTHING = Fit([], [], [], [])


def test_every_page_fits_a_phone_a_tablet_and_a_laptop(measured) -> None:
    assignments = [COURSE.assignment(name) for name in COURSE.names()]
    pages = [page_of(assignment, assignment.folder, assignment.folder) for assignment in assignments]
    fits = measured(pages, WIDTHS)
    places = [(assignment.short, width) for assignment in assignments for width in WIDTHS]
    assert [(place, fit) for place, fit in zip(places, fits, strict=True) if fit != NOTHING] == []


@pytest.mark.parametrize(
    "text",
    [
        "```math\n" + " + ".join(rf"\frac{{a_{{{n}}}}}{{b}}" for n in range(40)) + "\n```",
        "```math\n" + r"\sqrt{" + " + ".join(f"a_{{{n}}}" for n in range(40)) + "}\n```",
        f"With ${' + '.join(f'a_{{{n}}}' for n in range(40))}$ in a line.",
        "```python\n" + f"f({', '.join(f'argument_{n}' for n in range(40))})" + "\n```",
        "```text\n" + "x" * 400 + "\n```",
        "`" + "x" * 400 + "`",
        "|" + " a b c d |" * 40 + "\n|" + "---|" * 40 + "\n|" + f" {'x' * 30} |" * 40,
        "| a | b |\n|---|---|\n| `" + "x" * 200 + "` | $" + " + ".join("ab") * 40 + "$ |",
        "1. one\n   - two\n\n     ```math\n     " + r"\underbrace{" + " + ".join("abcdefgh" * 5) + "}\n     ```",
        "### " + "long" * 80,
        "<https://example.org/" + "x" * 200 + ">",
        "![a picture](wide.png)",
    ],
    ids=["sum", "root", "in a line", "signature", "text", "code", "table", "cells", "list", "title", "link", "picture"],
)
def test_whatever_a_handout_holds_fits(text: str, measured, tmp_path: Path) -> None:
    assignment = COURSE.assignment("hw1")
    (tmp_path / "wide.png").write_bytes((assignment.folder / "episode.png").read_bytes())
    (tmp_path / "README.md").write_text(f"# Title\n\n{text}\n")
    page = page_of(assignment.model_copy(update={"folder": tmp_path}), tmp_path, tmp_path)
    assert measured([page], WIDTHS) == [NOTHING] * len(WIDTHS)


def test_what_does_not_fit_is_found(measured) -> None:
    head = '<!doctype html><meta charset="utf-8"><style>* { margin: 0 } div, p { width: 300px }</style>'
    wide = '<b style="display: block; width: 900px; height: 50px">wide</b>'
    for style, kinds in (
        ("", {"beyond", "page"}),
        ("overflow-x: auto", {"silent"}),
        ("overflow: hidden", {"cut", "beyond"}),
        ("overflow-x: auto; background: linear-gradient(red, blue)", set()),
        ("overflow-x: auto; height: 20px; background: linear-gradient(red, blue)", {"cut"}),
    ):
        (fit,) = measured([f'{head}<div style="{style}">{wide}</div>'], (390,))
        assert {kind for kind, elements in vars(fit).items() if elements} == kinds, style
