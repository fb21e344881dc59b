"""What is read, and as what. Each text stands beside the plain spelling of what was understood."""

from collections.abc import Callable
from typing import Any

import pytest


def cases(table: str) -> list[Any]:
    """Lines `text ==> meaning`."""
    pairs = [line.split(" ==> ") for line in table.strip().splitlines()]
    return [pytest.param(text.strip(), meaning.strip(), id=text.strip()) for text, meaning in pairs]


@pytest.mark.parametrize(
    ("text", "meaning"),
    cases(r"""
1                                  ==> 1
0.5                                ==> 0.5
.5                                 ==> 0.5
pi                                 ==> pi
\pi                                ==> pi
π                                  ==> pi
e                                  ==> e
2e                                 ==> 2*e
e^{-\lambda x}                     ==> e^(-lambda*x)
\mathrm{e}^x                       ==> e^x
e^-x                               ==> e^(-x)
a + b - x                          ==> a + b - x
a*b/x                              ==> a*b/x
a \cdot b \times x                 ==> a*b*x
a · b × x ÷ w − 1                  ==> a*b*x/w - 1
a ⋅ b ∗ x                          ==> a*b*x
a \div b                           ==> a/b
x**2                               ==> x^2
x^2                                ==> x^2
x^{-1}                             ==> x^(-1)
x^-1                               ==> x^(-1)
-x^2                               ==> -x^2
--x                                ==> x
+x                                 ==> x
a - -b                             ==> a + b
a*-b                               ==> a*(-b)
a/-b                               ==> a/(-b)
a - b - x                          ==> a - b - x
a - (b - x)                        ==> a - (b - x)
a/b/x                              ==> (a/b)/x
x²                                 ==> x^2
x⁻¹                                ==> x^(-1)
x¹⁰                                ==> x^10
2x                                 ==> 2*x
2(x)                               ==> 2*x
x(2)                               ==> x*2
(a)(b)^2                           ==> a*b^2
b(\tau^2+v)                        ==> b*(tau^2 + v)
[x]                                ==> x
\{x\}                              ==> x
{x}                                ==> x
\left( x \right)                   ==> x
\left[ x \right]                   ==> x
\left\{ x \right\}                 ==> x
\bigl( x \Bigr)                    ==> x
\Bigg[ x \big]                     ==> x
\lbrack x \rbrack                  ==> x
\frac{a}{b}                        ==> a/b
\tfrac{a}{b}                       ==> a/b
\dfrac{a}{b}                       ==> a/b
\frac12                            ==> 1/2
\frac12x                           ==> (1/2)*x
\frac a b                          ==> a/b
\frac ab                           ==> a/b
\frac1{x}                          ==> 1/x
\frac{1}x                          ==> 1/x
\frac\pi2                          ==> pi/2
\frac N2 \log x                    ==> (N/2)*log(x)
\frac{1}\sigma                     ==> 1/sigma
\frac{\frac12}{x}                  ==> (1/2)/x
\frac{a}{b}^2                      ==> (a/b)^2
3\frac12                           ==> 3*(1/2)
x^\frac12                          ==> x^(1/2)
\sqrt{x}                           ==> sqrt(x)
\sqrt[3]{x}                        ==> x^(1/3)
\sqrt[2]{x}                        ==> sqrt(x)
\sqrt2                             ==> sqrt(2)
\sqrt x a                          ==> sqrt(x)*a
\sqrt(x)                           ==> sqrt(x)
\sqrt{x}^2                         ==> (sqrt(x))^2
sqrt(x)                            ==> sqrt(x)
sqrt[x]                            ==> sqrt(x)
sqrt[3](x)                         ==> x^(1/3)
√x                                 ==> sqrt(x)
√(x + a)                           ==> sqrt(x + a)
exp(-x)                            ==> exp(-x)
\exp\left(-x\right) a              ==> exp(-x)*a
\exp[x]                            ==> exp(x)
\exp{x}                            ==> exp(x)
log(x)                             ==> log(x)
ln(x)                              ==> log(x)
\ln x                              ==> log(x)
\operatorname{log}(x)              ==> log(x)
\log 2\pi\sigma^2                  ==> log(2*pi*sigma^2)
\log(a) b                          ==> log(a)*b
\log\left(a\right) b               ==> log(a)*b
\log(a)(b)                         ==> log(a)*b
\log(2)(1-b)                       ==> log(2)*(1 - b)
\log 2(1-b)                        ==> log(2*(1 - b))
\log\frac{a}{b} x                  ==> log((a/b)*x)
\log\sqrt{x}                       ==> log(sqrt(x))
\log x^2                           ==> log(x^2)
\log\log x                         ==> log(log(x))
\log x \log a                      ==> log(x)*log(a)
\log x a \exp(b)                   ==> log(x*a)*exp(b)
\log x + a                         ==> log(x) + a
\log x / a                         ==> log(x)/a
\log x \cdot a                     ==> log(x)*a
\log{a} b                          ==> log(a)*b
\log_2 x                           ==> log(x)/log(2)
\log_{10}(x)                       ==> log(x)/log(10)
log_10(x)                          ==> log(x)/log(10)
log₂(x)                            ==> log(x)/log(2)
\log^2 x                           ==> (log(x))^2
\log^{2}(x) a                      ==> (log(x))^2*a
log²(x)                            ==> (log(x))^2
\log_2^2 x                         ==> (log(x)/log(2))^2
\log^2_2 x                         ==> (log(x)/log(2))^2
log2                               ==> log(2)
2log2 + 1                          ==> 2*log(2) + 1
x^log(a)                           ==> x^(log(a))
s1                                 ==> s1
s1^2                               ==> s1^2
s_1^2                              ==> s1^2
s_{1}^{2}                          ==> s1^2
s _ { 1 }                          ==> s1
s^2_1                              ==> s1^2
s₁²                                ==> s1^2
s\_1\*a                            ==> s1*a
\mathrm{s}_1                       ==> s1
S                                  ==> S
tau                                ==> tau
\tau                               ==> tau
τ                                  ==> tau
\mathrm{tau}                       ==> tau
tauK                               ==> tauK
\text{tauK}                        ==> tauK
tau_K                              ==> tauK
\tau_K                             ==> tauK
\tau_{K}                           ==> tauK
\tau_\mathrm{K}                    ==> tauK
τ_K                                ==> tauK
τK                                 ==> tauK
τx                                 ==> tau*x
\tau^2_K                           ==> tauK^2
\tau^{2L}_{K}                      ==> tauK^(2*L)
τ²_K                               ==> tauK^2
\tau_Kx                            ==> tauK*x
\phi                               ==> phi
\varphi                            ==> phi
ϕ                                  ==> phi
φ                                  ==> phi
phihat                             ==> phihat
phi_hat                            ==> phihat
\hat\phi                           ==> phihat
\hat{\phi}                         ==> phihat
\hat{\varphi}                      ==> phihat
\widehat{\phi}                     ==> phihat
\epsilon                           ==> epsilon
\varepsilon                        ==> epsilon
ε                                  ==> epsilon
ϵ                                  ==> epsilon
lambda                             ==> lambda
λ                                  ==> lambda
2πσ²                               ==> 2*pi*sigma^2
Sa                                 ==> S*a
wm                                 ==> w*m
ws_1                               ==> w*s1
we^{-x}                            ==> w*e^(-x)
s1s2                               ==> s1*s2
1/2a                               ==> (1/2)*a
x^10                               ==> x^10
2^3^x                              ==> 2^(3^x)
x^1/2                              ==> x^1/2
v = x + 1                          ==> x + 1
p(Y \mid X, m) = x                 ==> x
R_\text{test} := x                 ==> x
v^* = x = \frac12                  ==> 1/2
$x$                                ==> x
$$x^2$$.                           ==> x^2
\(x\)                              ==> x
\[ x \].                           ==> x
$x.$                               ==> x
$v = x$                            ==> x
`x`                                ==> x
x.                                 ==> x
x,                                 ==> x
1.                                 ==> 1
\displaystyle \frac{1}{2}\,x\;a\!b \quad~w ==> (1/2)*x*a*b*w
a\ b                               ==> a*b
"""),
)
def test_a_spelling_is_understood(understood: Callable[[str], str], text: str, meaning: str) -> None:
    assert understood(text) == meaning


