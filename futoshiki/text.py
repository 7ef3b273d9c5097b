"""Names and other people's text as they stand in messages."""

from __future__ import annotations

import os
import re

LINK = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""The beginning of an address on the internet, which is no path."""
LONGEST = 100
"""Characters of a name that are shown."""
PAGE = re.compile(r"(?s)(.+), page (\d{1,9})")
"""The name of one of several pages of a file."""
QUOTED = 40
"""Characters of a text that a message quotes; more would bury the message."""


def shown(name: str | os.PathLike[str], *, lines: bool = False) -> str:
    """A name with control characters and halves of surrogate pairs escaped, so that it can be printed anywhere.

    With `lines`, ends of lines stay.
    """
    return "".join(
        char if char.isprintable() or (lines and char == "\n") else char.encode("unicode_escape").decode()
        for char in os.fspath(name)
    )


def without_user(link: str) -> str:
    """An address on the internet without the name and the password of a user, which messages must not show."""
    return re.sub(r"(?<=://).*@", "", link)


def shortened(name: str) -> str:
    """The beginning of a name that somebody else has given; `(none)` for an empty one."""
    return name if 0 < len(name) <= LONGEST else f"{name[:LONGEST]}..." if name else "(none)"


def quoted(text: str) -> str:
    """The beginning of a text between backticks, safe to print."""
    return f"`{shown(text[:QUOTED])}{'…' if len(text) > QUOTED else ''}`"


def page_name(name: str, number: int) -> str:
    """What one of several pages of a file is called in messages and results."""
    return f"{name}, page {number}"


def named_page(name: str) -> tuple[str, int] | None:
    """The inverse of `page_name`: the file and the number of its page; None if the name is not that of a page."""
    match = PAGE.fullmatch(name)
    return (match[1], int(match[2])) if match else None
