"""The cheapest proof of every fact about the cells: what a person would have to look at to see it.

Facts are proved from facts, so the ways to prove them form a directed hypergraph. Its shortest paths are found as in Knuth,
"A generalization of Dijkstra's algorithm", Information Processing Letters 6 (1977): the cheapest fact is settled first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal, NamedTuple

from futoshiki.solving.candidates import Finding
from futoshiki.solving.rules import State
from futoshiki.solving.techniques import EXCLUSION, Deduction


class Fact(NamedTuple):
    """What is known of a cell, which is counted row by row: that it is a value, or is not, or is at least or at most one."""

    kind: Literal["is", "not", "least", "most"]
    cell: int
    value: int


class Derivation(NamedTuple):
    """One way to prove a fact.

    `needs` are the facts that must be known before, and `cost` is the effort to see that this one follows. There is no
    `deduction` where facts about one cell are only put together: what is at least 2 and not 2 is at least 3.
    """

    fact: Fact
    needs: tuple[Fact, ...]
    cost: float
    deduction: Deduction | None = None


@dataclass(frozen=True)
class Proof:
    """The derivations that prove a fact. Each comes after those that it needs; the last one is that of the fact itself."""

    derivations: tuple[Derivation, ...]

    @property
    def goal(self) -> Derivation:
        """The derivation of the fact that is proved."""
        return self.derivations[-1]

    @property
    def by(self) -> dict[Fact, Derivation]:
        """The derivation of each fact."""
        return {derivation.fact: derivation for derivation in self.derivations}

    @property
    def cost(self) -> float:
        """The effort of all derivations; what one finding strikes is looked at once."""
        seen = {}
        for fact, _, cost, deduction in self.derivations:
            seen[deduction.finding if deduction else fact] = cost
        return sum(seen.values())

    def deductions(self, domains: State) -> list[Deduction]:
        """The proof as deductions from the state `domains`, each cut down to what is needed of it; exclusions come first."""
        state = domains.copy()
        excluded: dict[Finding, list[tuple[int, int]]] = {}
        others: list[Deduction] = []
        for fact, _, _, deduction in self.derivations:
            if deduction is None:
                continue
            technique, finding = deduction
            if technique is EXCLUSION:
                excluded.setdefault(finding, []).append((fact.cell, 1 << fact.value - 1))
                state[fact.cell] &= ~(1 << fact.value - 1)
            else:
                others.append(deduction)
        path = [Deduction(EXCLUSION, finding._replace(struck=tuple(struck))) for finding, struck in excluded.items()]
        needed = {(fact.cell, fact.value) for fact in self.by if fact.kind == "not"}
        for technique, finding in others:
            marks = [(cell, mask & state[cell]) for cell, mask in finding.struck]
            if not finding.bound and not finding.placed:
                wanted = {cell: sum(1 << value - 1 for other, value in needed if other == cell) for cell, _ in marks}
                marks = [(cell, mask & wanted[cell]) for cell, mask in marks]
            struck = tuple((cell, mask) for cell, mask in marks if mask)
            for cell, mask in struck:
                state[cell] &= ~mask
            if struck or finding.placed:
                path.append(Deduction(technique, finding._replace(struck=struck)))
        return path


class Proofs:
    """The cheapest known derivation of each fact, `by`, and its `cost` together with everything that it needs."""

    def __init__(self) -> None:
        self.cost: dict[Fact, float] = {}
        self.by: dict[Fact, Derivation] = {}
        self._uses: dict[Fact, list[Derivation]] = defaultdict(list)
        self._queue: list[tuple[float, int, Derivation]] = []
        self._number = count()  # keeps the order of equal costs

    def add(self, derivations: Iterable[Derivation]) -> list[Fact]:
        """Take in more derivations, whose costs must be positive. Returns the facts that are proved now and were not before."""
        for derivation in derivations:
            for need in derivation.needs:
                self._uses[need].append(derivation)
            self._offer(derivation)
        found = []
        while self._queue:
            cost, _, derivation = heapq.heappop(self._queue)
            fact = derivation.fact
            if fact in self.cost and cost >= self.cost[fact]:
                continue
            if fact not in self.cost:
                found.append(fact)
            self.cost[fact], self.by[fact] = cost, derivation
            for use in self._uses[fact]:
                self._offer(use)
        return found

    def _offer(self, derivation: Derivation) -> None:
        """Queue a derivation if it can be made and is cheaper than what is known."""
        cost = derivation.cost
        for need in derivation.needs:
            if need not in self.cost:
                return
            cost += self.cost[need]
        if derivation.fact not in self.cost or cost < self.cost[derivation.fact]:
            heapq.heappush(self._queue, (cost, next(self._number), derivation))

    def cheapest(self, choices: Iterable[tuple[Fact, ...]]) -> tuple[Fact, ...]:
        """The cheapest of several sets of facts, at least one of which must be proved."""
        proved = (facts for facts in choices if all(fact in self.cost for fact in facts))
        return min(proved, key=lambda facts: sum(self.cost[fact] for fact in facts))

    def proof(self, goal: Derivation) -> Proof:
        """The proof that ends with a derivation whose needs are all proved."""
        order: dict[Fact, Derivation] = {}
        self._collect(goal.needs, order)
        return Proof((*order.values(), goal))

    def _collect(self, facts: Sequence[Fact], order: dict[Fact, Derivation]) -> None:
        for fact in facts:
            if fact not in order:
                derivation = self.by[fact]
                self._collect(derivation.needs, order)
                order[fact] = derivation
