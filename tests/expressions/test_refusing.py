"""What is refused. A message says what, where, and what to try, and never more of the text than a few characters."""

import re
from collections.abc import Callable
from typing import Any

import pytest

ALLOWED = (
    "Allowed are: s1, s2, sigma, tau, tauK, phi, phihat, epsilon, lambda, mustar, S, a, b, g, w, m, v, x, L, N, T."
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # not declared
        (r"\gamma", rf"`\gamma` is not a symbol of this answer. Did you mean g? {ALLOWED}"),
        ("s", "`s` is not a symbol of this answer. Did you mean S?"),
        ("A", "Did you mean a?"),
        ("sgima", "Did you mean sigma?"),
        (r"\sigma_n", r"`\sigma_n` is not a symbol of this answer. Did you mean sigma?"),
        ("sig", "Did you mean sigma?"),
        (r"\nu", "Did you mean v?"),
        (r"\hat x", r"`\hat x` is not a symbol of this answer. Did you mean x?"),
        ("x^*", "`x^*` is not a symbol of this answer. Did you mean x?"),
        ("x_*", "`x_*` is not a symbol of this answer. Did you mean x?"),
        ("y", f"`y` is not a symbol of this answer. {ALLOWED}"),
        ("TODO", "`TODO` is not a symbol of this answer."),
        ("Nlog(x)", "`Nlog` is not a symbol of this answer. Did you mean N?"),
        ("a2", "`a2` is not a symbol of this answer. Write a^2 for a power and 2*a for a product."),
        (r"\text{if} x", r"`\text{if}` is not a symbol of this answer."),
        (r"\mathrm{K L}", r"`\mathrm` is not read here (near `\mathrm{K L}`). Put only a symbol's name into it."),
        # commands and functions
        (r"\sum_n x", r"`\sum` is not read here (near `\sum_n x`). Give the closed form"),
        (r"\sum_{n=1}^N x", "A `=` inside brackets is not read here"),
        (r"\int x", r"`\int` is not read here"),
        (
            r"\newcommand{\x}{1}",
            r"`\newcommand` is not read here (near `\newcommand{\x}{1}`). Macros are not read here.",
        ),
        (r"\def\x{\x\x}\x", "Macros are not read here. Write everything out."),
        (r"\foo", r"`\foo` is not read here (near `\foo`). Write the answer with + - * / ^, \frac"),
        (r"\sigmax", r"`\sigmax` is not read here (near `\sigmax`). Did you mean sigma?"),
        (r"\begin{align} x \end{align}", "Write the answer in one line."),
        (r"x \leq 3", "Give one expression only."),
        (r"\approx 0.5", "Give one expression only."),
        (r"\lg x", r"Write \log_{10} or \log_2."),
        ("sin(x)", "`sin` is not read here (near `sin(x)`). Write the answer with"),
        (r"\det(x)", r"`\det` is not read here"),
        ("__import__('os')", "`'` is not read here"),
        ("x.real", "`.` is not read here"),
        ("x.__class__", "`.` is not read here"),
        # two meanings
        (
            r"\ln(x)^2",
            r"A power behind the brackets of `\ln` can be read in two ways (near `\ln(x)^2`). Write (ln(x))^2 or",
        ),
        ("log(x)²", "A power behind the brackets of `log` can be read in two ways"),
        (r"\exp{x}^2", r"A power behind the brackets of `\exp` can be read in two ways"),
        (r"\log\left(x\right)^{2}", "Write (log(x))^2 or log(x^2)."),
        ("log2(x)", "`log2` can be read in two ways (near `log2(x)`). Write log(2)*x for a product or log_2(x) for"),
        ("sqrt2(x)", "`sqrt2` can be read in two ways"),
        ("1e-3", "`1e-3` can be read in two ways. Write 2*10^(-3) for a power of ten"),
        ("2e3", "`2e3` can be read in two ways."),
        ("x^wm", "What belongs to the power is not clear (near `x^wm`). Put it into brackets."),
        ("x^a_1", "`x^a_1` can be read in two ways. Put the power into braces"),
        (r"\frac s1 2", r"What belongs to `\frac` is not clear (near `\frac s1 2`). Put it into braces { }."),
        (r"\sqrt ab", r"What belongs to `\sqrt` is not clear"),
        (r"\frac{1}\sigma_1", r"What belongs to `\frac` is not clear"),
        (r"\log^{-1}(x)", r"The power of `\log` is not read (near `\log^{-1}(x)`). Write it as in (log(x))^2."),
        (r"\log_b x", r"The index of `\log` is not read (near `\log_b x`). A base is a number"),
        (r"\ln_2 x", r"The index of `\ln` is not read"),
        # missing parts
        (r"\frac{a}", r"`\frac` needs two parts in braces (near `\frac{a}`). Write \frac{a}{b}."),
        (r"\frac{a}+b", r"`\frac` needs two parts in braces"),
        (r"\frac(a)(b)", r"`\frac` needs two parts in braces"),
        (r"{\frac a}", r"`\frac` needs two parts in braces"),
        (r"\frac{}{b}", r"There is nothing inside the brackets (near `\frac{}{b}`)."),
        (r"\sqrt", r"Behind `\sqrt` its argument is missing"),
        (r"\sqrt[n]{x}", r"A root needs a whole number from 2 to 99 (near `\sqrt[n]{x}`)."),
        ("sqrt x", "Behind `sqrt` there must be brackets (near `sqrt x`). Write sqrt(x)."),
        (r"\log", r"The expression ends too early, behind `\log`."),
        (
            r"\exp -x",
            r"Behind `\exp` there must be its argument, not `-` (near `\exp -x`). Put the argument into brackets.",
        ),
        (r"\hat + x", r"`\hat` needs one symbol in braces, as in `\hat{x}`"),
        ("", "There is no expression."),
        ("  \n", "There is no expression."),
        ("v =", "There is no expression."),
        ("a +", "The expression ends too early, behind `a +`."),
        ("a + * b", "In front of `*` a number or a symbol is missing (near `a + * b`)."),
        ("* a", "In front of `*` a number or a symbol is missing"),
        ("(a + )", "In front of `)` a number or a symbol is missing"),
        ("_1", "There is an index without a symbol in front of it"),
        ("(a)_1", "There is an index without a symbol in front of it"),
        ("x_{1", "The index behind `_` is not read here (near `x_{1`). Write it as in `s_{1}`."),
        ("x_{a + b}", "The index behind `_` is not read here"),
        ("x_", "The index behind `_` is not read here"),
        ("x^", "The expression ends too early, behind `x^`."),
        ("x 2", "The number `2` has no sign in front of it (near `x 2`). Write * for a product or ^ for a power."),
        ("2 3", "The number `3` has no sign in front of it"),
        ("1.5.2", "The number `.2` has no sign in front of it"),
        # brackets
        ("(x", "The bracket `(` is never closed (near `(x`)."),
        ("x)", "`)` closes a bracket that was never opened (near `x)`)."),
        ("(x]", "`(` and `]` are different kinds of brackets (near `(x]`). Use two of one kind."),
        (r"\{x)", r"`\{` and `)` are different kinds"),
        (r"\left(x\right]", "are different kinds"),
        ("()", "There is nothing inside the brackets (near `()`)."),
        (r"\left. x \right)", "`.` is not read here"),
        (r"\left x", r"Behind `\left` there is no bracket that is read here"),
        (r"x \right", r"Behind `\right` there is no bracket that is read here"),
        (r"\left\left(x)", r"Behind `\left` there is no bracket"),
        # characters
        ("1,5", "A comma is not read inside a number (near `1,5`). Write a point, as in 0.5."),
        ("0{,}5", "A comma is not read inside a number"),
        ("a, b", "`,` is not read here (near `a, b`). For a decimal number write a point"),
        ("x!", "`!` is not read here (near `x!`). Factorials are not read here."),
        ("1000000!", "Factorials are not read here."),
        ("a;b", "`;` is not read here (near `a;b`). Give one expression only."),
        ("x < 3", "`<` is not read here (near `x < 3`). Give an expression, not an inequality."),
        ("x <= 3", "Give an expression, not an inequality (near `x <= 3`)."),
        ("x >= 3", "Give an expression, not an inequality"),
        (r"\left| x \right|", "`|` is not read here"),
        ("x'", "`'` is not read here (near `x'`). A symbol has no prime here."),
        ("$a$ + $b$", "Put dollar signs only around the whole expression."),
        (r"x \\ a", "`\\` is not read here"),
        ("½", "`½`, the character VULGAR FRACTION ONE HALF (U+00BD), is not read here"),
        (
            "а + 1",
            "`а` is the character CYRILLIC SMALL LETTER A (U+0430). It only looks like `a` (near `а + 1`). Type `a`",
        ),
        ("ｘ", "`ｘ` is the character FULLWIDTH LATIN SMALL LETTER X (U+FF58). It only looks like `x`"),
        ("𝜎", "It only looks like `σ`"),
        ("Τ", "`Τ` is the character GREEK CAPITAL LETTER TAU (U+03A4). It only looks like `T`"),
        ("x\x00", "A character that cannot be seen, U+0000, is in the text (near `x?`). Delete it."),
        ("x\u200by", "A character that cannot be seen, U+200B"),
        ("\u202ex", "A character that cannot be seen, U+202E"),
        ("\ud800", "A character that cannot be seen, U+D800"),
        ("\x1b[31mx", "A character that cannot be seen, U+001B"),
        # limits
        ("x" * 2001, "The expression has 2,001 characters. At most 2,000 are read."),
        ("(" * 41 + "x" + ")" * 41, "Brackets are nested more than 40 deep."),
        ("1 + 2(" * 20 + "x^2" + ")" * 20, "The expression is nested more than 40 deep."),
        ("1/" * 50 + "1", "The expression is nested more than 40 deep."),
    ],
)
def test_a_message_says_what_and_where(refused: Callable[[str], str], text: str, says: str) -> None:
    message = refused(text)
    assert says in message
    message.encode()  # it can be printed
    assert message.isprintable()
    assert all(len(piece) <= 24 for piece in re.findall("near `([^`]*)`", message))


def test_an_answer_without_symbols(refused: Callable[..., str], declared_answers: dict[str, Any]) -> None:
    message = refused(r"\epsilon", declared_answers["polarity_3"])
    assert message == (
        r"`\epsilon` is not a symbol of this answer. "
        "This answer has no symbols. Allowed are numbers with + - * / ^, sqrt, log, exp and pi."
    )


def test_a_long_name_is_quoted_in_part(refused: Callable[[str], str]) -> None:
    assert refused("y" * 500).startswith("`yyyyyyyyyy...yyyyyyy` is not a symbol")


def test_40_brackets_are_read(understood: Callable[[str], str]) -> None:
    assert understood("(" * 40 + "x" + ")" * 40) == "x"
    assert understood("1 + (" * 39 + "x" + ")" * 39).count("(") == 38  # the innermost pair is around x alone
