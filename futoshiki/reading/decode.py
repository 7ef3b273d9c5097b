"""Where vision and solving meet: the most likely reading that a published puzzle can have.

A published puzzle has exactly one solution. The reading of the highest probability is taken where
it has one; else its least certain clues are exchanged, best first, until the solver agrees:

- a reading without a solution is mended only by changing a clue that is present,
- one with several solutions only by a clue that tells two of them apart.

That is complete within the alternatives considered. The search goes on to `SPAN` nats beyond the
first reading found, and the share of the probability that falls on one solved grid is its confidence.
Changes that a reading's only solution obeys are not followed: they lead to no other grid.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from futoshiki.puzzle import Grid, Less, Puzzle
from futoshiki.reading.recognize import ClueScores
from futoshiki.result import Doubt
from futoshiki.solving import Outcome, solve

MAX_COST = 9.0
"""Nats below the most likely reading at which the search gives up: one in 8,000."""
MAX_COST_OF_SEVERAL = 2.5
"""The same where the bare reading has several solutions. One in twelve: about as many real pictures show a puzzle
that has several, home-made ones above all."""
PRESENT, NOT_RULED_OUT = 0.6, 0.15
"""A clue is taken to be there from this probability on, where "nothing" has at least the other one: print is
clear, and what is half seen is mostly show-through, a stain or a pencil mark. The search can still bring it in."""
SPAN = 3.0
TIME_LIMIT = 0.25
SOLVE_LIMIT = 0.5
DOUBT_BELOW = 0.9
"""Probability of a clue below which it is listed as doubtful."""

Kind = Literal["cell", "across", "down"]
Place = tuple[Kind, int, int]


@dataclass(frozen=True)
class Reading:
    """The most likely puzzle that the rules allow.

    `confidence` is the probability of its solved grid among all readings considered; `outcome`
    what solving `puzzle` gave; `cost` the nats by which it is less likely than the bare reading.
    `misreads` is the number of wrong elements to be expected in the bare reading; `doubts` are the
    clues that were changed or read with doubt, `weakest` is the least certain one of all. Where time
    ran out before everything within `SPAN` had been tried (`cut_short`), the confidence may be too high, and where no
    solution was found there may be one.
    """

    puzzle: Puzzle
    outcome: Outcome
    confidence: float
    cost: float
    misreads: float
    doubts: tuple[Doubt, ...]
    weakest: Doubt | None = None
    cut_short: bool = False


@dataclass(frozen=True)
class _Option:
    """One other value of one element, `cost` nats less likely than the best."""

    cost: float
    place: Place
    value: int


class _Elements:
    """The elements of a board with their log-probabilities, and puzzles made from choices of values."""

    def __init__(self, scores: ClueScores) -> None:
        self.scores = scores
        self.size = scores.size
        self.tables: dict[Kind, np.ndarray] = {"cell": scores.cells, "across": scores.across, "down": scores.down}
        self.best: dict[Place, int] = {}
        self.options: list[_Option] = []
        for kind, table in self.tables.items():
            order = np.argsort(-table, axis=-1)
            for r in range(table.shape[0]):
                for c in range(table.shape[1]):
                    place: Place = (kind, r, c)
                    values = [int(value) for value in order[r, c]]
                    if np.exp(table[r, c, values[0]]) < PRESENT and np.exp(table[r, c, 0]) > NOT_RULED_OUT:
                        values.remove(0)
                        values.insert(0, 0)
                    first = values[0]
                    self.best[place] = first
                    for value in values[1:]:
                        cost = max(0.0, float(table[r, c, first] - table[r, c, value]))
                        if cost > MAX_COST:
                            break
                        if kind != "cell" or value <= self.size:
                            self.options.append(_Option(cost, place, value))
        self.options.sort(key=lambda option: option.cost)

    @property
    def chances(self) -> np.ndarray:
        """The probability of each element's value in the bare reading, one after the other."""
        return np.exp([self.tables[kind][r, c, value] for (kind, r, c), value in self.best.items()])

    @property
    def plain_confidence(self) -> float:
        """Probability that every element of the bare reading is right."""
        return float(np.prod(self.chances))

    def puzzle(self, changes: dict[Place, int]) -> Puzzle:
        values = {**self.best, **changes}
        givens = [(r, c, v) for (kind, r, c), v in values.items() if kind == "cell" and v]
        less = [sign for place, v in values.items() if (sign := sign_of(place, v)) is not None]
        return Puzzle.of(self.size, givens, less)


def sign_of(place: Place, value: int) -> Less | None:
    """The relation that a value of an edge stands for; None for a cell or no sign."""
    kind, r, c = place
    if kind == "cell" or value == 0:
        return None
    first, second = (r, c), ((r, c + 1) if kind == "across" else (r + 1, c))
    return (*first, *second) if value == 1 else (*second, *first)


