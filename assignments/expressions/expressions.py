"""Mathematical expressions: read by a declared grammar, shown as they were understood, computed with error bounds.

What a student wrote is never run, and never handed to anything that would run it.
"""

from changing import variants
from computing import NoValue, value, values
from declared import Answer, DeclarationError, Symbol, declared
from reading import Reading, Unreadable, read
from showing import latex, plain

__all__ = [
    "Answer",
    "DeclarationError",
    "NoValue",
    "Reading",
    "Symbol",
    "Unreadable",
    "declared",
    "latex",
    "plain",
    "read",
    "value",
    "values",
    "variants",
]
