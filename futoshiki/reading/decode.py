"""Where reading and solving meet: the most likely reading that a published puzzle can have.

A published puzzle has exactly one solution. The most probable reading is taken if it has one. Otherwise its least certain
clues are exchanged, best first, until the solver agrees:

- a reading without a solution is corrected only by changing a clue that is present,
- one with several solutions only by a clue that tells two of them apart.

That is complete within the alternatives considered. The search goes on to `SPAN` nats beyond the first reading found; the
share of the probability that falls on its solved grid is its confidence. Changes that a reading's only solution obeys are
not followed: they lead to no other grid.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.board_result import Doubt
from futoshiki.notation import value_text
from futoshiki.puzzle import Edge, Grid, Place, Puzzle
from futoshiki.reading.limits import Limits
from futoshiki.reading.scores import ClueScores
from futoshiki.solving import Outcome, solve

MAX_COST = 9.0
"""Nats below the most likely reading at which the search gives up: one in 8,000."""
MAX_COST_OF_SEVERAL = 2.5
"""The same where the plain reading has several solutions: one in twelve. About as many real pictures show a puzzle that
has several, mostly home-made ones."""
PRESENT, NOT_RULED_OUT = 0.6, 0.15
"""A clue less probable than the first counts as absent if "nothing" is more probable than the second. Print is clear; what is
half visible is mostly show-through, a stain or a pencil mark. The search can still bring it in."""
SPAN = 3.0
"""Nats beyond the first reading found, within which others compete with it."""
DOUBT_BELOW = 0.9
"""Probability of a clue below which it is listed as doubtful."""

Changes = dict[Place, int]


@dataclass(frozen=True)
class Reading:
    """The most likely puzzle that the rules allow.

    `outcome` is what solving `puzzle` gave, `confidence` the probability of its solved grid among all readings considered,
    `cost` the nats by which it is less likely than the plain reading. `doubts` are the clues that were corrected or read
    with doubt, `weakest` is the least certain of all. If a limit was reached before everything within `SPAN` had been tried
    (`cut_short`), the confidence may be too high, and if no solution was found there may be one.
    """

    puzzle: Puzzle
    outcome: Outcome
    confidence: float
    cost: float
    doubts: tuple[Doubt, ...]
    weakest: Doubt | None = None
    cut_short: bool = False


@dataclass(frozen=True)
class _Option:
    """Another value of one place, `cost` nats less likely than the plain one."""

    cost: float
    place: Place
    value: int


class _Options:
    """The plain reading of a board, the other values of its places by cost, and puzzles made from them."""

    def __init__(self, scores: ClueScores) -> None:
        self.scores = scores
        self.plain: Changes = {}
        self.others: list[_Option] = []
        present, not_ruled_out = np.log(PRESENT), np.log(NOT_RULED_OUT)
        for place in scores.places():
            row = scores.at(place)
            values = np.argsort(-row).tolist()
            if row[values[0]] < present and row[0] > not_ruled_out:
                values.remove(0)
                values.insert(0, 0)
            first, *rest = values
            self.plain[place] = first
            for value in rest:
                cost = max(0.0, float(row[first] - row[value]))
                if cost > MAX_COST:
                    break
                if isinstance(place, Edge) or value <= scores.size:
                    self.others.append(_Option(cost, place, value))
        self.others.sort(key=lambda option: option.cost)
        self._clues = {place: value for place, value in self.plain.items() if value}

    @property
    def plain_confidence(self) -> float:
        """Probability that every value of the plain reading is right."""
        return float(np.exp(sum(self.scores.at(place)[value] for place, value in self.plain.items())))

    def puzzle(self, changes: Changes) -> Puzzle:
        """The plain reading with some values changed."""
        clues = {**self._clues, **changes}
        givens = [(*place, value) for place, value in clues.items() if value and not isinstance(place, Edge)]
        less = [place.less(value) for place, value in clues.items() if value and isinstance(place, Edge)]
        return Puzzle.of(self.scores.size, givens, less)


def decode(scores: ClueScores, limits: Limits | None = None) -> Reading:
    """The most likely reading with exactly one solution, or the plain reading if there is none."""
    limits = limits or Limits()
    options = _Options(scores)
    plain = options.puzzle({})
    first = solve(plain, max_nodes=limits.nodes)
    if plain.is_full or not options.others:
        return _reading(options, {}, first, options.plain_confidence if options.others else 1.0, 0.0)
    search = _Search(options, limits)
    found = list(search.unique_readings(first))
    if not found:
        return replace(_reading(options, {}, first, options.plain_confidence, 0.0), cut_short=search.cut_short)
    weights: dict[Grid, float] = {}
    for cost, _, outcome in found:
        grid = outcome.solutions[0]
        weights[grid] = weights.get(grid, 0.0) + float(np.exp(-cost))
    cost, changes, outcome = found[0]
    share = weights[outcome.solutions[0]] / sum(weights.values())
    return replace(_reading(options, changes, outcome, share, cost), cut_short=search.cut_short)


class _Search:
    """Best-first search through the changes of a reading; `cut_short` tells that a limit was reached."""

    def __init__(self, options: _Options, limits: Limits) -> None:
        self._options, self._limits = options, limits
        self.cut_short = False

    def unique_readings(self, first: Outcome) -> Iterator[tuple[float, Changes, Outcome]]:
        """Readings with one solution, most likely first, until `SPAN` nats beyond the first of them.

        `first` is what solving the plain reading gave.
        """
        options, limits = self._options, self._limits
        queue: list[tuple[float, int, frozenset[tuple[Place, int]]]] = [(0.0, 0, frozenset())]
        known = {frozenset[tuple[Place, int]]()}
        limit = MAX_COST_OF_SEVERAL if first.status == "several" else MAX_COST
        tried, nodes = 0, first.nodes
        while queue:
            cost, _, chosen = heapq.heappop(queue)
            if cost > limit:
                return
            if chosen and (tried >= limits.readings or nodes >= limits.nodes):
                self.cut_short = True
                return
            changes = dict(chosen)
            outcome = solve(options.puzzle(changes), max_nodes=limits.nodes - nodes) if chosen else first
            if chosen:
                tried, nodes = tried + 1, nodes + outcome.nodes
            self.cut_short |= outcome.status == "timed_out"
            if outcome.status == "one":
                yield cost, changes, outcome
                limit = min(limit, cost + SPAN)
            useful = _usefulness(options.plain, outcome)
            for option in options.others:
                total = cost + option.cost
                if total > limit:
                    break
                if option.place in changes or not useful(option):
                    continue
                child = chosen | {(option.place, option.value)}
                if child not in known:
                    known.add(child)
                    heapq.heappush(queue, (total, len(known), child))


def _usefulness(plain: Changes, outcome: Outcome) -> Callable[[_Option], bool]:
    """Which single changes can lead from this outcome to another solution or to a single one."""
    if outcome.status == "none":
        return lambda option: plain[option.place] != 0
    if outcome.status == "several":
        return lambda option: any(_contradicts(option, grid) for grid in outcome.solutions)
    if outcome.status == "one":
        # A change that the solution obeys leads to the same grid, or the solution is no longer the only one.
        return lambda option: plain[option.place] != 0 or _contradicts(option, outcome.solutions[0])
    return lambda option: True


def _contradicts(option: _Option, grid: Grid) -> bool:
    """Whether a grid breaks the clue that the option sets."""
    place = option.place
    if option.value == 0:
        return False
    if not isinstance(place, Edge):
        return grid[place.row][place.column] != option.value
    r1, c1, r2, c2 = place.less(option.value)
    return grid[r1][c1] >= grid[r2][c2]


def _reading(options: _Options, changes: Changes, outcome: Outcome, confidence: float, cost: float) -> Reading:
    doubts = tuple(_doubts(options, changes))
    weakest = _doubt(options, options.others[0], changes) if options.others else None
    return Reading(options.puzzle(changes), outcome, confidence, cost, doubts, weakest)


def _doubts(options: _Options, changes: Changes) -> Iterator[Doubt]:
    """A doubt for each place that was corrected or is unsure, the least certain first."""
    listed = set()
    for option in options.others:
        if option.place in listed:
            continue
        doubt = _doubt(options, option, changes)
        if doubt.corrected or (doubt.confidence < DOUBT_BELOW and option.place not in changes):
            listed.add(option.place)
            yield doubt


def _doubt(options: _Options, option: _Option, changes: Changes) -> Doubt:
    """The doubt whether a place was read right or should have the option's value."""
    place, plain = option.place, options.plain[option.place]
    confidence = round(float(np.exp(options.scores.at(place)[plain])), 4)
    return Doubt(place, value_text(place, plain), confidence, value_text(place, option.value), changes.get(place) == option.value)
