"""The leak scanner: what it finds in every place where text can hide, and what it does not take for a leak."""

import base64
import gzip
import json
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.authoring.leaks import MAX_MB, Leak, scan, unneeded
from grader.authoring.mutant import read_mutants
from grader.authoring.release import write_release
from grader.authoring.secrets import Secrets, secrets_of
from grader.course.assignment import load_course
from grader.errors import CourseError

House = Any  # tests/conftest.py
REPO = Path(__file__).parents[2]

CHECK = 'answer = ask("mean", x=ask.rng.normal(size=7)).same_as_reference(atol=1e-9)'  # of a hidden check
HINT = "The mean divides by the number of entries."  # of a mutant
REFERENCE = 'if x.numel() == 0:\n    raise ValueError("x is empty")\nreturn twice(x).mean()\n'
HIDDEN, MUTANT = "solutions/hw7_tiny/checks/test_hidden.py", "solutions/hw7_tiny/mutants/sums.toml"
TINY = "solutions/hw7_tiny/tiny.py"


@pytest.fixture
def secrets(house: House) -> Secrets:
    return secrets_of(load_course(house.folder))


@pytest.fixture
def public(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    folder.mkdir()
    return folder


def one(leaks: list[Leak]) -> tuple[str, str, str, str]:
    (leak,) = leaks
    return leak.file, leak.where, leak.kind, leak.source


# ---- text, wherever it stands ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "where", "source"),
    [
        pytest.param("README.md", f"# HW7\n\nRemember: {HINT.lower()}\n", "line 3", MUTANT, id="a line of the README"),
        pytest.param(
            "a.md", "The *mean* divides\nby the **number**\nof `entries`", "line 1 to line 3", MUTANT, id="set"
        ),
        pytest.param("tiny.py", f"x = 1  # {CHECK}\n", "line 1", HIDDEN, id="a comment"),
        pytest.param("a.py", f'"""Title.\n\n{HINT}\n"""\n', "line 3", MUTANT, id="a docstring"),
        pytest.param(
            "a.py", "# if x.numel() == 0:\n#     raise ValueError('x is empty')\n", "line 2", TINY, id="disabled"
        ),
        pytest.param("a.py", f"A = {REFERENCE!r}\n", "line 1", TINY, id="a string with escapes"),
        pytest.param("a.py", f"A = {HINT.encode()!r} + b'\\0'\n", "line 1", MUTANT, id="bytes"),
        pytest.param("a.py", 'raise ValueError(\n    "x is "\n    "empty",\n)\n', "line 1 to line 3", TINY, id="split"),
        pytest.param("a.json", json.dumps({"a": [1, {"b": CHECK}]}), "key a[1].b", HIDDEN, id="a JSON value"),
        pytest.param("a.json", json.dumps({HINT: 1}), f"key {HINT}", MUTANT, id="a JSON key"),
        pytest.param("a.json", f'{{"a": "{HINT}", "a": 1}}', "key a", MUTANT, id="a JSON key that is there twice"),
        pytest.param("a.json", json.dumps(HINT.split()), "key [0] to key [7]", MUTANT, id="a JSON list of words"),
        pytest.param("a.toml", f"# {HINT}\n", "line 1", MUTANT, id="a comment in TOML"),
        pytest.param("a.toml", 'a = "The mean divides by the\\u0020number of entries"\n', "key a", MUTANT, id="TOML"),
        pytest.param("Makefile", f"all:\n\techo {HINT}\n", "line 2", MUTANT, id="a Makefile"),
        pytest.param("a.html", f"<p>\n{HINT}</p>\n", "line 2", MUTANT, id="a page"),
        pytest.param(
            "a.html",
            '<pre><span class="n">answer</span> <span class="o">=</span> <span class="n">ask</span>(<q>mean</q>,\n'
            "x<b>=</b><i>ask</i>.rn<b>g</b>.normal(size&#61;7)).same_as_reference(atol=1e-9)</pre>",
            "line 1 to line 2",
            HIDDEN,
            id="a page with marked-up code",
        ),
        pytest.param(
            "a.html",
            "<table><tr><td>The<td>mean<td>divides<td>by<td>the<td>number<td>of<td>entries</table>",
            "line 1",
            MUTANT,
            id="a page with its words in cells",
        ),
        pytest.param("a.html", f"<p>\n<!-- {HINT} -->\n", "line 2", MUTANT, id="a comment in a page"),
        pytest.param(
            "a.html", '<p title="The mean divides&#32;by the&Tab;number of entries">', "line 1", MUTANT, id="a tip"
        ),
        pytest.param(
            "a.txt", "ＴＨＥ mean divi\u200bdes by the number of entries", "line 1", MUTANT, id="odd characters"
        ),
    ],
)
def test_a_secret_line_is_found(secrets: Secrets, public: Path, name: str, text: str, where: str, source: str) -> None:
    (public / name).write_text(text)
    assert one(scan(public, secrets)) == (name, where, "secret text", source)


