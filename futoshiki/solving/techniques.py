"""The named techniques, easiest first; each is a generator of the steps it can make.

Vocabulary and order follow Simon Tatham's latin.c and the futoshiki literature: exclusion, singles,
ascending chains, inequality bounds, naked and hidden sets, fish, forcing chains.
Sets and fish of more than half of the size need no name: what is left over is a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from futoshiki.solving.steps import Candidates, Cell, Removal, Step, listed, name, names

SET_NAMES = {2: "pair", 3: "triple", 4: "quad", 5: "quintuple", 6: "sextuple", 7: "septuple"}
FISH_NAMES = {2: "X-wing", 3: "swordfish", 4: "jellyfish", 5: "squirmbag", 6: "whale", 7: "leviathan"}
Key = TypeVar("Key")
Technique = Callable[[Candidates], Iterator[Step]]


def _step(
    candidates: Candidates, technique: str, cells: list[Cell], removed: list[Removal], sentence: str,
    *, line: list[Cell] | None = None, values: Iterable[int] = (),
) -> Iterator[Step]:  # fmt: skip
    """The step, if it strikes anything."""
    struck = tuple(sorted({(r, c, v) for r, c, v in removed if v in candidates.at[r, c]}))
    if struck:
        yield Step(technique, tuple(cells), struck, None, sentence, tuple(line or ()), tuple(sorted(values)))


def exclusion(candidates: Candidates) -> Iterator[Step]:
    """A value that is placed cannot stand again in its row or column."""
    for cell in sorted(candidates.placed):
        for value in candidates.at[cell]:
            hit = [(*peer, value) for peer in candidates.peers(cell)]
            sentence = f"{name(cell)} is {value}, so no other cell of its row and column is {value}."
            yield from _step(candidates, "exclusion", [cell], hit, sentence)


def naked_single(candidates: Candidates) -> Iterator[Step]:
    """A cell with one candidate left holds it."""
    for cell, values in candidates.at.items():
        if len(values) == 1 and cell not in candidates.placed:
            (value,) = values
            yield Step("naked single", (cell,), (), (*cell, value), f"{name(cell)} can be nothing but {value}.")


def hidden_single(candidates: Candidates) -> Iterator[Step]:
    """A value that has one place left in a line goes there."""
    for label, line in candidates.lines:
        for value in range(1, candidates.size + 1):
            places = [cell for cell in line if value in candidates.at[cell]]
            if len(places) == 1 and places[0] not in candidates.placed:
                cell = places[0]
                removed = tuple((*cell, v) for v in sorted(candidates.at[cell]) if v != value)
                sentence = f"In {label} only {name(cell)} can be {value}."
                yield Step("hidden single", (cell,), removed, (*cell, value), sentence, tuple(line))


def inequality_bounds(candidates: Candidates) -> Iterator[Step]:
    """The smaller of two neighbours is below the other's maximum, the greater above the other's minimum."""
    for low, above in candidates.greater.items():
        for high in above:
            floor, ceiling = min(candidates.at[low], default=0), max(candidates.at[high], default=0)
            too_low = [(*high, v) for v in candidates.at[high] if v <= floor]
            yield from _step(candidates, "inequality bounds", [low, high], too_low, above_sentence(low, high, floor))
            too_high = [(*low, v) for v in candidates.at[low] if v >= ceiling]
            yield from _step(candidates, "inequality bounds", [low, high], too_high, below_sentence(low, high, ceiling))


def above_sentence(low: Cell, high: Cell, floor: int) -> str:
    """Why the greater of two neighbours is above the least value of the smaller."""
    return f"{name(low)} < {name(high)} and {name(low)} is at least {floor}, so {name(high)} is more than {floor}."


def below_sentence(low: Cell, high: Cell, ceiling: int) -> str:
    """Why the smaller of two neighbours is below the greatest value of the greater."""
    return f"{name(low)} < {name(high)} and {name(high)} is at most {ceiling}, so {name(low)} is less than {ceiling}."


def ascending_chain(candidates: Candidates) -> Iterator[Step]:
    """Of a run of cells each less than the next, the k-th is at least k, and as far below the greatest value as cells follow."""
    for chain in _chains(candidates):
        low, high = range(1, len(chain) + 1), range(candidates.size - len(chain) + 1, candidates.size + 1)
        removed = [
            (*cell, v)
            for cell, least, most in zip(chain, low, high, strict=False)
            for v in candidates.at[cell]
            if not least <= v <= most
        ]
        run = " < ".join(name(cell) for cell in chain)
        first, last = name(chain[0]), name(chain[-1])
        ends = f"{first} is at most {candidates.size - len(chain) + 1} and {last} at least {len(chain)}"
        sentence = f"{run} is a run of {len(chain)} growing values: {ends}, and so on between."
        yield from _step(candidates, "ascending chain", chain, removed, sentence)


def _chains(candidates: Candidates) -> Iterator[list[Cell]]:
    """The longest runs of three to N cells along the signs, from every cell that has none before it, up and down."""
    for onward, back in ((candidates.greater, candidates.smaller), (candidates.smaller, candidates.greater)):
        longest: dict[Cell, list[Cell]] = {}
        for start in candidates.at:
            if onward[start] and not back[start]:
                chain = _longest(start, onward, longest)
                if 3 <= len(chain) <= candidates.size:
                    yield chain if onward is candidates.greater else chain[::-1]


def _longest(cell: Cell, onward: Mapping[Cell, list[Cell]], known: dict[Cell, list[Cell]]) -> list[Cell]:
    """The longest run from a cell; signs that go in a circle end it."""
    if cell not in known:
        known[cell] = [cell]  # met again while it is being found: a circle
        runs = [_longest(other, onward, known) for other in onward[cell]]
        known[cell] = [cell, *max(runs, key=len, default=[])]
    return known[cell]


def _tight(choices: Mapping[Key, set[int]], count: int) -> Iterator[tuple[list[Key], set[int]]]:
    """Every `count` keys that have only `count` choices between them (Hall's condition, met exactly)."""
    keys = [key for key, values in choices.items() if 2 <= len(values) <= count]
    stack: list[tuple[int, list[Key], set[int]]] = [(0, [], set())]
    while stack:
        first, chosen, union = stack.pop()
        if len(chosen) == count:
            yield chosen, union
            continue
        for k in reversed(range(first, len(keys))):
            wider = union | choices[keys[k]]
            if len(wider) <= count:
                stack.append((k + 1, [*chosen, keys[k]], wider))


def naked_set(candidates: Candidates, count: int) -> Iterator[Step]:
    """So many cells of a line that share so many candidates keep them to themselves."""
    technique = f"naked {SET_NAMES[count]}"
    for label, line in candidates.lines:
        for group, values in _tight({cell: candidates.at[cell] for cell in line}, count):
            removed = [(*cell, v) for cell in line if cell not in group for v in values]
            spelled = listed([str(v) for v in sorted(values)])
            sentence = f"In {label}, {names(group)} hold {spelled} between them, so no other cell there does."
            yield from _step(candidates, technique, group, removed, sentence, line=line, values=values)


def hidden_set(candidates: Candidates, count: int) -> Iterator[Step]:
    """So many values that have only so many places in a line leave no room there for others."""
    technique = f"hidden {SET_NAMES[count]}"
    for label, line in candidates.lines:
        values = range(1, candidates.size + 1)
        places = {v: {k for k, cell in enumerate(line) if v in candidates.at[cell]} for v in values}
        for held, ends in _tight(places, count):
            cells = [line[k] for k in sorted(ends)]
            removed = [(*cell, v) for cell in cells for v in candidates.at[cell] - set(held)]
            spelled = listed([str(v) for v in held])
            sentence = f"In {label}, {spelled} can only go to {names(cells)}, so nothing else can."
            yield from _step(candidates, technique, cells, removed, sentence, line=line, values=held)


def fish(candidates: Candidates, count: int) -> Iterator[Step]:
    """A value confined to the same columns in so many rows is in those columns nowhere else, and the other way round."""
    n = candidates.size
    for value in range(1, n + 1):
        for by_row in (True, False):
            cover = {k: {j for j in range(n) if value in candidates.at[(k, j) if by_row else (j, k)]} for k in range(n)}
            for bases, ends in _tight(cover, count):
                cells = [(k, j) if by_row else (j, k) for k in bases for j in sorted(cover[k])]
                removed = [(*((k, j) if by_row else (j, k)), value) for k in range(n) if k not in bases for j in ends]
                base, end = ("rows", "columns") if by_row else ("columns", "rows")
                here, there = listed([str(k + 1) for k in bases]), listed([str(k + 1) for k in sorted(ends)])
                sentence = (
                    f"In {base} {here}, {value} can only stand in {end} {there}, so it stands there in no other of the {base}."
                )
                lines = [(k, j) if by_row else (j, k) for k in bases for j in range(n)]
                yield from _step(candidates, FISH_NAMES[count], cells, removed, sentence, line=lines, values=[value])


def forcing_chain(candidates: Candidates) -> Iterator[Step]:
    """Both candidates of a cell lead, through cells with two candidates, to the same removal."""
    pairs = [cell for cell, values in candidates.at.items() if len(values) == 2]
    for cell in pairs:
        first, second = sorted(candidates.at[cell])
        chains = [_follow(candidates, cell, value) for value in (first, second)]
        common = chains[0].keys() & chains[1].keys()
        removed = [(r, c, v) for r, c, v in sorted(common) if v in candidates.at[r, c] and (r, c) != cell]
        if removed:
            r, c, v = removed[0]
            ways = [chain[removed[0]] for chain in chains]
            told = [_told(cell, value, way) for value, way in zip((first, second), ways, strict=True)]
            sentence = f"{told[0]}; {told[1]}: either way {name((r, c))} cannot be {v}."
            cells = list(dict.fromkeys([cell, *(place[:2] for way in ways for place in way)]))
            yield from _step(candidates, "forcing chain", cells, removed[:1], f"{sentence[0].upper()}{sentence[1:]}")


def _told(cell: Cell, value: int, way: tuple[Removal, ...]) -> str:
    """`if r1c1 is 2, then r1c4 is 5 and r3c4 is 1`."""
    places = [f"{name((r, c))} is {v}" for r, c, v in way]
    start = f"if {name(cell)} is {value}"
    return f"{start}, then {listed(places)}" if places else start


def _follow(candidates: Candidates, start: Cell, value: int) -> dict[Removal, tuple[Removal, ...]]:
    """What goes when a cell holds a value, along cells with two candidates through rows and columns; with the way there."""
    at = {cell: set(values) for cell, values in candidates.at.items()}
    at[start] = {value}
    gone: dict[Removal, tuple[Removal, ...]] = {}
    queue: list[tuple[Cell, tuple[Removal, ...]]] = [(start, ())]
    for cell, way in queue:
        (held,) = at[cell]
        for peer in candidates.peers(cell):
            if held not in at[peer]:
                continue
            gone.setdefault((*peer, held), way)
            if len(at[peer]) == 2:
                at[peer].discard(held)
                (left,) = at[peer]
                queue.append((peer, (*way, (*peer, left))))
    return gone


def techniques(size: int) -> tuple[Technique, ...]:
    """Every technique for puzzles of that size but trial and error, easiest first."""
    counts = range(2, max(size // 2, 2) + 1)
    return (
        exclusion, naked_single, hidden_single, ascending_chain, inequality_bounds,
        *(partial(technique, count=count) for count in counts for technique in (naked_set, hidden_set)),
        *(partial(fish, count=count) for count in counts),
        forcing_chain,
    )  # fmt: skip
