"""The versions that all tests and proofs were run with. Others are not refused, but every result says so."""

from __future__ import annotations

from collections.abc import Mapping

# Minor versions. pyproject.toml demands the oldest of each; what is newer installs, and may do as well.
TRIED: Mapping[str, tuple[str, ...]] = {"Python": ("3.11",), "torch": ("2.13",)}


def untried(versions: Mapping[str, str]) -> tuple[str, ...]:
    """Of these (name -> version) the ones outside what was tried, in words."""
    return tuple(
        f"{name} {version} (tried: {', '.join(TRIED[name])})"
        for name, version in versions.items()
        if minor(version) not in TRIED[name]
    )


def minor(version: str) -> str:
    """`2.13` of `2.13.0+cpu`."""
    return ".".join(version.split(".")[:2])