def test_a_copied_mutant_is_found_under_any_name(house: House, secrets: Secrets, public: Path) -> None:
    text = (house.folder / MUTANT).read_text()
    (public / "same.py").write_text(text)
    (public / "other.toml").write_text(text.replace("You summed.", "A helper."))
    leaks = scan(public, secrets)
    assert ("same.py", "", "copy", MUTANT) in [(leak.file, leak.where, leak.kind, leak.source) for leak in leaks]
    assert {leak.source for leak in leaks if leak.file == "other.toml" and leak.kind == "secret text"} >= {MUTANT}


def test_short_lines_are_found_together(secrets: Secrets, public: Path) -> None:
    lines = ["if x.numel() == 0:", 'raise ValueError("x is empty")', "return twice(x).mean()"]
    (public / "a.py").write_text("def f(x):\n    return twice(x).mean()\n")
    assert scan(public, secrets) == []  # four words, which anybody writes
    (public / "a.py").write_text(f"# {lines[0]}  # nothing\n# {lines[1]}\n\n# {lines[2]}\n")
    assert one(scan(public, secrets)) == ("a.py", "line 1 to line 4", "secret text", TINY)


def test_what_is_told_repeats_nothing_of_the_secret(secrets: Secrets, public: Path) -> None:
    (public / "a.md").write_text(HINT)
    (leak,) = scan(public, secrets)
    assert str(leak) == f"a.md, line 1: secret text: 8 words in a row as in {MUTANT}, line 3"


def test_base64_is_opened(secrets: Secrets, public: Path) -> None:
    code = base64.b64encode(REFERENCE.encode()).decode()
    twice = base64.b64encode(code.encode()).decode()
    (public / "a.txt").write_text(f"note:\n{code}\n")
    (public / "b.txt").write_text("\n".join(twice[at : at + 40] for at in range(0, len(twice), 40)))
    (public / "c.txt").write_text(base64.b64encode(gzip.compress(REFERENCE.encode())).decode())
    (public / "d.txt").write_text(f"{'0123456789abcdef' * 4}\n/usr/lib/python3/dist/packages/of/nobody\n")
    assert [(leak.file, leak.where, leak.kind) for leak in scan(public, secrets)] == [
        ("a.txt", "line 2, in base64", "secret text"),
        ("b.txt", "line 1, in base64, in base64", "secret text"),
        ("c.txt", "", "archive"),
    ]


# ---- notebooks ------------------------------------------------------------------------------------------------------


def written(folder: Path, notebook: nbformat.NotebookNode) -> None:
    (folder / "hw7.ipynb").write_text(nbformat.writes(notebook))


