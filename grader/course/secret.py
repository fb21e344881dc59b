"""The secret of a course, from which all hidden inputs follow.

The course's own is hexadecimal text (solutions/grading.toml). Proofs and calibrations also grade on whole numbers,
which are no secret: anybody may ask the same again.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from pydantic import BeforeValidator

Secret = int | str

DIGITS = 32  # of 4 bits: what nobody can search
FEWEST_KINDS = 6  # of digits; 32 random ones have fewer once in 3,000 billion cases
HOW = 'Make one: python -c "import secrets; print(secrets.token_hex(16))"'
_FINGERPRINT = 12


def _hexadecimal(text: object) -> object:
    if not isinstance(text, str) or not re.fullmatch(rf"[0-9a-f]{{{DIGITS},}}", text):
        raise ValueError(f"must be {DIGITS} hexadecimal digits (0-9, a-f) or more, drawn at random. {HOW}")
    if len(set(text)) < FEWEST_KINDS:
        raise ValueError(f"was not drawn at random: it has {len(set(text))} different digits. {HOW}")
    return text


CourseSecret = Annotated[str, BeforeValidator(_hexadecimal)]


def fingerprint(secret: Secret) -> str:
    """Says whether two gradings were of the same secret, without telling it."""
    return hashlib.sha256(f"grading seed {secret}".encode()).hexdigest()[:_FINGERPRINT]