def decode(scores: ClueScores, *, time_limit: float = TIME_LIMIT) -> Reading:
    """The most likely reading with exactly one solution, or the bare reading where there is none."""
    elements = _Elements(scores)
    plain = elements.puzzle({})
    first = solve(plain, timeout=SOLVE_LIMIT)
    if plain.is_full or not elements.options:
        return _reading(elements, {}, first, 1.0 if not elements.options else elements.plain_confidence, 0.0)
    search = _Search(elements, time.perf_counter() + time_limit)
    found = list(search.unique_readings(first))
    if not found:
        return replace(_reading(elements, {}, first, elements.plain_confidence, 0.0), cut_short=search.cut_short)
    weights: dict[Grid, float] = {}
    for cost, _, outcome in found:
        grid = outcome.solutions[0]
        weights[grid] = weights.get(grid, 0.0) + float(np.exp(-cost))
    cost, changes, outcome = found[0]
    share = weights[outcome.solutions[0]] / sum(weights.values())
    return replace(_reading(elements, changes, outcome, share, cost), cut_short=search.cut_short)


class _Search:
    """Best first through the changes of a board's elements; `cut_short` tells that time ran out."""

    def __init__(self, elements: _Elements, deadline: float) -> None:
        self.elements, self.deadline, self.cut_short = elements, deadline, False

    def unique_readings(self, first: Outcome) -> Iterator[tuple[float, dict[Place, int], Outcome]]:
        """Readings with one solution, most likely first, until `SPAN` nats beyond the first of them.

        `first` is what solving the bare reading gave.
        """
        elements, counter = self.elements, 0
        queue: list[tuple[float, int, frozenset[tuple[Place, int]]]] = [(0.0, 0, frozenset())]
        known = {frozenset[tuple[Place, int]]()}
        limit = MAX_COST_OF_SEVERAL if first.status == "several" else MAX_COST
        while queue:
            cost, _, chosen = heapq.heappop(queue)
            if cost > limit:
                return
            if chosen and time.perf_counter() > self.deadline:
                self.cut_short = True
                return
            changes = dict(chosen)
            outcome = first if not chosen else solve(elements.puzzle(changes), timeout=SOLVE_LIMIT)
            self.cut_short |= outcome.status == "timed_out"
            if outcome.status == "one":
                yield cost, changes, outcome
                limit = min(limit, cost + SPAN)
            useful = _usefulness(elements, outcome)
            for option in elements.options:
                total = cost + option.cost
                if total > limit:
                    break
                if option.place in changes or not useful(option):
                    continue
                child = chosen | {(option.place, option.value)}
                if child not in known:
                    known.add(child)
                    counter += 1
                    heapq.heappush(queue, (total, counter, child))


def _usefulness(elements: _Elements, outcome: Outcome) -> Callable[[_Option], bool]:
    """Which single changes can lead from this outcome to another solution or to a single one."""
    if outcome.status == "none":
        return lambda option: elements.best[option.place] != 0
    if outcome.status == "several":
        return lambda option: any(_contradicts(option, grid) for grid in outcome.solutions)
    if outcome.status == "one":
        # a change that the solution obeys leads to the same grid, or loses its uniqueness
        return lambda option: elements.best[option.place] != 0 or _contradicts(option, outcome.solutions[0])
    return lambda option: True


def _contradicts(option: _Option, grid: Grid) -> bool:
    """Whether a grid breaks the clue that the option sets."""
    kind, r, c = option.place
    if option.value == 0:
        return False
    if kind == "cell":
        return grid[r][c] != option.value
    sign = sign_of(option.place, option.value)
    return sign is not None and not grid[sign[0]][sign[1]] < grid[sign[2]][sign[3]]


def _reading(elements: _Elements, changes: dict[Place, int], outcome: Outcome, confidence: float, cost: float) -> Reading:
    wrong = float((1 - elements.chances).sum())
    doubts = tuple(_doubts(elements, changes))
    weakest = _doubt(elements, elements.options[0], changes) if elements.options else None
    return Reading(elements.puzzle(changes), outcome, confidence, cost, wrong, doubts, weakest)


def _doubts(elements: _Elements, changes: dict[Place, int]) -> Iterator[Doubt]:
    listed = set()
    for option in elements.options:
        doubt = _doubt(elements, option, changes)
        unsure = doubt.confidence < DOUBT_BELOW and option.place not in changes
        if option.place not in listed and (doubt.corrected or unsure):
            listed.add(option.place)
            yield doubt


def _doubt(elements: _Elements, option: _Option, changes: dict[Place, int]) -> Doubt:
    """The doubt whether an element is read right or should have been the option's value."""
    kind, r, c = option.place
    best = elements.best[option.place]
    other = (r, c + 1) if kind == "across" else (r + 1, c)
    return Doubt(
        read=_name(kind, best),
        confidence=round(float(np.exp(elements.tables[kind][r, c, best])), 4),
        instead=_name(kind, option.value),
        corrected=changes.get(option.place) == option.value,
        cell=(r, c) if kind == "cell" else None,
        sign=None if kind == "cell" else (r, c, *other),
    )


def _name(kind: Kind, value: int) -> str:
    if kind == "cell":
        return str(value) if value else "blank"
    return ("none", "<", ">")[value] if kind == "across" else ("none", "∧", "∨")[value]