def test_a_notebook_is_searched_everywhere(secrets: Secrets, public: Path) -> None:
    cells = [
        new_markdown_cell(f"Title\n\n{HINT}", id="text"),
        new_code_cell('if x.numel() == 0:\n    raise ValueError("x is', id="half"),
        new_code_cell('empty")', id="other-half"),
        new_code_cell("pass", id="tagged", metadata={"note": {"why": CHECK}}),
    ]
    written(public, new_notebook(cells=cells, metadata={"grader": {"cells": [HINT]}}))
    assert {(leak.where, leak.kind) for leak in scan(public, secrets)} == {
        ("cell 1 (text), line 3", "secret text"),
        ("cell 2 (half), line 2 to cell 3 (other-half), line 1", "secret text"),
        ("cell 4 (tagged), key metadata.note.why", "secret text"),
        ("key metadata.grader.cells[0]", "secret text"),
    }


def test_a_notebook_that_was_run_is_refused(secrets: Secrets, public: Path) -> None:
    picture = base64.b64encode(png(b"tEXt", b"Comment\0" + HINT.encode())).decode()
    output = new_output("display_data", {"text/plain": "nothing", "image/png": picture})
    written(public, new_notebook(cells=[new_code_cell("1", id="run", execution_count=3, outputs=[output])]))
    found = [(leak.where, leak.kind) for leak in scan(public, secrets)]
    assert ("cell 1 (run)", "notebook output") in found
    assert ("cell 1 (run)", "execution count") in found
    assert ("cell 1 (run), key outputs[0].data.image/png, chunk tEXt", "secret text") in found


# ---- pages ----------------------------------------------------------------------------------------------------------


def test_a_script_in_a_page_is_refused(secrets: Secrets, public: Path) -> None:
    (public / "a.html").write_text("<p>One</p>\n<script>1</script>\n")
    (public / "b.html").write_text('<p>\n\n<a onclick="f()">it</a>\n')
    (public / "c.html").write_text('<a href="java&Tab;script:f()">it</a>\n')
    (public / "d.html").write_text('<a href="#javascript">it</a> &lt;script&gt;\n')
    assert [(leak.file, leak.where, leak.kind) for leak in scan(public, secrets)] == [
        ("a.html", "line 2", "script"),
        ("b.html", "line 3", "script"),
        ("c.html", "line 1", "script"),
    ]


# ---- pictures -------------------------------------------------------------------------------------------------------


