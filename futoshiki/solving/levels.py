"""How far the techniques of a level get, without saying how: what `explain` finds, some twenty times as fast.

Deductions only ever strike candidates, so the order in which they are made does not matter, and
all sets of a line (or all fish of a value) can be found at once as Hall sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from futoshiki.puzzle import Puzzle
from futoshiki.solving.rules import Rules, State
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Difficulty


def level(puzzle: Puzzle) -> Difficulty | None:
    """The easiest level whose techniques solve the puzzle; None if it has no solution or several."""
    return next((difficulty for difficulty in Difficulty if solvable(puzzle, difficulty)), None)


def solvable(puzzle: Puzzle, difficulty: Difficulty, *, max_nodes: int | None = None) -> bool:
    """Whether the techniques up to that level solve the puzzle; with RECURSIVE, whether it has one solution.

    `max_nodes` limits the search that only RECURSIVE needs: a puzzle that takes more counts as not solvable.
    """
    if difficulty is Difficulty.RECURSIVE:
        return solve(puzzle, max_nodes=max_nodes).status == "one"
    rules = _LevelRules.of(puzzle if difficulty >= Difficulty.EASY else Puzzle(puzzle.size, puzzle.givens))
    rules.pairs = difficulty >= Difficulty.TRICKY
    state = rules.start()
    while state is not None:
        if not any(mask & (mask - 1) for mask in state):
            n = puzzle.size  # TRIVIAL has not looked at the signs
            return all(state[r1 * n + c1] < state[r2 * n + c2] for r1, c1, r2, c2 in puzzle.less)
        struck = _strike(rules, state, difficulty)
        if not struck or not all(state) or not rules.propagate(state, struck):
            return False
    return False


class _LevelRules(Rules):
    """The search's rules, with naked pairs only where they are allowed."""

    pairs = True

    def _strike_pair(self, state: State, line: tuple[int, ...], pair: int, changed: list[int]) -> bool:
        return super()._strike_pair(state, line, pair, changed) if self.pairs else True


def _strike(rules: Rules, state: State, difficulty: Difficulty) -> list[int]:
    """Strike what the harder techniques of the level can; the cells that lost a candidate."""
    struck: list[int] = []
    if difficulty >= Difficulty.TRICKY:
        for line in rules.lines:
            struck += _sets(state, line)
    if not struck and difficulty >= Difficulty.EXTREME:
        for value in range(rules.size):
            struck += _fish(rules.size, state, value)
        if not struck:
            struck = _forcing_chain(rules, state)
    return struck


def _hall_sets(masks: list[int]) -> Iterator[tuple[int, int]]:
    """Every subset of the masks (bit k for masks[k]) that has as many values as members, and those values."""
    union = [0] * (1 << len(masks))
    for subset in range(1, len(union) - 1):
        low = subset & -subset
        values = union[subset] = union[subset ^ low] | masks[low.bit_length() - 1]
        if values.bit_count() <= subset.bit_count():
            yield subset, values


def _sets(state: State, line: tuple[int, ...]) -> list[int]:
    """Naked and hidden sets of a line."""
    cells = [cell for cell in line if state[cell] & (state[cell] - 1)]
    struck = []
    for subset, values in _hall_sets([state[cell] for cell in cells]):
        for k, cell in enumerate(cells):
            if not subset >> k & 1 and state[cell] & values:
                state[cell] &= ~values
                struck.append(cell)
    return struck


def _fish(size: int, state: State, value: int) -> list[int]:
    """X-wings and their larger kin of one value (0-based)."""
    bit = 1 << value
    places = [sum(1 << c for c in range(size) if state[r * size + c] & bit) for r in range(size)]
    rows = [r for r in range(size) if places[r] & (places[r] - 1)]
    struck = []
    for subset, columns in _hall_sets([places[r] for r in rows]):
        for k, r in enumerate(rows):
            if subset >> k & 1:
                continue
            for c in range(size):
                cell = r * size + c
                if columns >> c & 1 and state[cell] & bit:
                    state[cell] &= ~bit
                    struck.append(cell)
    return struck


def _forcing_chain(rules: Rules, state: State) -> list[int]:
    """A candidate that goes whichever of a cell's two candidates holds."""
    for cell, mask in enumerate(state):
        if mask.bit_count() != 2:
            continue
        low = mask & -mask
        first, second = _follow(rules, state, cell, low), _follow(rules, state, cell, mask ^ low)
        for other in first.keys() & second.keys():
            gone = first[other] & second[other] & state[other]
            if other != cell and gone:
                state[other] &= ~gone
                return [other]
    return []


def _follow(rules: Rules, state: State, start: int, bit: int) -> dict[int, int]:
    """What goes, cell by cell, when `start` holds `bit` and each cell with two candidates that loses one passes it on."""
    held = {start: bit}
    queue, gone = [start], dict[int, int]()
    for cell in queue:
        value = held[cell]
        for peer in rules.peers[cell]:
            mask = held.get(peer, state[peer])
            if mask & value:
                gone[peer] = gone.get(peer, 0) | value
                if mask.bit_count() == 2:
                    held[peer] = mask & ~value
                    queue.append(peer)
    return gone
