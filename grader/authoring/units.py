"""The lines of a secret file: logical lines of code, sentences of prose, rows of tables."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from grader.authoring.words import words_of

_SENTENCE = re.compile(r"(?<=[.;:!?])\s+")
_ITEM = re.compile(r"([-*+]|\d+[.)]) ")
_NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
_IMPORT = re.compile(r"(import|from) ")
_HEADER = re.compile(r"(?:async )?(?:def|class) (\w+)")


@dataclass(frozen=True)
class Unit:
    """One line in this sense, where it begins in its file, and its words."""

    line: int
    kind: Literal["code", "prose"]
    words: tuple[str, ...]


def of_python(source: str, skip: Collection[str] = ()) -> list[Unit]:
    """Logical lines of code, then the sentences in comments and strings. Raises `SyntaxError`.

    Imports are left out, and the headers of definitions whose names are in `skip`: neither tells a solution.
    """
    code, comments = [], []
    tokens: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments.append((token.start[0], token.string))
        elif token.type == tokenize.NEWLINE:
            text = " ".join(token.string for token in tokens)
            header = _HEADER.match(text)
            text_only = all(token.type == tokenize.STRING for token in tokens)
            if not (text_only or _IMPORT.match(text) or (header and header[1] in skip)):
                code.append(Unit(tokens[0].start[0], "code", tuple(words_of(text))))
            tokens = []
        elif token.type not in _NO_CODE:
            tokens.append(token)
    prose = [unit for line, text in _blocks(comments) for unit in of_prose(text, line)]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            prose += of_prose(node.value, node.lineno)
    return [unit for unit in code + prose if unit.words]


def _blocks(comments: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Comments on lines below each other as one text."""
    block: list[tuple[int, str]] = []
    for line, text in [*comments, (0, "")]:
        if block and line != block[-1][0] + 1:
            yield block[0][0], "\n".join(part for _, part in block)
            block = []
        block.append((line, text.lstrip("#")))


def of_prose(text: str, first_line: int = 1) -> list[Unit]:
    """Sentences, rows of tables and lines of code in Markdown.

    Headings are left out: they name questions, which students receive.
    """
    units: list[Unit] = []
    paragraph: list[str] = []
    begin = first_line
    fenced = False
    for line, part in enumerate([*text.splitlines(), ""], first_line):
        bare = part.strip()
        fence = bare.startswith("```")
        alone = fenced or fence or not bare or bare.startswith(("#", "|"))
        if alone or _ITEM.match(bare):
            units += _sentences(paragraph, begin)
            paragraph = []
        if not alone:
            begin = begin if paragraph else line
            paragraph.append(part)
        elif not fence and (fenced or bare.startswith("|")):
            units.append(Unit(line, "code" if fenced else "prose", tuple(words_of(bare))))
        fenced ^= fence
    return [unit for unit in units if unit.words]


def of_lines(text: str) -> list[Unit]:
    """Each line by itself: of settings, data and whatever else has no sentences."""
    units = [Unit(line, "prose", tuple(words_of(part))) for line, part in enumerate(text.splitlines(), 1)]
    return [unit for unit in units if unit.words]


def _sentences(paragraph: list[str], first_line: int) -> Iterator[Unit]:
    text, at = "\n".join(paragraph), 0
    for sentence in _SENTENCE.split(text):
        at = text.index(sentence, at)
        yield Unit(first_line + text.count("\n", 0, at), "prose", tuple(words_of(sentence)))
        at += len(sentence)
