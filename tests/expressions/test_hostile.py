"""Texts that want to do harm: each ends, with a tree or with a message. Only the outcome is asserted, not the time."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD = [
    r"-\frac12 \left[ N \log(2\pi\sigma^2) + \log(1 + S a/\sigma^2) - \frac{S g^2}{\sigma^2 (\sigma^2 + S a)} \right]",
    r"\left( \frac{1}{S} + \frac{a}{\sigma^2} \right)^{-1} \hat{\phi}",
    r"$$v = \frac{x e^{-\lambda s_1}}{\sqrt[3]{8n} + \tau_{K}^2}$$.",
    "s1^2/(s1^2 + s2^2) * exp(-x**2) − τ²_K · √(a + 0.5)",
    r"\log_2^2 x \ln{a} b = \operatorname{log}\log 2\pi = x^*",
]
PARTS = [
    *(r"\frac", r"\sqrt", r"\log", r"\exp", r"\left", r"\right", r"\hat", r"\mathrm{", r"\text{e}", r"\sum", r"\tau"),
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        r"\{",
        r"\}",
        "^",
        "_",
        "**",
        "*",
        "/",
        "+",
        "-",
        "=",
        "$",
        ".",
        ",",
        "!",
        "'",
        "|",
    ),
    *(
        "1",
        "12",
        "0.5",
        "1e5",
        "x",
        "s1",
        "s_1",
        "log2",
        "log",
        "sqrt",
        "e",
        "pi",
        "wm",
        "K",
        "τ",
        "²",
        "₁",
        "√",
        "а",
        " ",
    ),
    *("\\", "\\\\", r"\,", "`", "\x00", "\u200b", "\ud800", "½", "ﬁ", "٣", "１"),
]


def outcome(text: str, answer: Any) -> str:
    from reading import Unreadable, read

    try:
        return read(text, answer).tree[0]
    except Unreadable as error:
        message = str(error)
    assert message.encode()
    assert len(message) < 400
    return "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 3_000 + "x" + ")" * 3_000,
        "(" * 900 + "x" + ")" * 900,
        "{" * 900 + "x" + "}" * 900,
        r"\left(" * 150 + "x" + r"\right)" * 150,
        "x" * 1_000_000,
        "\\" * 2_000,
        "$" * 2_000,
        "^" * 2_000,
        "-" * 1_999 + "x",
        "^".join("x" * 1_000),
        "x" + "^{2" * 600,
        "1/" * 999 + "1",
        r"\log" * 399 + " x",
        r"\log\log " * 200 + "x",
        r"\frac" * 400,
        r"\sqrt" * 400,
        r"\hat" * 500,
        r"\hat{" * 39 + "x",
        "_" * 2_000,
        "x_" * 1_000,
        "x^{a}_" * 333,
        "x^{" * 30 + "_1" * 500,
        "x_{" * 39,
        "x^{" * 39,
        r"\frac{" * 39,
        "1000000!",
        r"\def\x{\x\x}\x",
        r"\newcommand{\x}{\x\x}\x",
        r"\input{/etc/passwd}",
        "__import__('os').system('true')",
        "x.__class__.__mro__",
        "exec('1')",
        "lambda: 1",
        "x\x00",
        "а",
        "ｘ",
        "\u202e\u200b",
        "\ud800",
        "'" * 100,
        "%" * 100,
        "#1",
        "x" * 500 + "!",
        "=" * 2_000,
        "y" * 2_000,
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_it_is_refused(text: str, answer: Any) -> None:
    assert outcome(text, answer) == "unreadable"


@pytest.mark.parametrize(
    ("text", "top"),
    [
        ("a" * 2_000, "product"),
        ("+".join("a" * 1_000), "sum"),
        ("2a*" * 600 + "a", "product"),
        ("{" * 40 + "x" + "}" * 40, "symbol"),
        (r"\log x " * 250, "product"),
        ("x^" * 39 + "x", "power"),
        ("1" * 2_000, "number"),
        ("1/2a+" * 399 + "a", "sum"),
        ("9^{9^{9^9}}", "power"),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_it_is_long_and_still_read(text: str, top: str, answer: Any) -> None:
    assert outcome(text, answer) == top


@given(st.text(max_size=60))
@settings(derandomize=True, max_examples=500, deadline=None)
def test_any_text_has_an_outcome(answer: Any, text: str) -> None:
    assert outcome(text, answer)


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
@settings(derandomize=True, max_examples=1_000, deadline=None)
def test_any_row_of_familiar_parts_has_an_outcome(answer: Any, text: str) -> None:
    assert outcome(text, answer)


@given(st.data())
@settings(derandomize=True, max_examples=500, deadline=None)
def test_any_good_text_with_slips_has_an_outcome(answer: Any, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(GOOD))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 3)))
        text = text[:start] + data.draw(st.sampled_from(["", *PARTS])) + text[end:]
    assert outcome(text, answer)


@given(st.data())
@settings(derandomize=True, max_examples=200, deadline=None)
def test_what_was_read_is_computed_and_shown(answer: Any, data: st.DataObject) -> None:
    from computing import values
    from reading import Unreadable, read
    from showing import latex, plain

    usual = ["(", ")", "^", "*", "/", "+", "-", "9", "0.5", "x", "a", "e", "pi", "log(", "exp(", "sqrt(", r"\frac12"]
    text = "".join(data.draw(st.lists(st.sampled_from(usual), min_size=1, max_size=12)))
    text += ")" * max(0, text.count("(") - text.count(")"))
    try:
        tree = read(text, answer).tree
    except Unreadable:
        return
    points = [dict.fromkeys((symbol.name for symbol in answer.symbols), 2)]
    (value,) = values(tree, answer, points)
    for shown in (plain(tree, answer), latex(tree, answer)):
        assert values(read(shown, answer).tree, answer, points) == [value]


def test_no_step_runs_a_text() -> None:
    import reading

    for file in Path(reading.__file__).parent.glob("*.py"):
        source = file.read_text().replace("re.compile(", "")
        assert not any(
            word in source for word in ("eval(", "exec(", "sympify", "getattr(", "__import__", "compile(")
        ), file