def png(*chunk: bytes, end: bytes = b"", colour: int = 0) -> bytes:
    """A picture of one pixel, with one more chunk."""

    def made(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = made(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = made(b"IDAT", zlib.compress(bytes([0, colour])))
    more = made(*chunk) if chunk else b""
    return b"\x89PNG\r\n\x1a\n" + head + more + pixel + made(b"IEND", b"") + end


@pytest.mark.parametrize(
    ("chunk", "content"),
    [
        (b"tEXt", b"Comment\0" + HINT.encode()),
        (b"zTXt", b"Comment\0\0" + zlib.compress(HINT.encode())),
        (b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(HINT.encode())),
        (b"teSt", HINT.encode()),
    ],
)
def test_the_texts_in_a_picture_are_read(secrets: Secrets, public: Path, chunk: bytes, content: bytes) -> None:
    (public / "a.png").write_bytes(png(chunk, content))
    assert one(scan(public, secrets)) == ("a.png", f"chunk {chunk.decode()}", "secret text", MUTANT)


def test_a_picture_is_known_again_with_other_texts(house: House, public: Path) -> None:
    secret = house.folder / "solutions/hw7_tiny/result.png"
    secret.write_bytes(png(b"tEXt", b"Software\0one", colour=3))
    secrets = secrets_of(load_course(house.folder))
    (public / "a.png").write_bytes(png(colour=3))
    (public / "b.png").write_bytes(png(colour=4))
    (public / "c.png").write_bytes(png(colour=4, end=b"more"))
    (public / "d.html").write_text(f'<p>\n<img src="data:image/png;base64,{base64.b64encode(png(colour=3)).decode()}">')
    assert [(leak.file, leak.where, leak.kind) for leak in scan(public, secrets)] == [
        ("a.png", "picture", "picture"),
        ("c.png", "", "unreadable"),
        ("d.html", "line 2", "picture"),
    ]


# ---- kinds of files, markers, the seed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("tiny.cpython-311.pyc", b"\xa7\r\r\n", "compiled"),
        ("__pycache__/tiny.cpython-311.pyc", b"\xa7\r\r\n", "compiled"),
        ("tiny.so", b"\x7fELF", "compiled"),
        (".cache/a.txt", b"a", "hidden"),
        (".ipynb_checkpoints/a.ipynb", b"{}", "hidden"),
        (".env", b"a", "hidden"),
        ("a.zip", b"PK\x03\x04", "archive"),
        ("a.tar.gz", b"\x1f\x8b", "archive"),
        ("a.safetensors", b"{}", "weights"),
        ("deep/model.gguf", b"GGUF", "weights"),
        ("pytorch_model.bin", b"\x80\x02", "weights"),
        ("a.PT", b"PK", "weights"),
        ("a.onnx", b"", "weights"),
        ("a.txt", b"a\n" * (4 * MAX_MB << 18) + b"a\n", "too large"),
        ("a.pdf", b"%PDF", "file type"),
        ("a.bpf", b"\0" * 8, "file type"),
        ("tool", b"#!/bin/sh\n", "file type"),
        ("a.md", b"PK\x03\x04\0\0", "binary"),
        ("b.md", b"caf\xe9", "undecodable"),
        ("a.py", b"def f(:\n", "unreadable"),
        ("a.json", b"{", "unreadable"),
        ("a.toml", b"a = ", "unreadable"),
        ("a.ipynb", b'{"a": 1}', "unreadable"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "unreadable"),
        ("a.png", b"GIF89a", "unreadable"),
    ],
)
def test_what_is_no_public_text_is_refused(secrets: Secrets, public: Path, name: str, data: bytes, kind: str) -> None:
    (public / name).parent.mkdir(exist_ok=True)
    (public / name).write_bytes(data)
    assert kind in [leak.kind for leak in scan(public, secrets)]


def arrays(tmp_path: Path, comment: bytes = b"", entry: str = "", **values: Any) -> bytes:
    """A .npz of these arrays."""
    np.savez(tmp_path / "made.npz", **values)
    if comment or entry:
        with zipfile.ZipFile(tmp_path / "made.npz", "a") as archive:
            archive.comment = comment
            if entry:
                archive.writestr(entry, "a")
    return (tmp_path / "made.npz").read_bytes()


def test_arrays_have_one_place_a_shared_folder(house: House, secrets: Secrets, tmp_path: Path) -> None:
    shared, data = house.shares(), arrays(tmp_path, images=np.eye(3), names=np.array(["a", "b"]))
    assignments = house.folder / "assignments"
    (shared / "pictures.npz").write_bytes(data)
    assert scan(house.folder / "assignments", secrets) == []
    assert scan(shared / "pictures.npz", secrets) == []
    for place in ("hw7_tiny/a.npz", "pictures/deep/a.npz", "a.npz"):
        (assignments / place).parent.mkdir(exist_ok=True)
        (assignments / place).write_bytes(data)
        assert [(leak.file, leak.kind) for leak in scan(assignments, secrets)] == [(place, "archive")]
        (assignments / place).unlink()


def test_what_is_no_archive_of_plain_arrays_is_refused(house: House, secrets: Secrets, tmp_path: Path) -> None:
    place = house.shares() / "pictures.npz"
    for data, says in (
        (b"PK", "no archive of arrays"),
        (arrays(tmp_path, a=np.eye(2))[:-30], "no archive of arrays"),
        (arrays(tmp_path, a=np.array([{}])), "Object arrays"),
        (arrays(tmp_path, a=np.zeros(2, "M8[s]")), "neither numbers nor text"),
        (arrays(tmp_path, b"a comment", a=np.eye(2)), "more than its arrays"),
        (b"before" + arrays(tmp_path, a=np.eye(2)), "more than its arrays"),
        (arrays(tmp_path, entry="a.py", a=np.eye(2)), "'a.py', which is no array"),
    ):
        place.write_bytes(data)
        (leak,) = scan(place, secrets)
        assert leak.kind == "unreadable"
        assert says in leak.what


