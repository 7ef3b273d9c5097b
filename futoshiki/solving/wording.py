"""Puts a proof into sentences for a player."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from futoshiki.puzzle import Cell
from futoshiki.solving.candidates import Finding
from futoshiki.solving.proof import Derivation, Fact, Proof
from futoshiki.solving.steps import listed
from futoshiki.solving.techniques import BOUNDS, EXCLUSION

FEW = 2
"""Number of cells of a line up to which the signs that speak against a value there are named one by one."""


@dataclass
class Statement:
    """A sentence, and what it speaks of: `cells`, filled cells with the `digits` that count, and the cells of a `line`.

    `cost` are the points of the technique, 0 if digits and signs are enough. `clue` says of the last step what kind it is,
    without the value. `bound` is what a cell is at least or at most, after the digits it sees, if nothing else is the reason.
    """

    sentence: str = ""
    cost: float = 0.0
    cells: list[int] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)
    line: tuple[int, ...] = ()
    clue: str = ""
    bound: tuple[tuple[int, ...], str] | None = None


class _Grounds(NamedTuple):
    """What facts about one cell rest on: the cells of digits that it sees, by value, bounds by signs, and other findings."""

    seen: dict[int, int]
    bounds: list[Fact]
    struck: dict[int, Derivation]


class _Obstacle(NamedTuple):
    """Why a cell cannot hold a value, in words that follow the name of one cell, or the names of several."""

    one: str
    several: str


def statements(proof: Proof, size: int, filled: Mapping[int, int]) -> list[Statement]:
    """The sentences of the proof of a placement in a puzzle of that size; the last one names the value.

    `filled` holds the values of the filled cells by their numbers. What a person sees at once is not said on its own: that a
    digit excludes others, that a sign bounds its cells.
    """
    teller = _Teller(proof, size, filled)
    last = teller.last()
    return [*_joined(teller.before.values(), size), last]


def _joined(found: Iterable[Statement], size: int) -> list[Statement]:
    """The statements, with one for all cells that see the same digits and have the same bound for that reason alone."""
    alike: dict[object, list[Statement]] = {}
    for number, statement in enumerate(found):
        alike.setdefault(statement.bound or number, []).append(statement)
    joined = []
    for first, *others in alike.values():
        if others and first.bound:
            first.cells += [cell for other in others for cell in other.cells]
            digits, bound = first.bound
            names = listed(Cell(*divmod(cell, size)) for cell in first.cells)
            first.sentence = f"{names} see {listed(digits)} in their row or column, so they are {bound}."
        joined.append(first)
    return joined


def line_names(line: Sequence[int], size: int) -> str:
    """`row 3`, or `columns 1 and 4`, for the numbers of the cells of one or more rows or columns."""
    rows, columns = sorted({cell // size for cell in line}), sorted({cell % size for cell in line})
    is_row = line[1] - line[0] == 1
    numbers = rows if is_row else columns
    return f"{'row' if is_row else 'column'}{'s' * (len(numbers) > 1)} {listed(number + 1 for number in numbers)}"


class _Teller:
    """Tells one proof. `before` collects the statements that must come before those that were asked for."""

    def __init__(self, proof: Proof, size: int, filled: Mapping[int, int]) -> None:
        self.before: dict[Fact | Finding, Statement] = {}
        self._by = proof.by
        self._goal = proof.goal
        self._size = size
        self._filled = filled

    def last(self) -> Statement:
        """Why the value must be in its cell."""
        assert self._goal.deduction
        _, cell, value = self._goal.fact
        said = Statement(line=self._goal.deduction.finding.line)
        if said.line:
            said.clue = f"one digit has no other place in its {line_names(said.line, self._size).split()[0]}"
            said.sentence = self._only_place(said, self._cell(cell), value)
        else:
            said.clue = "only one digit fits there"
            said.sentence = self._only_value(said, cell, value)
        return said

    def _only_value(self, said: Statement, cell: int, value: int) -> str:
        """Why the cell can hold nothing but the value."""
        clauses = self._clauses(cell, self._goal.needs, said)
        if len(said.digits) == self._size - 1:
            return f"{self._cell(cell)} sees every digit but {value} in its row and column."
        return f"{self._cell(cell)} {clauses}, so it is {value}."

    def _only_place(self, said: Statement, target: Cell, value: int) -> str:
        """Why no other cell of a line can hold the value."""
        line = line_names(said.line, self._size)
        obstacles = sorted(self._obstacles(said, value).items(), key=lambda group: len(group[1]))
        if not obstacles:
            said.clue = f"it is the last empty cell of its {line.split()[0]}"
            return f"{target} is the last empty cell of {line}, and {value} is missing there."
        *others, (most, cells) = obstacles
        if not others and len(cells) > 1:
            return f"Every other empty cell of {line} {most.one}, so only {target} can be the {value}."
        if not others:
            return f"{self._cell(cells[0])} {most.one}, so in {line} only {target} can be the {value}."
        clauses = [self._clause(obstacle, cells) for obstacle, cells in others]
        clauses.append(f"the other empty cells {most.several}" if len(cells) > 1 else self._clause(most, cells))
        return f"In {line} only {target} can be the {value}: {listed(clauses)}."

    def _clause(self, obstacle: _Obstacle, cells: Sequence[int]) -> str:
        return f"{listed(map(self._cell, cells))} {obstacle.one if len(cells) == 1 else obstacle.several}"

    def _obstacles(self, said: Statement, value: int) -> dict[_Obstacle, list[int]]:
        """What keeps a value out of the other empty cells of a line, and out of which."""
        across = "column" if line_names(said.line, self._size).startswith("row") else "row"
        digit = f"{'an' if value in (8, 11) else 'a'} {value}"
        found: list[tuple[int, _Obstacle]] = []
        grounds = {need.cell: self._grounds([need]) for need in self._goal.needs}
        by_signs = sum(len(ground.bounds) for ground in grounds.values())
        for cell, (seen, bounds, struck) in grounds.items():
            for source in seen.values():
                said.digits.append(source)
                found.append((cell, _Obstacle(f"has {digit} in its {across}", f"have {digit} in their {across}s")))
            for fact in bounds:
                than = "greater" if fact.kind == "least" else "less"
                if value in (1, self._size):
                    found.append((cell, _Obstacle(f"is {than} than a neighbour", f"are {than} than a neighbour")))
                elif by_signs <= FEW:
                    _, sign, *chain = self._chain(fact, said)
                    found.append((cell, _Obstacle(f"{sign} {' '.join(chain)}", f"are {than} than {' '.join(chain)}")))
                else:
                    self._chain(fact, Statement())
                    signs = f"must be {than} than {value} because of"
                    found.append((cell, _Obstacle(f"{signs} its signs", f"{signs} their signs")))
            for derivation in struck.values():
                self._tell_finding(derivation)
                found.append((cell, _Obstacle("is ruled out", "are ruled out")))
        return {obstacle: [cell for cell, other in found if other == obstacle] for _, obstacle in found}

    def _grounds(self, facts: Iterable[Fact]) -> _Grounds:
        """What facts about one cell rest on."""
        seen, bounds, struck = dict[int, int](), list[Fact](), dict[int, Derivation]()
        queue = list(facts)
        for fact in queue:
            derivation = self._by[fact]
            if derivation.deduction is None:
                queue.extend(derivation.needs)
            elif derivation.deduction.technique is EXCLUSION:
                seen[fact.value] = derivation.deduction.finding.cells[0]
            elif derivation.deduction.technique is BOUNDS:
                bounds.append(fact)
            else:
                struck[fact.value] = derivation
        least = max((fact for fact in bounds if fact.kind == "least"), key=lambda fact: fact.value, default=None)
        most = min((fact for fact in bounds if fact.kind == "most"), key=lambda fact: fact.value, default=None)
        return _Grounds(seen, [fact for fact in (least, most) if fact], struck)

    def _clauses(self, cell: int, facts: Iterable[Fact], said: Statement) -> str:
        """What is said of a cell so that facts about it follow: `sees 1 and 4 in its row and must be less than r1c2=3`."""
        seen, bounds, struck = self._grounds(facts)
        clauses = []
        if seen:
            said.digits.extend(seen.values())
            rows = {source // self._size == cell // self._size for source in seen.values()}
            where = " and ".join(name for name, in_row in (("row", True), ("column", False)) if in_row in rows)
            clauses.append(f"sees {listed(sorted(seen))} in its {where}")
        for fact in bounds:
            chain = self._chain(fact, said)
            if len(chain) == 3:  # this cell, the sign, and its neighbour
                clauses.append(f"must be {'greater' if fact.kind == 'least' else 'less'} than {chain[-1]}")
            else:
                clauses.append(f"must be at {fact.kind} {fact.value} ({' '.join(chain)})")
        if struck:
            for derivation in struck.values():
                self._tell_finding(derivation)
            clauses.append(f"cannot be {listed(sorted(struck), 'or')}")
        return listed(clauses)

    def _chain(self, fact: Fact, said: Statement) -> list[str]:
        """The signs from a cell to where its bound comes from, as words: `r1c1`, `>`, `r1c2`, `>`, `r2c2=2`."""
        cells, end = [fact.cell], fact
        while deduction := self._by[end].deduction:
            low, high = deduction.finding.cells
            cells.append(low if fact.kind == "least" else high)
            needs = self._by[end].needs
            if not needs:
                break
            (end,) = needs
        else:  # the bound of the last cell does not follow from a sign
            self._tell_bound(end)
        said.cells.extend(cells)
        names = [str(self._cell(cell)) for cell in cells]
        if cells[-1] in self._filled:
            names[-1] += f"={self._filled[cells[-1]]}"
        words = [word for name in names for word in (name, ">" if fact.kind == "least" else "<")]
        return words[:-1]

    def _tell_bound(self, fact: Fact) -> None:
        """Say first why a cell is at least or at most a value."""
        if fact not in self.before:
            said = Statement(cells=[fact.cell])
            clauses = self._clauses(fact.cell, [fact], said)
            bound = f"at {fact.kind} {fact.value}"
            said.sentence = f"{self._cell(fact.cell)} {clauses}, so it is {bound}."
            seen, *others = self._grounds([fact])
            if not any(others):
                said.bound = tuple(sorted(seen)), bound
            self.before[fact] = said

    def _tell_finding(self, derivation: Derivation) -> None:
        """Say first what a set, fish or chain has found, and before that what it needs but digits and signs do not say."""
        assert derivation.deduction
        technique, finding = derivation.deduction
        if finding not in self.before:
            for need in derivation.needs:
                _, bounds, struck = self._grounds([need])
                for fact in bounds:
                    self._chain(fact, Statement())
                for earlier in struck.values():
                    self._tell_finding(earlier)
            sentence = technique.tell(finding, self._size)
            self.before[finding] = Statement(sentence, technique.cost, list(finding.cells), line=finding.line)

    def _cell(self, cell: int) -> Cell:
        return Cell(*divmod(cell, self._size))
