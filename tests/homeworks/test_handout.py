"""Each handout names what there is: its points, the parts graded by hand, files, options, figures."""

import json
import re
import subprocess
import sys
from typing import get_args

from grader.cli import check
from grader.course.assignment import Assignment
from grader.hand.rubric import rubric_of
from grader.judge.verdict import Verdict


def handout(assignment: Assignment) -> str:
    return (assignment.folder / "README.md").read_text(encoding="utf-8")


def written(assignment: Assignment) -> str:
    (file,) = assignment.folder.glob(assignment.hand_in[0])
    return file.read_text(encoding="utf-8")


def test_the_points_table_and_the_headlines_are_the_assignments(assignment: Assignment) -> None:
    text = handout(assignment)
    for problem in assignment.problems:
        by = "hidden checks" if problem.kind == "code" else "hand"
        assert f"| {problem.id} | {problem.title} | {problem.points} | {by} |" in text
        (headline,) = re.findall(rf"^## Problem {problem.id}: .*$", text, re.MULTILINE)
        assert re.search(rf"\({problem.points} points?\b", headline)
    assert f"| | **all** | **{sum(problem.points for problem in assignment.problems)}** | |" in text


def test_what_is_graded_by_hand_adds_up_and_is_the_rubric(assignment: Assignment) -> None:
    """Questions, in the file that students write and in the model answers, have the points that rubric.toml gives."""
    rubric = {question.id: question for question in rubric_of(assignment).questions}  # it adds up, or is refused
    asked = re.findall(r"^### ([0-9]+[a-z])\. .*\((\d+) points?\)$", written(assignment), re.MULTILINE)
    assert {name: int(points) for name, points in asked} == {each.id: each.points for each in rubric.values()}
    assert all(each.id.rstrip("abcdefgh") == each.problem for each in rubric.values())
    answers = (assignment.solution / "rubric.md").read_text(encoding="utf-8")
    judged = re.findall(r"^### ([0-9]+[a-z])\. .*\((\d+) points?\)$", answers, re.MULTILINE)
    assert {name: rubric[name].points for name, _ in judged} == {name: int(points) for name, points in judged}


def test_items_give_what_the_question_has_and_take_no_more(assignment: Assignment) -> None:
    for question in rubric_of(assignment).questions:
        assert question.floor == 0
        assert sum(item.points for item in question.items if item.points > 0) == question.points, question.id
        assert all(-question.points <= item.points != 0 for item in question.items), question.id
        assert all(item.points.denominator in (1, 2, 4) for item in question.items), question.id
        assert len({item.text for item in question.items}) == len(question.items)


def test_the_files_and_figures_that_it_names_are_there(assignment: Assignment) -> None:
    text = handout(assignment) + written(assignment)
    files = set(re.findall(r"`(\w+\.(?:py|md))`", text))
    assert files
    assert [name for name in files if not (assignment.folder / name).is_file()] == []
    for figure in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", handout(assignment)):
        assert (assignment.folder / figure).read_bytes().startswith(b"\x89PNG")
        assert (assignment.folder / figure).stat().st_size < 100_000, figure


def test_the_options_of_the_experiment_and_of_check_that_it_names_are_there(with_experiment: Assignment) -> None:
    """Of the experiment, or of `make check` in a line that calls it."""
    script = (with_experiment.folder / "experiment.py").read_text(encoding="utf-8")
    text = handout(with_experiment) + written(with_experiment)
    named = re.compile(r"(?<![\w-])(--[a-z][a-z-]+)")
    checks = re.findall(r"make check .*", text)
    known = {name for parameter in check.params for name in parameter.opts}
    assert set(named.findall("\n".join(checks))) <= known
    options = set(named.findall(re.sub(r"make check .*", "", text)))
    assert options
    assert [option for option in options if f'"{option}"' not in script] == []


def rows_of(text: str, head: str) -> list[list[str]]:
    """The cells of the first table whose headline begins so, below its headline and its rule."""
    _, begin, rest = text.partition(f"\n{head}")
    assert begin, f"there is no table that begins with {head}"
    body = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def test_every_word_that_a_check_can_end_with_is_explained(assignment: Assignment) -> None:
    explained = [word.strip("`") for word, _, _ in rows_of(handout(assignment), "| word |")]
    assert sorted(explained) == sorted(get_args(Verdict))


def test_one_problem_alone_can_be_checked_as_the_page_says(assignment: Assignment) -> None:
    found = re.findall(rf'make check HW={assignment.short} ARGS="--problem (\w+)"', handout(assignment))
    assert found
    assert set(found) <= {problem.id for problem in assignment.problems if problem.kind == "code"}


def test_it_says_whether_numpy_may_be_used_and_that_code_follows_the_dtype(programmed: Assignment) -> None:
    text = " ".join(handout(programmed).split())
    assert "numpy or not, as you like" in text
    assert "Code follows the dtype that it is given" in text


def test_where_there_are_floats_or_ties_it_says_what_counts(programmed: Assignment) -> None:
    text = " ".join(handout(programmed).split())
    stubs = "\n".join((programmed.folder / name).read_text(encoding="utf-8") for name in programmed.modules)
    assert ("We take a tensor of shape `()` for it" in text) == bool(re.search(r"-> .*\bfloat\b", stubs))
    assert ("**Ties:**" in text) == bool(re.search(r"def \w*(accuracy|_rank)|accuracies", stubs))


PARSED = """
import json, experiment
print(json.dumps({name: value for name, value in vars(experiment.arguments([])).items()}, default=str))
"""


def test_the_experiments_options_and_defaults_are_those_of_the_table(with_experiment: Assignment) -> None:
    """Where a default is between backticks it is typed so; in other words it is one that settings or a study decide."""
    rows = rows_of(handout(with_experiment), "| option |")
    command = [sys.executable, "-c", PARSED]
    done = subprocess.run(command, cwd=with_experiment.folder, capture_output=True, text=True, check=True, timeout=120)
    options = json.loads(done.stdout)
    for name, default, _ in rows:
        option = name.strip("`").removeprefix("--").replace("-", "_")
        assert option in options, name
        value = options[option]
        typed = value if isinstance(value, list) else [value]
        if default.startswith("`") and option not in ("modes", "examples", "shots"):  # of HW3: tests/hw3 has these
            assert default.strip("`").split() == [f"{one:g}" if isinstance(one, float) else str(one) for one in typed]
