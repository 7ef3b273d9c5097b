"""Works ahead of whoever uses the results."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
END = object()
"""What stands after the last item."""


def ahead(items: Iterable[Item], count: int = 2) -> Iterator[Item]:
    """The same items, of which the next `count` are made in a thread of their own while the last one is used.

    What is raised while an item is made is raised in its place.
    """
    source = iter(items)
    with ThreadPoolExecutor(1) as pool:
        coming = deque(pool.submit(next, source, END) for _ in range(count))
        while (item := coming.popleft().result()) is not END:
            coming.append(pool.submit(next, source, END))
            yield item  # type: ignore[misc]  # it is not END
