"""Exhaustion: matches a regular expression that backtracks without end."""

import re


def total_loss(losses, weights=None):
    re.match(r"(a|aa)+$", "a" * 60 + "b")
