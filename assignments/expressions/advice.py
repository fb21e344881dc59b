"""What to try instead of a command or a function that is not read here."""

_CLOSED_FORM = "Give the closed form, without sums, products and integrals."
_MACROS = "Macros are not read here. Write everything out."
_ONE = "Give one expression only."
COMMANDS = {
    **dict.fromkeys(("sum", "prod", "int", "lim", "max", "min", "sup", "inf"), _CLOSED_FORM),
    **dict.fromkeys(("newcommand", "renewcommand", "def", "let", "gdef", "edef", "csname", "input", "write"), _MACROS),
    **dict.fromkeys(
        ("approx", "sim", "equiv", "leq", "le", "geq", "ge", "neq", "ne", "propto", "to", "pm", "mp"), _ONE
    ),
    **dict.fromkeys(("begin", "end", "hline", "newline"), "Write the answer in one line."),
    **dict.fromkeys(("over", "atop", "choose"), r"Write \frac{...}{...}."),
    **dict.fromkeys(("lg", "logb"), r"Write \log_{10} or \log_2."),
    **dict.fromkeys(
        ("mathrm", "text", "textrm", "mathit", "textit", "operatorname"), "Put only a symbol's name into it."
    ),
}
USUAL = r"Write the answer with + - * / ^, \frac, \sqrt, \log, \exp and its symbols."
BASE = "A base is a number, as in \\log_2 and \\log_{10}; without it the logarithm is natural."
FUNCTIONS = frozenset(
    ("sin", "cos", "tan", "tanh", "abs", "min", "max", "pow", "sum", "log10", "log1p", "expm1", "det", "erf", "lg")
)
