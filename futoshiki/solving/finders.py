"""The search for deductions, on bit masks: each function yields what one technique can strike or place.

The names follow `latin.c` of Simon Tatham's puzzles (https://www.chiark.greenend.org.uk/~sgtatham/puzzles/) and the
Futoshiki literature. A caller may apply a finding before it asks for the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from futoshiki.puzzle import cells_of
from futoshiki.solving.candidates import Candidates, Finding, Marks
from futoshiki.solving.rules import Lines, State

REMEMBERED = 1 << 14
"""Size of each cache of results for one line: from one step to the next, most lines stay the same. It takes a few MB."""


def exclusions(candidates: Candidates) -> Iterator[Finding]:
    """A value that is placed cannot stand again in its row or column."""
    state, peers = candidates.state, candidates.rules.peers
    for cell in sorted(candidates.placed):
        struck = _held(state, peers[cell], state[cell])
        if struck:
            yield Finding((cell,), struck)


def naked_singles(candidates: Candidates) -> Iterator[Finding]:
    """A cell with one candidate left holds it."""
    for cell, mask in enumerate(candidates.state):
        if mask and not mask & (mask - 1) and cell not in candidates.placed:
            yield Finding((cell,), placed=(cell, mask))


def hidden_singles(candidates: Candidates) -> Iterator[Finding]:
    """A value that has one place left in a line goes there."""
    state = candidates.state
    for line in candidates.rules.lines:
        once = twice = 0
        for cell in line:
            twice |= once & state[cell]
            once |= state[cell]
        single = once & ~twice
        while single:
            bit = single & -single
            single ^= bit
            cell = next(cell for cell in line if state[cell] & bit)
            if cell not in candidates.placed:
                yield Finding((cell,), _held(state, (cell,), ~bit), (cell, bit), line)


def ascending_chains(candidates: Candidates) -> Iterator[Finding]:
    """In a run of k cells, each less than the next, the n-th is at least n and has k-n greater values above it."""
    for chain in candidates.rules.chains:
        window = (1 << candidates.size - len(chain) + 1) - 1
        struck = tuple(mark for k, cell in enumerate(chain) for mark in _held(candidates.state, (cell,), ~(window << k)))
        if struck:
            yield Finding(chain, struck)


def inequality_bounds(candidates: Candidates) -> Iterator[Finding]:
    """The smaller of two neighbours is below the other's maximum, the greater above the other's minimum."""
    state = candidates.state
    for low, greater in enumerate(candidates.rules.greater):
        for high in greater:
            least, greatest = (state[low] & -state[low]).bit_length(), state[high].bit_length()
            too_low = _held(state, (high,), (1 << least) - 1)
            if too_low:
                yield Finding((low, high), too_low, bound=least)
            too_high = _held(state, (low,), ~((1 << greatest) - 1 >> 1))
            if too_high:
                yield Finding((low, high), too_high, bound=greatest)


def naked_sets(candidates: Candidates, count: int) -> Iterator[Finding]:
    """If `count` cells of a line share `count` candidates, no other cell of the line can hold these."""
    state = candidates.state
    for line in candidates.rules.lines:
        for group, values in _tight(_masks(state, line), count):
            struck = _held(state, (cell for k, cell in enumerate(line) if k not in group), values)
            if struck:
                yield Finding(tuple(line[k] for k in group), struck, line=line, values=values)


def hidden_sets(candidates: Candidates, count: int) -> Iterator[Finding]:
    """If `count` values of a line share `count` places, these cells can hold no other values."""
    state = candidates.state
    for line in candidates.rules.lines:
        for group, positions in _tight(_places(_masks(state, line)), count):
            cells = tuple(cell for k, cell in enumerate(line) if positions >> k & 1)
            values = sum(1 << value for value in group)
            struck = _held(state, cells, ~values)
            if struck:
                yield Finding(cells, struck, line=line, values=values)


def fish(candidates: Candidates, count: int) -> Iterator[Finding]:
    """If `count` rows confine a value to `count` columns, it is in these columns nowhere else; likewise with columns and rows."""
    state, size, lines = candidates.state, candidates.size, candidates.rules.lines
    places = [_places(_masks(state, line)) for line in lines]
    in_rows, in_columns = tuple(zip(*places[:size], strict=True)), tuple(zip(*places[size:], strict=True))
    for value in range(size):
        for parallel, cover in ((lines[:size], in_rows[value]), (lines[size:], in_columns[value])):
            for group, positions in _tight(cover, count):
                base = sum((parallel[k] for k in group), ())
                ends = [k for k in range(size) if positions >> k & 1]
                others = (line[end] for k, line in enumerate(parallel) if k not in group for end in ends)
                struck = _held(state, others, 1 << value)
                if struck:
                    cells = tuple(cell for cell in base if state[cell] >> value & 1)
                    yield Finding(cells, struck, line=base, values=1 << value)


def forcing_chains(candidates: Candidates) -> Iterator[Finding]:
    """Whichever of its two candidates a cell holds, chains of cells with two candidates lead to the same removal."""
    state, peers = candidates.state, _peers(candidates.size)
    for start, mask in enumerate(state):
        if mask.bit_count() != 2:
            continue
        low = mask & -mask
        (held, lost), (held_else, lost_else) = (_follow(state, peers, start, bit) for bit in (low, mask ^ low))
        for cell in sorted(lost.keys() & lost_else.keys()):
            common = lost[cell] & lost_else[cell] & state[cell]
            if common and cell != start:
                bit = common & -common
                ways = _way(state, peers, held, cell, bit), _way(state, peers, held_else, cell, bit)
                cells = tuple(dict.fromkeys(link for way in ways for link, _ in way))
                yield Finding(cells, ((cell, bit),), ways=ways)
                break


def trials(candidates: Candidates) -> Iterator[Finding]:
    """In the open cell with the fewest candidates, strike those that are not in the known solution."""
    state = candidates.state
    if candidates.solution:
        cell = min((cell for cell, mask in enumerate(state) if mask & (mask - 1)), key=lambda cell: state[cell].bit_count())
        r, c = divmod(cell, candidates.size)
        bit = 1 << candidates.solution[r][c] - 1
        yield Finding((cell,), ((cell, state[cell] & ~bit),), (cell, bit))


def _masks(state: State, line: tuple[int, ...]) -> tuple[int, ...]:
    """The masks of a row or column, whose cells are equally spaced in the state."""
    return tuple(state[line[0] : line[-1] + 1 : line[1] - line[0]])


def _held(state: State, cells: Iterable[int], values: int) -> Marks:
    """Which of the values the cells can still hold."""
    return tuple((cell, state[cell] & values) for cell in cells if state[cell] & values)


@lru_cache(REMEMBERED)
def _tight(masks: tuple[int, ...], count: int) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Every group of `count` masks, by index, that has at most `count` bits in all (Hall's condition), and these bits."""
    keys = [k for k, mask in enumerate(masks) if 1 < mask.bit_count() <= count]
    found = []
    stack: list[tuple[int, tuple[int, ...], int]] = [(0, (), 0)]
    while stack:
        first, group, union = stack.pop()
        if len(group) == count:
            found.append((group, union))
            continue
        for k in range(len(keys) - count + len(group), first - 1, -1):
            wider = union | masks[keys[k]]
            if wider.bit_count() <= count:
                stack.append((k + 1, (*group, keys[k]), wider))
    return tuple(found)