def test_spaces_and_line_breaks_do_not_matter(understood: Callable[[str], str]) -> None:
    assert understood("  a\n + \t b\r\n") == "a + b"
    assert understood("\u00a0a\u2009b") == "a*b"


@pytest.mark.parametrize(
    ("text", "meaning"),
    cases(r"""
S a / s_1                          ==> S*a/s1
\ln x - \log x                     ==> log(x) - log(x)
s1^2/(s1^2 + s2^2)                 ==> s1^2/(s1^2 + s2^2)
2(1-b)\frac{\tau^2-b(\tau^2+v)}{T} ==> 2*(1 - b)*((tau^2 - b*(tau^2 + v))/T)
\frac{1}{2}\log\left(1+\frac{S a}{\sigma^2}\right) ==> (1/2)*log(1 + S*a/sigma^2)
\mu^{*}                            ==> mustar
\mu^*                              ==> mustar
"""),
)
def test_what_other_readers_of_latex_get_wrong(understood: Callable[[str], str], text: str, meaning: str) -> None:
    assert understood(text) == meaning


def test_greek_letters_and_i_are_symbols_and_nothing_else(answer_with: Callable[..., Any]) -> None:
    from reading import read

    answer = answer_with(beta=r"\beta", gamma=r"\gamma", I="I")
    symbols = (("symbol", "beta"), ("symbol", "gamma"), ("symbol", "I"))
    assert read(r"\beta\gamma I", answer).tree == ("product", *symbols)


