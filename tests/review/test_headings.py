"""Which part of a text answers a question."""

import subprocess
import sys

import pytest

from grader.review.headings import Part, marked, named, part_below, same_words

QUESTIONS = ("7a", "7b", "8a", "8b")


@pytest.mark.parametrize(
    "title",
    ["7a", "7a.", "7a. Planted ratings (1 point)", "7 a)", "7.a", "7 (a)", "(7a)", "Problem 7a", "Question 7.a", "Q7a",
     "Answer to 7a", "HW0, 7a", "**7a**", "7A: ratings", "task 7-a"],
)  # fmt: skip
def test_a_heading_names_a_question_in_many_ways(title: str) -> None:
    assert named(title, QUESTIONS) == "7a"


@pytest.mark.parametrize("title", ["7", "17a", "7ab", "7 apples", "a7", "Problem 7", "What 7a means", "Figure 7a", ""])
def test_other_headings_name_none(title: str) -> None:
    assert named(title, QUESTIONS) == ""


def test_within_a_problem_a_letter_is_enough() -> None:
    text = "## Problem 7\n### (a)\none\n### b) how\ntwo\n## Problem 8\n### (a)\nthree"
    assert [part_below(text, each, QUESTIONS) for each in QUESTIONS] == [Part("one"), Part("two"), Part("three"), None]


def test_a_part_goes_on_over_headings_of_the_students_own() -> None:
    text = "### 7a\none\n# My table\n## 1. First step\ntwo\n\n### 7b\nthree\n## Problem 9\nfour"
    assert part_below(text, "7a", QUESTIONS) == Part("one\n# My table\n## 1. First step\ntwo")
    assert part_below(text, "7b", QUESTIONS) == Part("three")


def test_a_heading_that_stands_twice_has_both_parts() -> None:
    assert part_below("# 7a\none\n# 7b\nx\n# 7a\ntwo", "7a", QUESTIONS) == Part("one\n\ntwo", 2)


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_what_stands_in_a_fence_is_no_heading(fence: str) -> None:
    assert part_below(f"# 7a\n{fence}\n# 7b\n{fence}\nend", "7a", QUESTIONS) == Part(f"{fence}\n# 7b\n{fence}\nend")
    assert part_below(f"# 7a\n{fence}\n# 7b\n{fence}\nend", "7b", QUESTIONS) is None


def test_underlined_bold_and_bare_headings_are_headings_too() -> None:
    assert part_below("7a\n---\none\n\n7b\n===\ntwo", "7a", QUESTIONS) == Part("one")
    assert part_below("**7a**\none\n__7b.__\ntwo", "7b", QUESTIONS) == Part("two")
    assert part_below("7a) It helps.\nOn both.\n7b) No.", "7a", QUESTIONS) == Part("It helps.\nOn both.")


def test_bare_lines_count_only_where_nothing_else_names_a_question() -> None:
    text = "# 7a\nAs I said in\n7b) above\n# 7b\ntwo"
    assert part_below(text, "7a", QUESTIONS) == Part("As I said in\n7b) above")


def test_of_each_line_it_is_said_what_its_heading_names() -> None:
    assert marked(["# HW0", "## Problem 7", "# 7a", "x", "# Problem 1"], QUESTIONS) == [None, "", "7a", None, ""]


def test_a_long_text_takes_no_longer_than_its_lines() -> None:
    assert part_below("#" * 100_000 + "\n" + "*" * 100_000 + "\n" + "a) " * 50_000, "7a", QUESTIONS) is None


@pytest.mark.parametrize("title", ["# 7a #", "##7a", "   ### 7a", "#\t7a\t##\t", "# 7a " + " " * 400])
def test_hashes_make_a_heading(title: str) -> None:
    assert part_below(f"{title}\none", "7a", QUESTIONS) == Part("one")


@pytest.mark.parametrize("line", ["####### 7a", "    # 7a", "\t# 7a", "#(7a)", "# 7a " + "x" * 300])
def test_other_hashes_make_none(line: str) -> None:
    assert part_below(f"{line}\none", "7a", QUESTIONS) is None


@pytest.mark.parametrize(
    "line",
    ["# a{blanks}a", "# a{blanks}#{blanks}a", "**a**{blanks}a", "{blanks}a", "7a){blanks}a", "**{blanks}a",
     "7a{blanks}a", "---{blanks}a", "```{blanks}a", "problem{blanks}a", "p{ps}", "# p{ps}", "(a{as_}",
     "# problem{blanks}7{blanks}a"],
)  # fmt: skip
def test_no_line_takes_longer_than_its_letters(line: str) -> None:
    """What tries every way to part the blanks needs an hour for this, and the process is ended before."""
    text = f"{line!r}.format(blanks=' ' * 200_000, ps='p' * 200_000, as_='a' * 200_000)"
    program = f"from grader.review.headings import *; part_below('7a\\n' + {text} + '\\n---', '7b', ['7a', '7b'])"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_words_are_compared_whatever_is_between_them() -> None:
    assert same_words("a  b\n\nc", "a b c ")
    assert not same_words("ab c", "a b c")