@lru_cache(REMEMBERED)
def _places(masks: tuple[int, ...]) -> tuple[int, ...]:
    """For each value a mask of the positions in a line that can hold it; the line is given by the masks of its cells."""
    places = [0] * len(masks)
    for position, mask in enumerate(masks):
        while mask:
            bit = mask & -mask
            mask ^= bit
            places[bit.bit_length() - 1] |= 1 << position
    return tuple(places)


@lru_cache
def _peers(size: int) -> Lines:
    """The other cells of each cell's row and column, taken in turn from both; a chain is followed in this order."""
    both = ([(r * size + k, k * size + c) for k in range(size)] for r, c in cells_of(size))
    return tuple(tuple(peer for pair in pairs for peer in pair if peer != cell) for cell, pairs in enumerate(both))


def _follow(state: State, peers: Lines, start: int, bit: int) -> tuple[dict[int, int], dict[int, int]]:
    """What follows if `start` holds `bit` and each cell with two candidates that loses one holds the other.

    Returns what the decided cells hold, in the order in which they were decided, and the mask of values that each cell loses.
    """
    held, lost, queue = {start: bit}, dict[int, int](), [start]
    for cell in queue:
        value = held[cell]
        for peer in peers[cell]:
            mask = held.get(peer, state[peer])
            if mask & value:
                lost[peer] = lost.get(peer, 0) | value
                if mask.bit_count() == 2:
                    held[peer] = mask ^ value
                    queue.append(peer)
    return held, lost


def _way(state: State, peers: Lines, held: dict[int, int], cell: int, lost: int) -> Marks:
    """How a chain comes to `cell`, which loses the bit `lost`: the cells from the start of the chain, and what they hold."""
    start = next(iter(held))
    way: list[tuple[int, int]] = []
    while cell != start:
        cell = next(other for other, value in held.items() if value == lost and other in peers[cell])
        way.append((cell, held[cell]))
        lost = state[cell] ^ held[cell]
    return tuple(reversed(way))