def test_e_is_a_symbol_where_it_is_declared(answer_with: Callable[..., Any]) -> None:
    from reading import read
    from showing import latex, plain

    answer = answer_with(e="e", x="x")
    assert read("e^x", answer).tree == ("power", ("symbol", "e"), ("symbol", "x"))
    assert (latex(("e",), answer), plain(("e",), answer)) == (r"\exp\left(1\right)", "exp(1)")


def test_a_whole_name_comes_before_a_split_and_a_split_must_be_the_only_one(answer_with: Callable[..., Any]) -> None:
    from reading import Unreadable, read

    answer = answer_with(ab="ab", a="a", b="b", abc="abc", bc="bc", c="c")
    assert read("ab", answer).tree == ("symbol", "ab")
    assert read("ca", answer).tree == ("product", ("symbol", "c"), ("symbol", "a"))
    with pytest.raises(Unreadable, match=r"`bca` can be read as a product in more than one way. Write \*"):
        read("bca", answer)


def test_a_tree_is_plain_data(answer: Any) -> None:
    from reading import read
    from tree import nodes, symbols_in

    tree = read(r"\sqrt[3]{\frac12 s_1^2} - \log_2(a b) + e^{-\pi}", answer).tree
    for node in nodes(tree):
        assert type(node) is tuple
        assert type(node[0]) is str
        assert all(type(part) in (str, tuple) for part in node)
    assert symbols_in(tree) == {"s1", "a", "b"}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1/2a", "`1/2a` was read from left to right, as (1/2)*a. If you mean 1/(2*a), write so."),
        (r"1/2 \log x", "as (1/2)*log(x). If you mean 1/(2*log(x)), write so."),
        (r"\log 2\pi\sigma^2", r"`\log 2\pi\sigma^2` was read as log(2*pi*sigma^2)"),
        (r"\log x / a", r"`\log x / a` was read as log(x)/a."),
        (r"\log x a \exp(b)", "was read as log(x*a)*exp(b)."),
        (r"\log{a} b", r"`\log` was applied to `{a}` only."),
        (r"\log_2 x", "The logarithm with base 2 was read as log(x)/log(2)."),
        ("x^10", "The power was read as 10. In LaTeX write ^{10}."),
        ("2^3^x", "`2^3^x` was read as 2^(3^x)."),
        ("x^1/2", "Only the 1 was read as the power (near `x^1/2`). For a root write ^(1/2)."),
        (r"\sqrt12", r"The square root was taken of 12. In LaTeX write \sqrt{12}."),
        ("a = b = x", "There is more than one =. Only what stands behind the last one was read."),
    ],
)
def test_what_is_doubtful_has_a_note(answer: Any, text: str, note: str) -> None:
    from reading import read

    notes = read(text, answer).notes
    assert any(note in said for said in notes), notes


@pytest.mark.parametrize(
    "text",
    [
        *(r"\log x", r"\log x + a", r"\log x \log a", r"\log(a) b", r"\log\frac{a}{b}", r"\log 2", "x^2", "x^{10}"),
        *("a/b", r"\frac12 x", "a/b*x", "v = x", "x**10", r"\sqrt2 a", r"\log\epsilon", r"\log a^2", "x^-1"),
    ],
)
def test_what_is_clear_has_no_note(answer: Any, text: str) -> None:
    from reading import read

    assert read(text, answer).notes == ()


def test_notes_stay_few_and_short(answer: Any) -> None:
    from reading import read

    notes = read("+".join(["1/2a"] * 300) + " + 1/2" + "(a + b + x + s1)" * 20, answer).notes
    assert len(notes) == 1
    notes = read(r"\log a(b" + " + a" * 100 + ")", answer).notes
    assert notes == (
        r"`\log a(b +... a + a)` can be read in more than one way. See how it is shown, or write brackets.",
    )