@pytest.mark.parametrize(
    "values",
    [
        {"a": np.array(["of no matter", HINT])},
        {"a": np.array([[HINT.encode()]])},
        {HINT: np.eye(2)},
        {"a": np.frombuffer(HINT.encode(), dtype=np.uint8)},
        {"a": np.array([base64.b64encode(HINT.encode()).decode()])},
    ],
    ids=["text", "bytes", "name", "numbers", "base64"],
)
def test_the_texts_beside_arrays_are_read(house: House, secrets: Secrets, tmp_path: Path, values: dict) -> None:
    place = house.shares() / "pictures.npz"
    place.write_bytes(arrays(tmp_path, **values))
    (leak,) = scan(place, secrets)
    assert (leak.kind, leak.source) == ("secret text", MUTANT)
    assert leak.where.startswith("array ")


def test_secret_arrays_are_known_again(house: House) -> None:
    place = house.shares() / "pictures.npz"
    np.savez(house.folder / "solutions/hw7_tiny/weights.npz", a=np.eye(2))
    place.write_bytes((house.folder / "solutions/hw7_tiny/weights.npz").read_bytes())
    (leak,) = scan(place, secrets_of(load_course(house.folder)))
    assert (leak.kind, leak.source) == ("copy", "solutions/hw7_tiny/weights.npz")


def test_links_programs_and_pipes_are_refused(house: House, secrets: Secrets, public: Path) -> None:
    (public / "link.py").symlink_to(house.folder / TINY)
    (public / "folder").symlink_to(house.folder / "solutions")
    (public / "run.py").write_text("pass\n")
    (public / "run.py").chmod(0o755)
    os.mkfifo(public / "pipe.txt")
    assert [(leak.file, leak.kind) for leak in scan(public, secrets)] == [
        ("folder", "link"),
        ("link.py", "link"),
        ("pipe.txt", "file type"),
        ("run.py", "executable"),
    ]


@pytest.mark.parametrize(
    "line", ["    ### BEGIN SOLUTION", "#end solution", "### BEGIN HIDDEN TESTS", "### STUB: pass"]
)
def test_markers_are_refused(secrets: Secrets, public: Path, line: str) -> None:
    (public / "a.py").write_text(f"def f():\n{line}\n    return 1\n")
    written(public, new_notebook(cells=[new_code_cell(line, id="marked")]))
    assert [(leak.file, leak.where, leak.kind) for leak in scan(public, secrets)] == [
        ("a.py", "line 2", "marker"),
        ("hw7.ipynb", "cell 1 (marked), line 1", "marker"),
    ]
    (public / "a.py").write_text(f"def f():\n    return 1  # not a line `{line}` of its own\n")
    (public / "hw7.ipynb").unlink()
    assert scan(public, secrets) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "SEED"}',
        "rng = make(0xSEED)\n",
        "It was SEED.\n",
        "FIRST and later\n\nLAST\n",
        "only FIRST\n",
        "LAST, the rest of it\n",
        "as one number: NUMBER\n",
    ],
)
def test_the_grading_seed_is_found_whole_in_part_and_taken_apart(house: House, public: Path, text: str) -> None:
    seed = load_course(house.folder).grading_seed
    parts = {"SEED": seed.upper(), "FIRST": seed[:16], "LAST": seed[16:], "NUMBER": str(int(seed, 16))}
    for name, part in parts.items():
        text = text.replace(name, part)
    secrets = secrets_of(load_course(house.folder))
    (public / "LICENSE").write_text("Copyright (c) 2026, by seed 1 and seed 2\n")
    assert scan(public, secrets) == []
    (public / "a.json" if text[0] == "{" else public / "a.md").write_text(text)
    assert {leak.kind for leak in scan(public, secrets)} == {"grading seed"}


