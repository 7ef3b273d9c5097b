"""Strategies for hypothesis that spoil texts and JSON documents."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

ODD = st.sampled_from(
    ["\0", "\x1b", "\ud800", "\udcff", "٣", "²", "∧", "\u3000", "\u2028", "9" * 5000, "#", ":", ",", "\n", "[", "{"]
)
HUGE = st.sampled_from([2 * 10**8, 10**4000, -(10**400), 1e308, float("nan"), float("inf"), -1, 0, 1, 4.0, 0.5, True, None])


def json_values() -> st.SearchStrategy[Any]:
    """Any JSON value, odd numbers and odd texts included."""
    leaves = HUGE | st.integers() | st.floats() | st.text(max_size=5) | ODD
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    )


@st.composite
def spoilt(draw: st.DrawFn, text: str) -> str:
    """The text with some of its characters replaced, taken out or repeated, and others put in."""
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 3))
        text = text[:start] + draw(ODD | st.text(max_size=2) | st.just(text[start:])) + text[start + length :]
    return text


@st.composite
def spoilt_json(draw: st.DrawFn, document: dict[str, Any]) -> Any:
    """The document with one to three of its values replaced or taken out, at any depth."""
    document = deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        place: Any = document
        while True:
            keys = list(place) if isinstance(place, dict) else range(len(place))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 4)):
                place = place[key]
                continue
            if draw(st.integers(0, 4)):
                place[key] = draw(json_values())
            else:
                del place[key]
            break
    return document
