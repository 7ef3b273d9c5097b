"""The techniques of deduction in one table, easiest first; grades, levels, explanations and hints all use it.

Names, levels and order follow `latin.c` of Simon Tatham's puzzles (https://www.chiark.greenend.org.uk/~sgtatham/puzzles/)
and the Futoshiki literature. A deduction is put into words only when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from futoshiki.puzzle import Cell, cells_of
from futoshiki.solving import finders
from futoshiki.solving.candidates import Candidates, Finding, Marks
from futoshiki.solving.rules import values_in
from futoshiki.solving.steps import CellValue, Difficulty, Step, listed

MOST_LINKS = 6
"""Cells of a forcing chain that are named one by one; a longer one is only described."""


@dataclass(frozen=True)
class Technique:
    """One kind of deduction.

    `cost` is the number of points that a step with it adds to a puzzle's score. `find` yields what it finds. `tell`
    makes the sentence that explains a finding, and `premises` lists the candidates that must be gone before the finding
    holds; both also take the size of the puzzle. `members` is the number of cells, values or lines in a set or fish.
    """

    name: str
    level: Difficulty
    cost: int
    find: Callable[[Candidates], Iterator[Finding]]
    tell: Callable[[Finding, int], str]
    premises: Callable[[Finding, int], Marks]
    members: int = 1


class Deduction(NamedTuple):
    """A technique and what it has found."""

    technique: Technique
    finding: Finding

    def step(self, size: int) -> Step:
        """The deduction in words, for a puzzle of that size."""
        technique, finding = self
        cells = cells_of(size)
        placed = finding.placed
        return Step(
            technique=technique.name,
            difficulty=technique.level,
            cost=technique.cost,
            cells=tuple(cells[k] for k in finding.cells),
            removed=tuple(CellValue(*cells[k], value) for k, mask in sorted(finding.struck) for value in values_in(mask)),
            placed=CellValue(*cells[placed[0]], placed[1].bit_length()) if placed else None,
            sentence=technique.tell(finding, size),
            line=tuple(cells[k] for k in finding.line),
            values=tuple(values_in(finding.values)),
        )


@lru_cache
def techniques(size: int) -> tuple[Technique, ...]:
    """The techniques for puzzles of that size.

    Sets and fish of more than half of the size are left out: wherever there is one, the rest forms a smaller one.
    """
    return tuple(technique for technique in TECHNIQUES if technique.members <= max(size // 2, 2))


def deductions(candidates: Candidates, among: Iterable[Technique]) -> Iterator[Deduction]:
    """Everything that the given techniques find, in their order."""
    return (Deduction(technique, finding) for technique in among for finding in technique.find(candidates))


def _cell(number: int, size: int) -> Cell:
    return Cell(*divmod(number, size))


def _cells(finding: Finding, size: int) -> str:
    return listed(_cell(cell, size) for cell in finding.cells)


def _placed(finding: Finding, size: int) -> tuple[Cell, int]:
    cell, bit = finding.placed or (0, 0)
    return _cell(cell, size), bit.bit_length()


def _is_row(finding: Finding) -> bool:
    return finding.line[1] - finding.line[0] == 1


def _line(finding: Finding, size: int) -> str:
    r, c = _cell(finding.line[0], size)
    return f"row {r + 1}" if _is_row(finding) else f"column {c + 1}"


def _tell_exclusion(finding: Finding, size: int) -> str:
    value = finding.struck[0][1].bit_length()
    return f"{_cell(finding.cells[0], size)} is {value}, so no other cell of its row and column is {value}."


def _tell_naked_single(finding: Finding, size: int) -> str:
    cell, value = _placed(finding, size)
    return f"{cell} can be nothing but {value}."


def _tell_hidden_single(finding: Finding, size: int) -> str:
    cell, value = _placed(finding, size)
    return f"In {_line(finding, size)} only {cell} can be {value}."


def _tell_chain(finding: Finding, size: int) -> str:
    cells = [_cell(cell, size) for cell in finding.cells]
    length = len(cells)
    ends = f"{cells[0]} is at most {size - length + 1} and {cells[-1]} at least {length}"
    return f"{' < '.join(map(str, cells))} is a run of {length} growing values: {ends}, and so on between."


def _tell_bounds(finding: Finding, size: int) -> str:
    low, high = (_cell(cell, size) for cell in finding.cells)
    if finding.raises:
        return f"{low} < {high} and {low} is at least {finding.bound}, so {high} is more than {finding.bound}."
    return f"{low} < {high} and {high} is at most {finding.bound}, so {low} is less than {finding.bound}."


def _tell_naked_set(finding: Finding, size: int) -> str:
    values = listed(values_in(finding.values))
    return f"In {_line(finding, size)}, {_cells(finding, size)} must be {values}, so no other cell there is."


def _tell_hidden_set(finding: Finding, size: int) -> str:
    values = listed(values_in(finding.values))
    return f"In {_line(finding, size)}, {values} can only go in {_cells(finding, size)}, so no other digit can."


def _tell_fish(finding: Finding, size: int) -> str:
    value = finding.values.bit_length()
    rows = listed(r + 1 for r in sorted({cell // size for cell in finding.cells}))
    columns = listed(c + 1 for c in sorted({cell % size for cell in finding.cells}))
    if _is_row(finding):
        return f"In rows {rows}, {value} can only go in columns {columns}, so no other row has its {value} there."
    return f"In columns {columns}, {value} can only go in rows {rows}, so no other column has its {value} there."


def _tell_forcing_chain(finding: Finding, size: int) -> str:
    ((cell, bit),) = finding.struck
    target, value = _cell(cell, size), bit.bit_length()
    if sum(map(len, finding.ways)) > MOST_LINKS:
        start, options = _cell(finding.cells[0], size), listed((way[0][1].bit_length() for way in finding.ways), "or")
        return f"Whether {start} is {options}, the cells that then have one digit left put a {value} in line with {target}."
    parts = []
    for way in finding.ways:
        first, *others = (f"{_cell(link, size)} is {held.bit_length()}" for link, held in way)
        parts.append(f"if {first}, then {listed(others)}" if others else f"if {first}")
    sentence = f"{'; '.join(parts)}: either way {target} cannot be {value}."
    return f"{sentence[0].upper()}{sentence[1:]}"


def _tell_trial(finding: Finding, size: int) -> str:
    cell, value = _placed(finding, size)
    wrong = listed(values_in(finding.struck[0][1]))
    return f"Trying {wrong} in {cell} leads to a contradiction in the end, so it is {value}."


def _nothing(finding: Finding, size: int) -> Marks:
    """No candidate has to be gone."""
    return ()


def _values_elsewhere(finding: Finding, size: int) -> Marks:
    """The values of a single, set or fish in the other cells of its line or lines."""
    values = finding.placed[1] if finding.placed else finding.values
    return tuple((cell, values) for cell in finding.line if cell not in finding.cells)


def _other_values(finding: Finding, size: int) -> Marks:
    """All values but those of a single or set, in its cells."""
    values = finding.placed[1] if finding.placed else finding.values
    return tuple((cell, (1 << size) - 1 & ~values) for cell in finding.cells)


def _values_beyond_bound(finding: Finding, size: int) -> Marks:
    """The values of the neighbour that are less than its least or greater than its greatest value."""
    low, high = finding.cells
    if finding.raises:
        return ((low, (1 << finding.bound - 1) - 1),)
    return ((high, (1 << size) - (1 << finding.bound)),)


def _third_values(finding: Finding, size: int) -> Marks:
    """All values but two in every cell of a forcing chain: each link holds one and loses the value of the link before it."""
    full = (1 << size) - 1
    starts = [(way[0][0], full & ~sum(other[0][1] for other in finding.ways)) for way in finding.ways]
    links = [(cell, full & ~before & ~bit) for way in finding.ways for (_, before), (cell, bit) in pairwise(way)]
    return (*starts, *links)


def _sets(name: str, members: int, naked_cost: int, hidden_cost: int) -> tuple[Technique, Technique]:
    naked, hidden = partial(finders.naked_sets, count=members), partial(finders.hidden_sets, count=members)
    return (
        Technique(f"naked {name}", Difficulty.TRICKY, naked_cost, naked, _tell_naked_set, _other_values, members),
        Technique(f"hidden {name}", Difficulty.TRICKY, hidden_cost, hidden, _tell_hidden_set, _values_elsewhere, members),
    )


def _fish(name: str, members: int, cost: int) -> Technique:
    find = partial(finders.fish, count=members)
    return Technique(name, Difficulty.EXTREME, cost, find, _tell_fish, _values_elsewhere, members)


_TRIVIAL, _EASY = Difficulty.TRIVIAL, Difficulty.EASY

EXCLUSION = Technique("exclusion", _TRIVIAL, 1, finders.exclusions, _tell_exclusion, _nothing)
NAKED_SINGLE = Technique("naked single", _TRIVIAL, 2, finders.naked_singles, _tell_naked_single, _other_values)
HIDDEN_SINGLE = Technique("hidden single", _TRIVIAL, 3, finders.hidden_singles, _tell_hidden_single, _values_elsewhere)
BOUNDS = Technique("inequality bounds", _EASY, 5, finders.inequality_bounds, _tell_bounds, _values_beyond_bound)
TRIAL = Technique("trial and error", Difficulty.RECURSIVE, 200, finders.trials, _tell_trial, _nothing)

TECHNIQUES = (
    EXCLUSION,
    NAKED_SINGLE,
    HIDDEN_SINGLE,
    Technique("ascending chain", _EASY, 4, finders.ascending_chains, _tell_chain, _nothing),
    BOUNDS,
    *_sets("pair", 2, 10, 12),
    *_sets("triple", 3, 14, 16),
    *_sets("quad", 4, 18, 20),
    *_sets("quintuple", 5, 22, 23),
    *_sets("sextuple", 6, 24, 25),
    *_sets("septuple", 7, 26, 27),
    _fish("X-wing", 2, 30),
    _fish("swordfish", 3, 40),
    _fish("jellyfish", 4, 50),
    _fish("squirmbag", 5, 52),
    _fish("whale", 6, 54),
    _fish("leviathan", 7, 56),
    Technique("forcing chain", Difficulty.EXTREME, 60, finders.forcing_chains, _tell_forcing_chain, _third_values),
    TRIAL,
)
"""Every technique, in the order in which they are tried: a path always takes the first one that finds something."""
