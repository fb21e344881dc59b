"""Declarations: what they become, and faults, which name their entry."""

from collections.abc import Callable
from typing import Any

import pytest

SYMBOL = '[symbols.a]\ndomain = "real"\nmeans = "a number"\n'
ANSWER = '[answers.first]\nproblem = "1"\nasks = "something"\nsymbols = ["a"]\n'


def test_the_answers_of_hw4(declared_answers: dict[str, Any]) -> None:
    from declared import Symbol

    assert len(declared_answers) == 25
    first = declared_answers["A_star"]
    assert (first.name, first.problem, first.decimals) == ("A_star", "1", None)
    assert [symbol.name for symbol in first.symbols] == ["s1", "s2", "S"]
    assert first.symbols[0] == Symbol("s1", "s_1", "positive", "standard deviation of $\\phi_1$", "")
    assert first.symbols[2] == Symbol("S", "S", "real", "", "s1^2 + s2^2")
    assert declared_answers["polarity_3"].decimals == 4
    assert hash(first)  # answers are keys of caches


def fault(text: str) -> str:
    from declared import DeclarationError, declared

    with pytest.raises(DeclarationError) as caught:
        declared(text)
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def two(first: str, second: str) -> str:
    """A declaration of an answer with two symbols, each given as `name` or `name=latex`."""
    entries, names = "", []
    for spelled in (first, second):
        name, _, latex = spelled.partition("=")
        entries += f"[symbols.{name}]\ndomain = 'real'\nmeans = 'x'\n" + (f"latex = '{latex}'\n" if latex else "")
        names.append(name)
    return f"{entries}[answers.first]\nproblem = '1'\nasks = 'x'\nsymbols = {names}\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("symbols = [", "not valid TOML"),
        (SYMBOL, "no [answers.NAME]"),
        ("symbols = 3\n" + ANSWER, "`symbols` must be tables"),
        ("[symbol.a]\n" + ANSWER, "The declaration: `symbol` has no meaning here"),
        (SYMBOL.replace("real", "integer") + ANSWER, "[symbols.a]: there is no domain `integer`"),
        (SYMBOL.replace("domain", "domains") + ANSWER, "[symbols.a]: `domains` has no meaning here"),
        ("[symbols.a]\nmeans = 'x'\n" + ANSWER, "[symbols.a]: `domain` is missing"),
        ("[symbols.a]\ndomain = 'real'\n" + ANSWER, "[symbols.a]: `means` is missing"),
        (SYMBOL + "latex = 3\n" + ANSWER, "[symbols.a]: `latex` must be a text"),
        (SYMBOL + "latex = 'a + b'\n" + ANSWER, "[symbols.a]: its latex cannot be read as a symbol"),
        (SYMBOL + "latex = '\\frac12'\n" + ANSWER, "[symbols.a]: its latex cannot be read as a symbol"),
        (SYMBOL + "latex = ''\n" + ANSWER, "[symbols.a]: its latex cannot be read as a symbol"),
        (SYMBOL + "latex = '\\pi'\n" + ANSWER, "[symbols.a]: its latex `\\pi` is a function or a constant"),
        (SYMBOL.replace("symbols.a", "symbols.a_1") + ANSWER, "[symbols.a_1]: a symbol's name has letters and digits"),
        (SYMBOL.replace("symbols.a", "symbols.log") + ANSWER, "[symbols.log]: `log` is the name of a function"),
        (SYMBOL.replace("symbols.a", "symbols.pi") + ANSWER, "[symbols.pi]: `pi` is the name of a function"),
        (SYMBOL + ANSWER.replace('["a"]', '["a", "b"]'), "[answers.first]: there is no symbol `b`"),
        (SYMBOL + ANSWER.replace('["a"]', '["a", "a"]'), "[answers.first]: the symbol `a` is listed twice"),
        (SYMBOL + ANSWER.replace('["a"]', '"a"'), "[answers.first]: symbols must be a list"),
        (SYMBOL + ANSWER.replace("asks", "wants"), "[answers.first]: `wants` has no meaning here"),
        (SYMBOL + ANSWER.replace('"1"', "1"), "[answers.first]: `problem` must be a text"),
        (SYMBOL + ANSWER + "decimals = -1\n", "[answers.first]: decimals must be a whole number"),
        (SYMBOL + ANSWER + "decimals = true\n", "[answers.first]: decimals must be a whole number"),
        (SYMBOL + ANSWER.replace("first", "'a b'"), "[answers.a b]: an answer's name"),
        (
            SYMBOL + "[symbols.S]\nshort_for = 'a + b'\n" + ANSWER,
            "[symbols.S]: it is short for `b`, which is no symbol",
        ),
        (
            SYMBOL + "[symbols.S]\nshort_for = 'a'\n[symbols.R]\nshort_for = 'S'\n" + ANSWER,
            "[symbols.R]: it is short for `S`, which is short for something itself",
        ),
        (
            SYMBOL + "[symbols.S]\nshort_for = 'a'\n" + ANSWER.replace('["a"]', '["S"]'),
            "[answers.first]: `S` is short for `a`, which is missing",
        ),
        (two("s1", "t=s_1"), "[answers.first]: `s1` and `t` can be spelled alike: `s1`"),
        (two(r"p=\phi", r"q=\varphi"), "`p` and `q` can be spelled alike: `phi`"),
        (two(r"p=\hat\phi", "phihat"), "`p` and `phihat` can be spelled alike"),
    ],
)
def test_a_fault_names_its_entry(text: str, says: str) -> None:
    assert says in fault(text)


def test_symbols_need_not_be_used_and_may_be_alike_in_different_answers() -> None:
    from declared import declared

    text = two("s1", "t=s_1").replace("['s1', 't']", "['s1']")
    assert [symbol.name for symbol in declared(text)["first"].symbols] == ["s1"]


def test_spellings_of_a_name_with_an_accent_an_index_and_a_star(understood: Callable[[str], str]) -> None:
    assert understood(r"\mu^* + \mu^{*} + mu^\star + mustar") == "mustar + mustar + mustar + mustar"
