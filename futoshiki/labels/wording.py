"""How messages show what stands in a label file, which may hold anything."""

from __future__ import annotations

LONGEST = 100
"""Characters of a name that are shown."""


def shown(name: str) -> str:
    """A name from a file, shortened; `(none)` for an empty one."""
    return name if 0 < len(name) <= LONGEST else f"{name[:LONGEST]}..." if name else "(none)"


def printable(text: str) -> str:
    """The text with characters that act on a terminal, or cannot be printed, escaped as Python does."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