# ---- what is no leak ------------------------------------------------------------------------------------------------


def test_what_students_receive_of_the_tiny_course_is_clean(house: House, secrets: Secrets, public: Path) -> None:
    assert scan(house.folder / "assignments", secrets) == []
    (public / "a.py").write_text(
        '"""A tiny homework."""\n\nfrom torch import Tensor\n\n\ndef mean(x: Tensor) -> Tensor:\n'
    )
    with (public / "a.py").open("a") as file:
        file.write('    """Problem 2. The mean of twice x. Raises ValueError if x is empty."""\n')
    assert scan(public, secrets) == []  # of the reference, but outside its regions


@pytest.fixture(scope="module")
def of_this_course() -> Secrets:
    return secrets_of(load_course(REPO))


def test_hw0_as_it_is_has_no_leak(of_this_course: Secrets, tmp_path: Path) -> None:
    course = load_course(REPO)
    write_release(course, [course.assignment("hw0")], tmp_path / "release")
    assert of_this_course.lines["hw0_multitask"] > 2000
    assert scan(tmp_path / "release", of_this_course) == []
    assert unneeded(course, of_this_course) == []


def test_every_solution_of_hw0_would_be_found(of_this_course: Secrets, tmp_path: Path) -> None:
    """Each function of the reference alone, and each mutant and alternative without its first lines."""
    course, secrets = load_course(REPO), of_this_course
    solution = course.assignment("hw0").solution
    reference = (solution / "multitask.py").read_text()
    regions = [part.split("### END SOLUTION")[0] for part in reference.split("### BEGIN SOLUTION")[1:]]
    assert len(regions) == 10
    path = tmp_path / "a.md"
    for region in regions:
        path.write_text("\n".join(line.split("  # ")[0] for line in region.splitlines()))
        assert "secret text" in [leak.kind for leak in scan(path, secrets)], region
    texts = {file: file.read_text().partition('"""\n\n')[2]
             for file in (*solution.glob("alternatives/*.py"), *solution.rglob("checks/test_*.py"))}  # fmt: skip
    sources = course.assignment("hw0").sources(solution)
    texts |= {mutant.path: "\n".join(mutant.code_of(sources)) for mutant in read_mutants(solution)}
    assert len(texts) > 100
    for file, text in texts.items():
        path.write_text(text)
        assert "secret text" in [leak.kind for leak in scan(path, secrets)], file


# ---- lines that are public by right ---------------------------------------------------------------------------------


def with_public(house: House, *entries: str) -> Secrets:
    (house.folder / "solutions/hw7_tiny/public.toml").write_text("".join(f"[[public]]\n{entry}\n" for entry in entries))
    return secrets_of(load_course(house.folder))


def test_a_public_line_is_let_through(house: House, public: Path) -> None:
    secrets = with_public(house, f"line = '{HINT}'\nreason = 'The handout says so.'")
    handout = house.folder / "assignments/hw7_tiny/README.md"
    (public / "README.md").write_text(HINT)
    assert scan(public, secrets) == []
    (leak,) = unneeded(load_course(house.folder), secrets)
    assert (leak.file, leak.kind) == ("solutions/hw7_tiny/public.toml", "stale entry")
    handout.write_text(handout.read_text() + HINT)
    assert unneeded(load_course(house.folder), secrets) == []


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("line = 'no secret at all, but for these words'\nreason = 'None.'", "is not in any secret line"),
        (f"line = '{HINT}'", "public.0.reason: Field required"),
        (f"line = '{HINT}'\nreason = ''", "public.0.reason"),
        ("line = ", "not valid TOML"),
    ],
)
def test_an_entry_needs_a_secret_line_and_a_reason(house: House, entry: str, says: str) -> None:
    with pytest.raises(CourseError, match=r"public\.toml: ") as caught:
        with_public(house, entry)
    assert says in str(caught.value)


