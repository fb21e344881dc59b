"""A small course for tests of everything that judges: a copy of tests/courses/tiny whose files a test may change."""

import contextlib
import hashlib
import importlib.util
import io
import itertools
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from grader.course.assignment import Assignment, load_course
from grader.errors import CourseError
from grader.intake import Submission
from grader.judge import engine
from grader.judge.brief import Brief, Judged
from grader.judge.result import CheckResult, Environment, ProblemResult, Result
from grader.judge.session import Judge
from grader.sandbox.forked import Sandbox

REPOSITORY = Path(__file__).parents[1]
DOCUMENTATION = re.compile(r"([^/]*|docs/.*|tests/[^/]+/[^/]*)\.md")  # as in .ci/run; handouts are none
DOCUMENTS: set[str] = set()  # which documentation of this repository the running test has opened


def note_documents(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and str(arguments[0]).endswith(".md"):
        path = Path(str(arguments[0])).absolute()
        if path.is_relative_to(REPOSITORY):
            DOCUMENTS.update(filter(DOCUMENTATION.fullmatch, [path.relative_to(REPOSITORY).as_posix()]))


sys.addaudithook(note_documents)


@pytest.fixture(autouse=True)
def who_reads_documentation_is_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where only documentation changed, `.ci/run` runs the marked tests alone."""
    DOCUMENTS.clear()
    yield
    if DOCUMENTS and request.node.get_closest_marker("documents") is None:
        pytest.fail(f"reads {', '.join(sorted(DOCUMENTS))}: mark it with pytest.mark.documents")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three test workers on two cores: many tests wait, for limits to be reached and for processes to end."""
    return (3 * len(os.sched_getaffinity(0)) + 1) // 2 if sys.platform == "linux" else os.cpu_count() or 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of whole runs confine submissions."""
    folders = [Path(__file__).parent / name for name in ("cluster", "trouble")]
    for item in items if sys.platform != "linux" else ():
        if any(folder in item.path.parents for folder in folders):
            item.add_marker(pytest.mark.skip(reason="confinement needs Linux"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was left out for want of something, and how to have it: a line each."""
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", ())]
    reasons = {told[2].removeprefix("Skipped: ") for told in skipped if isinstance(told, tuple)}
    for reason in sorted(reason for reason in reasons if "left out" in reason):
        terminalreporter.write_line(reason)


# A test that takes its time on a loaded machine is no wrong test.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

TINY = Path(__file__).parent / "courses" / "tiny"
HEAD = """
from fractions import Fraction

import numpy as np
import pytest

from grader.judge import Ask, Credit, check_that, close, problem
"""
PICTURES = '''
"""Pictures that several homeworks use."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Picture:
    side: int


def load() -> np.ndarray:
    return np.load(Path(__file__).with_name("pictures.npz"))["images"]
'''
MODELS = '''
"""A model that several homeworks use."""

from importlib.metadata import distribution

import torch

WEIGHTS = {}


def preload(files):
    """The weights of every model, mapped: whoever writes into them writes into pages of their own."""
    for name, path in files.items():
        count = path.stat().st_size // 4
        WEIGHTS[name] = torch.from_file(str(path), shared=False, size=count, dtype=torch.float32)


def weights():
    """(n,) float32. Loaded when somebody asks, where nothing was preloaded."""
    if not WEIGHTS:
        preload({"toy": distribution("toy-weights").locate_file("toy_weights/toy.bin")})
    return WEIGHTS["toy"]
'''
NUMBERS = itertools.count()
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LEFT_OUT = "tests in a browser were left out: install Chromium (apt-get install chromium) and playwright (pip)"


@dataclass(frozen=True)
class House:
    """A course with one homework, hw7_tiny: problem 1 is `twice`, problem 2 `mean`, of module `tiny`.

    `running` gives the sandbox that all tests share, and starts it if nobody has yet.
    """

    folder: Path
    running: Callable[[], Sandbox]

    @property
    def sandbox(self) -> Sandbox:
        return self.running()

    @property
    def assignment(self) -> Assignment:
        return load_course(self.folder).assignment("hw7")

    @property
    def reference(self) -> str:
        return (self.folder / "solutions/hw7_tiny/tiny.py").read_text()

    def but(self, code: str) -> str:
        """The reference with some functions defined once more, differently."""
        return f"{self.reference}\n\n{dedent(code)}"

    def probes(self, code: str) -> None:
        """More probes."""
        path = self.folder / "assignments/hw7_tiny/probes.py"
        path.write_text(f"{path.read_text()}\n\n{dedent(code)}")

    def checks(self, hidden: str, public: str = "", *, points: Mapping[str, object] = {"1": 1}) -> None:
        """Other checks than those of the tiny course, and what the problems are worth with them."""
        for place, code in (("solutions", hidden), ("assignments", public)):
            folder = self.folder / place / "hw7_tiny" / "checks"
            shutil.rmtree(folder)
            folder.mkdir()
            for file in dedent(code).split("# next file\n"):
                name = f"test_{next(NUMBERS)}.py"  # new each time: a module is imported once in a process
                (folder / name).write_text(f"{HEAD}\n\n{dedent(file)}")
        path = self.folder / "assignments/hw7_tiny/assignment.toml"
        problems = "".join(
            f'[[problems]]\nid = "{id}"\ntitle = "Problem {id}"\nkind = "code"\npoints = "{worth}"\n\n'
            for id, worth in points.items()
        )
        path.write_text(path.read_text().split("[[problems]]")[0] + problems)

    def shares(self) -> Path:
        """From now on the homework shares a folder: assignments/pictures, with the module `pictures` and an archive."""
        place = self.folder / "assignments/pictures"
        place.mkdir()
        (place / "pictures.py").write_text(PICTURES)
        (place / "NOTICE.md").write_text("These pictures are of nothing.\n")
        np.savez(place / "pictures.npz", images=np.eye(3, dtype=np.uint8), names=np.array(["a/1", "a/2", "b/1"]))
        description = self.folder / "assignments/hw7_tiny/assignment.toml"
        description.write_text(f'shared = ["pictures"]\n{description.read_text()}')
        return place

    def preloads(self, size: int = 4096) -> Path:
        """From now on the homework preloads the module `models` and the weights "toy": `size` times 0.5.

        They are in the distribution toy-weights, which lies in the folder that is returned: put it on the path.
        """
        place = self.folder / "assignments/models"
        place.mkdir()
        (place / "models.py").write_text(MODELS)
        site = self.folder / "site"
        inside = site / "toy_weights-1.0.dist-info"
        inside.mkdir(parents=True)
        (inside / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-weights\nVersion: 1.0\n")
        (inside / "RECORD").write_text("toy_weights/toy.bin,,\ntoy_weights-1.0.dist-info/METADATA,,\n")
        file = site / "toy_weights" / "toy.bin"
        file.parent.mkdir()
        file.write_bytes(np.full(size, 0.5, np.float32).tobytes())
        table = f"""
[preload]
modules = ["models"]

[[preload.weights]]
name = "toy"
package = "toy-weights"
version = "1.0"
file = "toy_weights/toy.bin"
sha256 = "{hashlib.sha256(file.read_bytes()).hexdigest()}"
licence = "MIT"
get = "make models"
"""
        description = self.folder / "assignments/hw7_tiny/assignment.toml"
        head, problems, rest = description.read_text().partition("[[problems]]")
        description.write_text(f'shared = ["models"]\n{head}{table}\n{problems}{rest}')
        return site

    def judge(
        self,
        *sources: str | Submission,
        only: frozenset[str] = frozenset(),
        seed: int | str = 7,
        judge: type[Judge] = Judge,
    ) -> list[Result]:
        """Judges each source of tiny.py in this process, in one session. Raises `CourseError` when that cannot be."""
        assignment = self.assignment
        start = engine.inline(assignment)
        reference = assignment.sources(assignment.solution)
        results: list[Result] = []

        def work(judged: Callable[[Brief], Judged]) -> None:
            for i, source in enumerate(sources):
                results.append(judged(Brief(self.submission(source, f"student_{i}"))).result)

        one = judge(
            assignment,
            engine.answers_of(assignment, start),
            engine.environment(seed, "none: a test"),
            seed,
            start_host=start,
            reference=lambda: start(reference),
            work=work,
            only=only,
        )
        said = io.StringIO()
        folders = [str(assignment.folder / "checks"), str(assignment.solution / "checks")]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            pytest.main(
                [*engine.ini_arguments(), *engine.QUIET, "--capture=no", *folders],
                plugins=[engine.Enlists(one)],
            )
        if not results:
            raise CourseError("; ".join(one.complaints) or said.getvalue())
        return results

    def judge_one(self, source: str | Submission) -> dict[str, CheckResult]:
        """The checks of one submission, by name."""
        (result,) = self.judge(source)
        return {check.id: check for check in result.checks}

    @staticmethod
    def submission(source: str | Submission, name: str) -> Submission:
        if isinstance(source, Submission):
            return source
        return Submission.accepted(name, Path(f"{name}.py"), {"tiny": source}, ())


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The strongest sandbox that this machine has, shared by all tests of a worker: starting one takes seconds."""
    if sys.platform != "linux":
        pytest.skip("confinement needs Linux")
    with Sandbox(lanes=3) as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> House:
    """A copy of the tiny course in a folder of its own."""
    shutil.copytree(TINY, tmp_path / "house", ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    return House(tmp_path / "house", lambda: request.getfixturevalue("sandbox"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser. Where there is none its tests are left out; in CI that is a failure."""
    missing = BROWSER is None or importlib.util.find_spec("playwright") is None
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"CI needs a browser: {LEFT_OUT}", pytrace=False)
    if missing:
        pytest.skip(LEFT_OUT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER)
        yield browser
        browser.close()


# Elements that go on beyond the window, unless they lie in something that moves sideways by itself.
BEYOND = """() => {
  const moves = e => e && (["auto", "scroll"].includes(getComputedStyle(e).overflowX) || moves(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter(e => !moves(e.parentElement) && e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => `${e.tagName} ${e.textContent.trim().slice(0, 60)}`);
}"""


@pytest.fixture(params=["light", "dark"])
def window(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A browser's window in light or dark, `window.scheme`. What goes wrong in it is in `window.told`."""
    context = chromium.new_context(color_scheme=request.param)
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: told.append(f"error: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else told.append(f"request: {asked.url}"))
    page.told, page.scheme = told, request.param
    yield page
    context.close()


@pytest.fixture
def good_for_readers(window: Any, tmp_path: Path) -> Callable[[Mapping[str, str], Path], None]:
    """A function that looks at pages on a phone, a tablet and a laptop: all fits, nothing fails or is loaded, and
    axe-core finds nothing that hinders a reader. It keeps pictures in a folder."""

    def examined(pages: Mapping[str, str], shots: Path) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        shots.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            file = tmp_path / f"{name}.html"
            file.write_text(text, encoding="utf-8")
            for width in (390, 768, 1200):
                window.set_viewport_size({"width": width, "height": 900})
                window.goto(file.as_uri())
                assert window.evaluate(BEYOND) == [], (name, width)
                assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
                window.screenshot(path=shots / f"{name}-{width}-{window.scheme}.png", full_page=True)
            assert window.told == [], name
            hindrances = axe.run(window).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in hindrances] == [], name
            window.told.clear()  # of axe itself

    return examined


# ---- Results made up, where it does not matter how they came about

MADE_UP = Environment(
    grader="0.1.0",
    python="3",
    torch="2.13.0",
    numpy="2",
    platform="Linux",
    grading_seed="7",
    confinement="best",
    layers=("seccomp",),
)


@pytest.fixture
def made_up() -> Callable[..., Result]:
    """A function that makes a result: one check of 3 points a problem, all with the same verdict."""
    return made_up_result


def made_up_result(name: str, points: Any = 3, verdict: str = "passed", problems: str = "12", **others: Any) -> Result:
    """One check of 3 points a problem, all with the same verdict."""
    environment = MADE_UP.model_copy(update=others.pop("environment", {}))
    known: dict[str, Any] = {"kind": "code", "max_points": 3, "title": "T"}
    checks = tuple(
        CheckResult(
            id=f"test_{id}", problem=id, asked="It.", visibility="hidden", verdict=verdict, points=points, max_points=3
        )
        for id in problems
    )
    values = {
        "assignment": "hw7_tiny",
        "submission": name,
        "source": f"/srv/{name}.zip",
        "fingerprint": "f",
        "points": Fraction(points) * len(problems),
        "max_points": 3 * len(problems),
        "problems": tuple(ProblemResult(id=id, points=points, **known) for id in problems),
        "checks": checks,
        "environment": environment,
        "graded_at": "2026-02-03T10:00:00+00:00",
        "cpu_seconds": 0,
        "wall_seconds": 0,
    }
    return Result(**{**values, **others})
