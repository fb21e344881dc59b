"""The review's server: whom it answers, what it lets out, and that marks are not lost or overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest
from reviewed import HOMEWORK, STUDENTS, Client, Server, answered, begin_book, picture, write_class

from grader.book.rows import Student, Withdrawn
from grader.book.store import Book
from grader.errors import GraderError
from grader.hand.marking import Marking
from grader.judge.result import Result
from grader.review.drawn import drawn, walls
from grader.review.guard import NOTHING, PAGE
from grader.review.place import Place, place_of

Start = Callable[..., Server]
Begin = Callable[..., str]
AFTER = "/api/changes?since=-1"


@pytest.fixture(scope="module")
def shared(course: Path, handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that change nothing."""
    folder = tmp_path_factory.mktemp("shared")
    url = f"sqlite:///{folder / 'book.db'}"
    begin_book(url, STUDENTS)
    with Server(course, handed_in, url, "ada", folder) as server:
        yield server


@pytest.fixture
def client(shared: Server) -> Client:
    return Client(shared)


def marks(url: str) -> dict[tuple[str, str], tuple[str, Marking]]:
    with Book.open(url) as book:
        return {key: (given.who, given.marking) for key, given in book.markings(HOMEWORK).items()}


def ids(client: Client, question: str = "1a") -> list[str]:
    return [task["id"] for task in client.get("/api/start")["tasks"] if task["question"] == question]


def run_of(client: Client) -> str:
    """Where figures are while this server runs."""
    return f"/run/{client.get('/api/start')['run']}"


# ---- who is answered


def test_the_token_opens_once_and_becomes_a_cookie_that_scripts_cannot_read(shared: Server) -> None:
    token = shared.address.partition("token=")[2]
    reply = Client.__new__(Client)
    reply.port = shared.port
    first = reply.raw("GET", f"/?token={token}")
    cookie = str(first.headers["set-cookie"]).lower()
    assert (first.status, first.headers["location"]) == (303, "/")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert token.lower() not in cookie
    assert reply.raw("GET", "/").status == 403
    assert reply.raw("GET", "/", Cookie=cookie.partition(";")[0]).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/api/start", "/api/changes?since=-1", "/static/review.js", "/answer/x", "/nowhere"]
)
@pytest.mark.parametrize("cookie", ["", "review-1=x", "review-{port}=", "review-{port}={token}", "a;;;=\x01"])
def test_without_the_cookie_nothing_is_told(shared: Server, client: Client, path: str, cookie: str) -> None:
    given = cookie.format(port=shared.port, token=shared.address.partition("token=")[2])
    assert client.raw("GET", path, Cookie=given).status == 403
    assert client.raw("GET", f"/?token={'x' * 43}", Cookie="").status == 403


@pytest.mark.parametrize(
    "other",
    [
        "theme=dark",
        'prefs={"theme":"dark"}',
        "name=a b",
        "_xsrf=2|a|b|1",
        'x="unclosed',
        "k\xf6=1",
        "=;;=",
        "review-{port}=x",
    ],
)
def test_cookies_of_other_programs_on_this_machine_keep_nobody_out(client: Client, other: str) -> None:
    other = other.format(port=client.port) if "port" in other else other
    for cookies in (f"{other}; {client.cookie}", f"{client.cookie};{other}"):
        assert client.raw("GET", "/api/start", Cookie=cookies).status == 200
    assert client.raw("GET", "/api/start", Cookie=other).status == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:{port}",
        "[::1]:{port}",
        "",
    ],
)
def test_other_hosts_are_refused(client: Client, host: str) -> None:
    assert client.raw("GET", "/api/start", Host=host.format(port=client.port)).status in (400, 403)