# ---- nothing is said of what was not compared -----------------------------------------------------------------------


def test_without_solutions_nothing_is_said(house: House, public: Path) -> None:
    (house.folder / "solutions").rename(house.folder / "elsewhere")
    with pytest.raises(CourseError, match="there is no such folder, so nothing to compare with"):
        secrets_of(load_course(house.folder))
    (house.folder / "solutions").mkdir()
    with pytest.raises(CourseError, match=r"grading\.toml: cannot be read"):
        secrets_of(load_course(house.folder))
    (house.folder / "solutions/grading.toml").write_text(f'seed = "{"0123456789abcdef" * 2}"\n')
    with pytest.raises(CourseError, match="holds no secret line"):
        secrets_of(load_course(house.folder))
    with pytest.raises(CourseError, match="no secret line to compare with"):
        scan(public, Secrets(seed="7" * 32))


def test_of_nothing_nothing_is_said(secrets: Secrets, public: Path) -> None:
    (public / "empty").mkdir()
    with pytest.raises(CourseError, match="there is no file in it"):
        scan(public, secrets)
    with pytest.raises(CourseError, match="there is no such file or folder"):
        scan(public / "nowhere", secrets)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.md", b"caf\xe9", "is not UTF-8 text"),
        ("mutants/broken.toml", b"says = ", "not valid TOML"),
        ("alternatives/broken.py", b"def f(:\n", "not valid Python"),
        ("checks/open.py", b"x = (\n", "not valid Python"),
        ("figure.png", b"GIF89a", "it is not a PNG file"),
        ("full.ipynb", b"{}", "it is not a notebook"),
        ("extra.py", b"### BEGIN SOLUTION\nx = 1\n", "without an ### END SOLUTION"),
    ],
)
def test_a_secret_file_that_cannot_be_read_stops_everything(house: House, name: str, data: bytes, says: str) -> None:
    (house.folder / "solutions/hw7_tiny" / name).write_bytes(data)
    with pytest.raises(CourseError, match=name.replace(".", r"\.")) as caught:
        secrets_of(load_course(house.folder))
    assert says in str(caught.value)


def test_secret_files_of_any_type_are_compared(house: House, public: Path) -> None:
    solution = house.folder / "solutions/hw7_tiny"
    (solution / "rubric.md").write_text("# Rubric\n\n- Half a point: names the second derivative of the total loss.\n")
    (solution / "equivalent.toml").write_text('[[equivalent]]\nreason = "sorting twice leaves the very same order"\n')
    (solution / "data.csv").write_text("seed,loss,gain\n1,0.25,0.75,0.125,3.5,8.25,9.0\n")
    (solution / "paper.pdf").write_bytes(b"%PDF\0\0")
    notebook = new_notebook(cells=[new_code_cell("loss = first_task(x) + second_task(y)", id="a")])
    (solution / "filled.ipynb").write_text(nbformat.writes(notebook))
    secrets = secrets_of(load_course(house.folder))
    for name, text in {
        "a": "names the second derivative of the total loss",
        "b": "sorting twice leaves the very same order",
        "c": "1 0.25 0.75 0.125 3.5 8.25 9.0",
        "d": "loss = first_task(x) + second_task(y)",
    }.items():
        (public / f"{name}.md").write_text(text)
    assert [Path(leak.source).name for leak in scan(public, secrets)] == [
        "rubric.md",
        "equivalent.toml",
        "data.csv",
        "filled.ipynb",
    ]
    (public / "paper.md").write_bytes((solution / "paper.pdf").read_bytes())
    assert scan(public / "paper.md", secrets) != []
