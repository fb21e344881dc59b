"""Answers handed in as a document: a heading for each, one answer below it. It stands for a module.

    ## Problem 1: the evidence of a hierarchy

    ### A_star

    > what is asked for, and in which symbols

    A_star = s1^2/S

`module_of` makes of this a module that has a function for each answer, which returns its text. So whatever grades,
proves and explains knows one kind of submission. The text is a constant there, and is never run. Lines of a quotation
are not part of an answer, nor are the marks of formulas and code around it. `document_of` makes the document that
students receive from the stub of such a module.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

ENDS = (".md", ".markdown")
# A heading's marks alone: a pattern for all of the line would try every way to share out its spaces.
_HEADING = re.compile(r"[ ]{0,3}(?P<marks>#{1,6})[ \t]")
_PROBLEM = re.compile(r"Problem (?P<id>\w{1,20})\b", re.IGNORECASE)
_NAME = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*)[ \t]*(?:[:=][ \t]*(?P<rest>.*))?")
_MARKS_IN_NAMES = re.compile(r"[`*\\$]")
_LEVEL, _LONGEST_TITLE = 3, 1000
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)[\w-]*[ \t]*")
_QUOTED = re.compile(r"[ ]{0,3}>")
_STATES = re.compile(r"Problem (?P<id>\w+)\. (?P<asks>.*)", re.DOTALL)


@dataclass(frozen=True)
class Written:
    """What stands below one heading. `problem` is the "1" of the last `## Problem 1` above it, or ""."""

    name: str
    problem: str
    text: str
    line: int


def written_in(document: str, names: Collection[str] = ()) -> list[Written]:
    """What stands below each heading of these names, from top to bottom. An empty place has no text.

    Without `names` they are those that stand in headings of the third level, as in what students receive.
    """
    found: list[Written] = []
    name, problem, began, lines = "", "", 0, list[str]()
    for number, line in enumerate(_without_comments(document).split("\n"), 1):
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        title = line[heading.end() :].strip(" \t").rstrip("#").rstrip(" \t")
        if name:
            found.append(Written(name, problem, _answer(name, lines), began))
        name, began, lines = "", number, []
        if of := _PROBLEM.match(title):
            problem = of["id"]
        elif named := _named(title, len(heading["marks"]), names):
            name, lines = named["name"], [named["rest"] or ""]
    if name:
        found.append(Written(name, problem, _answer(name, lines), began))
    return found


def _named(title: str, level: int, names: Collection[str]) -> re.Match[str] | None:
    if len(title) > _LONGEST_TITLE:
        return None
    head, sign, rest = re.split("([:=])", title + "=", maxsplit=1)
    named = _NAME.fullmatch(_MARKS_IN_NAMES.sub("", head).strip() + sign + rest.removesuffix("="))
    asked = named and (named["name"] in names if names else level == _LEVEL)
    return named if asked else None


def _without_comments(document: str) -> str:
    """The document with its comments empty, and its lines where they were."""
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), document)


def _answer(name: str, lines: list[str]) -> str:
    quoted = [line.lstrip(" >") for line in lines if _QUOTED.match(line)]
    inside = [line for line in lines if not _QUOTED.match(line) and not _FENCE.fullmatch(line)]
    text = _after_its_name(name, "\n".join(inside).strip())
    if not text:  # somebody wrote behind the mark of the quotation
        begun = [line for line in quoted if line.replace("`", "").startswith((f"{name} =", f"{name}="))]
        text = _after_its_name(name, "\n".join(begun).strip())
    return text


def _after_its_name(name: str, text: str) -> str:
    """Without `A_star =` in front, which the document has already."""
    begun = re.match(rf"[`*$]*{re.escape(name)}[`*]*[ \t]*[:=]", text)
    return text[begun.end() :].strip().removesuffix("`") if begun else text


def twice_in(document: str, names: Collection[str]) -> list[str]:
    """The names that have different answers below several headings; the last one counts."""
    texts: dict[str, set[str]] = {}
    for each in written_in(document, names):
        texts.setdefault(each.name, set()).update({each.text} - {""})
    return [name for name, different in texts.items() if len(different) > 1]


def module_of(document: str, names: Collection[str] = ()) -> str:
    """The module that the document stands for: `def A_star(): return '...'`. An empty place is not written yet."""
    answers: dict[str, Written] = {}
    for each in written_in(document, names):
        if each.text or each.name not in answers:
            answers[each.name] = each
    return "\n\n".join(_function(each) for each in answers.values())


def places_in(document: str, names: Collection[str] = ()) -> list[tuple[int, int, int]]:
    """Of each function of `module_of`: its first and last line there, and the line of its heading."""
    headings: dict[str, int] = {}
    for each in written_in(document, names):
        if each.text or each.name not in headings:
            headings[each.name] = each.line
    return [(1 + 5 * i, 3 + 5 * i, line) for i, line in enumerate(headings.values())]  # and two empty lines behind


def _function(written: Written) -> str:
    says = f"Problem {written.problem}." if written.problem else "An answer."
    gives = f"return {written.text!a}"
    if not written.text:
        about = f"Problem {written.problem}: " if written.problem else ""
        gives = f"raise NotImplementedError({about + written.name!r})".replace("('", '("').replace("')", '")')
    return f'def {written.name}():\n    """{says}"""\n    {gives}\n'


def document_of(stub: str, title: str, problems: Mapping[str, str]) -> str:
    """What students receive: each problem (id -> title), and what its functions ask for, with a place for the answer.

    `stub` is a module whose docstrings read "Problem 1. What is asked for.".
    """
    lines = [f"# {title}", "", "Name:", "", "Write each answer behind its `=`, and keep the headings."]
    last = ""
    for name, problem, asks in _asked(stub):
        if problem != last:
            lines += ["", f"## Problem {problem}: {problems[problem]}"]
            last = problem
        lines += ["", f"### {name}", "", *(f"> {line}".rstrip() for line in asks.splitlines()), "", f"{name} ="]
    return "\n".join(lines) + "\n"


def _asked(stub: str) -> Iterator[tuple[str, str, str]]:
    for node in ast.parse(stub).body:
        if isinstance(node, ast.FunctionDef) and (found := _STATES.fullmatch(ast.get_docstring(node) or "")):
            yield node.name, found["id"], found["asks"]


def filled_in(document: str, module: str) -> str:
    """The document that students receive, with the answers of a module: what somebody with that work hands in."""
    for name, answer in _constants(module):
        document = document.replace(f"\n{name} =\n", f"\n{name} = {answer}\n")
    return document


def _constants(module: str) -> Iterator[tuple[str, str]]:
    for node in ast.parse(module).body:
        last = node.body[-1] if isinstance(node, ast.FunctionDef) else None
        if isinstance(node, ast.FunctionDef) and isinstance(last, ast.Return) and isinstance(last.value, ast.Constant):
            yield node.name, str(last.value.value)