def test_the_name_of_this_machine_is_allowed(client: Client) -> None:
    assert client.raw("GET", "/api/start", Host=f"localhost:{client.port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_other_sites_save_nothing(client: Client, headers: dict[str, str]) -> None:
    body = {"answer": ids(client)[0], "items": ["reason"]}
    sent = {name.replace("-", "_"): value.format(port=client.port) for name, value in headers.items()}
    assert client.raw("POST", "/api/save", body, **sent).status == 403
    assert client.get(AFTER)["marks"] == {}


def test_other_sites_read_nothing(client: Client) -> None:
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert client.raw("GET", "/api/start", **headers).status == 403


def test_it_listens_on_this_machine_alone(shared: Server) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    places = [words[1] for words in listening if words[3] == "0A" and words[1].endswith(f":{shared.port:04X}")]
    assert places == [f"0100007F:{shared.port:04X}"]


# ---- what goes out


def test_every_answer_has_a_policy_that_lets_nothing_else_in(client: Client) -> None:
    first = ids(client)[0]
    replies: dict[str, HTTPResponse] = {path: client.raw("GET", path) for path in (
        "/", "/static/review.css", "/static/nothing", "/api/start", f"/answer/{first}",
        f"{run_of(client)}/answer/{first}/figure/0",
        "/answer/none", "/nowhere",
    )}  # fmt: skip
    for path, reply in replies.items():
        assert reply.headers["Content-Security-Policy"] == (PAGE if path == "/" else NOTHING), path
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert reply.headers.get("Access-Control-Allow-Origin") is None
        assert reply.headers.get("Server") is None
    assert "unsafe" not in PAGE
    assert "default-src 'none'" in PAGE
    assert replies[f"{run_of(client)}/answer/{first}/figure/0"].headers["Content-Type"] == "image/png"
    page = replies["/"].text.decode()  # type: ignore[attr-defined]
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize(
    "path",
    ["/static/../server.py", "/static/%2e%2e/server.py", "/static/..%2fserver.py", "/static//etc/passwd",
     "/..%2f..%2fetc/passwd", "/static/page.html.jinja", "{run}/answer/{id}/figure/1", "{run}/answer/{id}/figure/-1",
     "{run}/answer/{id}/figure/..%2f..%2fwritten.md",
     "{run}/answer/{id}/document/0", "{run}/answer/..%2f..%2f/figure/0", "/run/x/answer/{id}/figure/0",
     "{run}/answer/{id}/figure/99999999999999999999"],
)  # fmt: skip
def test_nothing_but_what_belongs_to_an_answer_is_served(client: Client, path: str) -> None:
    assert client.raw("GET", path.format(id=ids(client)[0], run=run_of(client))).status in (404, 405)


def test_nothing_can_be_sent_that_is_too_much_or_no_marking(client: Client) -> None:
    first = ids(client)[0]
    for body, status in (
        (b"x" * 3_000_000, 403),
        (b"{", 422),
        (b"[]", 422),
        ({"answer": first, "items": "reason"}, 422),
        ({"answer": first, "adjustment": "1e9"}, 422),
        ({"answer": first, "adjustment": "9999"}, 422),
        ({"answer": first, "comment": "x" * 20_000}, 422),
        ({"answer": first, "more": 1}, 422),
        ({"answer": "none"}, 404),
        ({"answer": first, "comment": "\ud800"}, 422),
    ):
        assert client.raw("POST", "/api/save", body).status == status, body if len(body) < 1000 else len(body)
    assert client.get(AFTER)["marks"] == {}


def test_an_answer_is_told_with_its_question_and_its_figure(client: Client) -> None:
    told = client.get(f"/answer/{ids(client)[3]}")
    assert told["state"] == "written"
    assert "<msup><mn>3</mn><mn>2</mn></msup>" in told["html"]
    assert "Say why" in told["asks"]
    assert "Say why" not in told["html"]
    assert f'src="{run_of(client)}/answer/{told["id"]}/figure/0"' in told["html"]


# ---- marks


def test_a_marking_is_saved_with_exact_points_and_every_later_one_replaces_it(served: Start, book_of: Begin) -> None:
    url = book_of(STUDENTS[:2])
    client = Client(served(url))
    first = ids(client)[0]
    status, told = client.post("/api/save", answer=first, items=["third"], adjustment="1/3", comment="So.")
    assert (status, told["points"]) == (200, "0.666667")
    for adjustment, points in (("−0,5", "0"), ("+.5", "0.833333"), (" 2 ", "2"), ("", "0.333333")):
        status, told = client.post(
            "/api/save", answer=first, items=["third"], adjustment=adjustment, base=told["entry"]
        )
        assert (status, told["points"]) == (200, points)
    assert marks(url) == {("s01", "1a"): ("ada", Marking(("third",)))}
    assert client.post("/api/save", answer=first, items=["third"], base=told["entry"])[1] == told  # nothing new
    assert client.get(AFTER)["marks"][first]["points"] == "0.333333"


def test_what_was_refused_does_not_keep_out_what_is_sent_after_it(served: Start, book_of: Begin) -> None:
    url = book_of(STUDENTS[:2])
    client = Client(served(url))
    first, second = ids(client)
    for refused in ("x" * 10_001, "a\0b", "\u0958" * 5_001):  # the last is two letters each, as the book spells it
        said = {"items": [], "adjustment": "", "comment": refused}
        assert client.post("/api/save", answer=second, **said, tried=[said])[0] == 422
        status, _ = client.post("/api/save", answer=second, comment="Short.", tried=[said, {"adjustment": "x" * 41}, 7])
        assert status == 200
    assert marks(url) == {("s02", "1a"): ("ada", Marking((), comment="Short."))}
    assert client.post("/api/save", answer=first, comment="x" * 10_000)[0] == 200
    assert client.post("/api/save", answer=first, tried=7)[0] == 422


def test_an_accent_is_the_same_however_it_was_typed(served: Start, book_of: Begin) -> None:
    url = book_of(STUDENTS[:1])
    client = Client(served(url))
    (only,) = ids(client)
    apart = {"items": [], "adjustment": "", "comment": "cafe\u0301"}
    assert client.post("/api/save", answer=only, **apart)[0] == 200  # and its answer was lost
    assert client.post("/api/save", answer=only, **{**apart, "comment": "cafe\u0301s"}, tried=[apart])[0] == 200
    assert marks(url) == {("s01", "1a"): ("ada", Marking((), comment="caf\u00e9s"))}


def test_what_left_the_book_is_refused_for_good_and_nobody_is_led_there(served: Start, book_of: Begin) -> None:
    """A server that is away (503) is asked again; that would never end here."""
    url = book_of(STUDENTS[:2])
    client = Client(served(url))
    (first, second), of_1b, of_2 = (ids(client, name) for name in ("1a", "1b", "2"))
    with Book.open(url) as book:
        rubric = book.rubric(HOMEWORK)
        assert rubric is not None
        one, two, _ = rubric.questions
        less = one.model_copy(update={"items": tuple(item for item in one.items if item.id != "third")})
        book.enter_rubric(rubric.model_copy(update={"questions": (less, two)}), who="t", why="t")
        (student,) = [each.id for each in book.history("s02") if isinstance(each.content, Student)]
        book.enter([Withdrawn(student)], who="t", why="left the course")
    for answer, items, why in (
        (first, ["third"], "1a has no item 'third'"),
        (of_2[0], ["done"], "The rubric does not have question 2 any more"),
        (second, ["reason"], "was taken out of the book"),
    ):
        status, told = client.post("/api/save", answer=answer, items=items)
        assert (status, why in told["wrong"]) == (422, True), told
    assert marks(url) == {}
    assert client.post("/api/save", answer=first)[0] == 200
    after = client.post("/api/next", after=of_1b[1], kind="ungraded", page="a")[1]["answer"]
    assert after == second  # round, past those of question 2


def test_nobodys_mark_is_overwritten_unseen(served: Start, book_of: Begin) -> None:
    url = book_of(STUDENTS[:2])
    ada, alan = Client(served(url, "ada")), Client(served(url, "alan"))
    hers, his = ids(ada)[0], ids(alan)[0]
    assert hers != his  # each server has a token of its own
    assert ada.post("/api/save", answer=hers, items=["reason"])[0] == 200
    status, told = alan.post("/api/save", answer=his, items=["wrong"])
    assert status == 409
    assert (told["current"]["who"], told["current"]["items"], told["current"]["points"]) == ("ada", ["reason"], "1")
    assert marks(url)["s01", "1a"][0] == "ada"
    assert alan.post("/api/save", answer=his, items=["wrong"], base=told["current"]["entry"])[0] == 200
    assert marks(url)["s01", "1a"] == ("alan", Marking(("wrong",)))


def test_what_was_saved_without_an_answer_is_known_again(served: Start, book_of: Begin) -> None:
    url = book_of(STUDENTS[:1])
    client = Client(served(url))
    (only,) = ids(client)
    one, two = ({"items": [name], "adjustment": "", "comment": ""} for name in ("reason", "figure"))
    assert client.post("/api/save", answer=only, **one)[0] == 200  # and its answer was lost
    assert client.post("/api/save", answer=only, **two)[0] == 409
    assert client.post("/api/save", answer=only, **two, tried=[one, two])[0] == 200
    assert client.post("/api/save", answer=only, **two, tried=[one, two])[0] == 200
    with Book.open(url) as book:
        assert [each.marking.items for each in book.all_markings(HOMEWORK)] == [("reason",), ("figure",)]


def test_next_leaves_out_what_is_marked_and_what_somebody_else_looks_at(served: Start, book_of: Begin) -> None:
    url = book_of(STUDENTS[:4])
    ada, alan = Client(served(url, "ada", "--question", "1a")), Client(served(url, "alan", "--question", "1a"))
    of_ada, of_alan = ids(ada), ids(alan)

    def after(client: Client, name: str, page: str) -> object:
        return client.post("/api/next", after=name, kind="ungraded", page=page)[1]["answer"]

    assert after(ada, "", "a") == of_ada[0]
    assert after(alan, "", "b") == of_alan[1]
    assert alan.get(AFTER)["claims"] == {of_alan[0]: "ada", of_alan[1]: "alan"}
    ada.post("/api/save", answer=of_ada[0], items=[])
    assert after(ada, of_ada[0], "a") == of_ada[2]
    assert after(alan, of_alan[1], "b") == of_alan[3]
    for client, name in ((ada, of_ada[2]), (alan, of_alan[3])):
        client.post("/api/save", answer=name, items=[])
    told = ada.post("/api/next", after=of_ada[2], kind="ungraded", page="a")[1]
    assert told == {"answer": of_ada[1], "busy": 0}  # alan went on from it to the last one
    assert alan.post("/api/next", after=of_alan[3], kind="ungraded", page="b")[1] == {"answer": None, "busy": 1}
    people = {each["who"]: each["count"] for each in ada.get(AFTER)["graders"]}
    assert people == {"ada": 2, "alan": 1}


def test_next_may_mean_those_whose_code_is_wrong(
    served: Start, book_of: Begin, tmp_path: Path, made_up: Callable[..., Result]
) -> None:
    for student, verdict in (("s01", "passed"), ("s03", "failed")):
        (tmp_path / f"{student}.json").write_text(made_up(student, 0, verdict).model_dump_json())
    client = Client(served(book_of(STUDENTS[:3]), "ada", "--results", str(tmp_path)))
    third = ids(client)[2]
    assert client.post("/api/next", after="", kind="wrong", page="a")[1]["answer"] == third
    assert client.get(f"/answer/{third}")["wrong"] == ["1", "2"]
    wrong = [task["id"] for task in client.get("/api/start")["tasks"] if task["wrong"]]
    for name in wrong:
        client.post("/api/save", answer=name)
    assert client.post("/api/next", after="", kind="wrong", page="a")[1]["answer"] is None


def test_comments_that_were_used_are_offered_again(served: Start, book_of: Begin) -> None:
    client = Client(served(book_of(STUDENTS[:3])))
    first, second, _ = ids(client)
    client.post("/api/save", answer=first, comment="Show it.")
    client.post("/api/save", answer=second, comment="Show it.")
    client.post("/api/save", answer=ids(client, "2")[0], comment="Of another question.")
    told = {each["id"]: each["comments"] for each in client.get(AFTER)["questions"]}
    assert told == {"1a": ["Show it."], "1b": [], "2": ["Of another question."]}


def test_names_are_hidden_if_wanted(served: Start, book_of: Begin, tmp_path: Path) -> None:
    submissions = write_class(tmp_path / "class", ["s01", "nobody"])
    client = Client(served(book_of(STUDENTS[:2]), "ada", "--hide-names", submissions=submissions))
    said = json.dumps([client.get("/api/start"), client.get(f"/answer/{ids(client)[0]}"), client.get(AFTER)])
    assert "Student" not in said
    assert "s01" not in said
    assert "nobody" not in said
    (remark,) = client.get("/api/start")["remarks"]
    assert "The terminal names them: look there before you give zero." in remark


def test_submissions_of_nobody_are_listed_and_of_whom_there_is_none_has_an_answer_too(
    served: Start, book_of: Begin, tmp_path: Path
) -> None:
    submissions = write_class(tmp_path / "class", ["s01", "s0l"])
    client = Client(served(book_of(STUDENTS[:2]), submissions=submissions))
    started = client.get("/api/start")
    assert started["walls"] == walls(drawn)
    (remark,) = started["remarks"]
    assert remark.startswith("s0l: nobody in the book is called so.")
    told = client.get(f"/answer/{ids(client)[1]}")
    assert (told["state"], told["notes"]) == ("nothing", [])


def test_figures_that_cannot_be_shown_say_why(served: Start, book_of: Begin, tmp_path: Path) -> None:
    submissions = write_class(tmp_path / "class", ["s01"])
    (submissions / "s01" / "why.png").write_bytes(picture(50_000, 50_000))
    (submissions / "s01" / "written.md").write_text(answered(q1a="Huge."))
    client = Client(served(book_of(["s01"]), submissions=submissions))
    told = client.get(f"{run_of(client)}/answer/{ids(client)[0]}/figure/0")
    assert "50,000 × 50,000 pixels" in told["unreadable"]


# ---- where it is


def test_port_and_token_are_kept_where_only_this_user_reads_them(tmp_path: Path) -> None:
    first = place_of(tmp_path / "book", HOMEWORK, "ada")
    (path,) = (tmp_path / "book").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert place_of(tmp_path / "book", HOMEWORK, "ada") == first
    assert place_of(tmp_path / "book", HOMEWORK, "ada", 8123) == Place(8123, first.token)
    assert place_of(tmp_path / "book", HOMEWORK, "alan").token != first.token
    path.chmod(0o644)
    with pytest.raises(GraderError, match="others can read the token"):
        place_of(tmp_path / "book", HOMEWORK, "ada")
    path.chmod(0o600)
    path.write_text("{}")
    with pytest.raises(GraderError, match="cannot be read"):
        place_of(tmp_path / "book", HOMEWORK, "ada")


def test_a_port_that_is_taken_is_said_with_the_address(shared: Server) -> None:
    again = Server(shared.course, shared.submissions, shared.url, "ada", shared.keep, port=shared.port)
    with pytest.raises(AssertionError, match=rf"Port {shared.port} is taken. This review may be running already: open"):
        again.start()
