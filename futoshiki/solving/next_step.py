"""The placement that a person would see first: the one whose proof takes the least looking."""

from __future__ import annotations

from collections.abc import Iterator

from futoshiki.solving.budget import Budget
from futoshiki.solving.candidates import Candidates, Finding
from futoshiki.solving.diagnose import time_up
from futoshiki.solving.proof import Derivation, Fact, Proof, Proofs
from futoshiki.solving.rules import values_in
from futoshiki.solving.steps import Difficulty
from futoshiki.solving.techniques import (
    BOUNDS,
    EXCLUSION,
    HIDDEN_SINGLE,
    NAKED_SINGLE,
    TRIAL,
    Deduction,
    Technique,
    techniques,
)

DIGIT, SIGN = 1.0, 1.0
"""Effort of looking at a digit in the same row or column, and of following a sign to a neighbour. The other techniques
cost their points."""
COMBINING, READING_OFF = 1.0, 0.1
"""Effort of raising a bound because the value there is ruled out, and of seeing that a value lies beyond a bound."""


def easiest_placement(known: Candidates, budget: Budget) -> Proof | None:
    """The cheapest proof of a value in an empty cell; None where deduction ends.

    `known` starts with every value in every empty cell, and loses the values that are proved impossible on the way. Sets, fish
    and chains are looked for if digits and signs alone prove nothing, or nothing that is easier.

    Raises:
        TimeUp: the budget is used up.
    """
    proofs = Proofs()

    def take(derivations: Iterator[Derivation]) -> Proof | None:
        if not budget.left:
            raise time_up(budget)
        for kind, cell, value in proofs.add(derivations):
            if kind == "not":
                known.state[cell] &= ~(1 << value - 1)
        goals = (proofs.proof(goal) for goal in _placements(known, proofs))
        return min(goals, key=lambda proof: proof.cost, default=None)

    best = take(_from_digits_and_signs(known))
    harder = sorted((one for one in techniques(known.size) if one.level > Difficulty.EASY and one is not TRIAL), key=_points)
    number = 0
    while number < len(harder) and not known.broken:
        technique = harder[number]
        if best and best.cost <= technique.cost:
            break
        findings = list(technique.find(known))
        if findings:
            best = take(_from_findings(technique, findings, known))
        number = 0 if findings else number + 1
    return best


def _points(technique: Technique) -> int:
    return technique.cost


def _from_digits_and_signs(known: Candidates) -> Iterator[Derivation]:
    """What follows from the digits that are filled in and from the signs."""
    rules, size, placed = known.rules, known.size, known.placed
    values = {cell: known.state[cell].bit_length() for cell in placed}
    for cell, value in values.items():
        deduction = Deduction(EXCLUSION, Finding((cell,)))
        for peer in rules.peers[cell]:
            if peer not in placed:
                yield Derivation(Fact("not", peer, value), (), DIGIT, deduction)
    for low, greater in enumerate(rules.greater):
        for high in greater:
            if high not in placed:
                yield from _raised(low, high, values.get(low, 0), size)
            if low not in placed:
                yield from _lowered(low, high, values.get(high, 0), size)
    for cell in range(size * size):
        if cell not in placed:
            yield from _combined(cell, size)


def _raised(low: int, high: int, value: int, size: int) -> Iterator[Derivation]:
    """What the smaller cell, which holds `value` or is empty (0), says of the greater one."""
    for least in range(1, value + 1 if value else size):
        needs = () if value or least == 1 else (Fact("least", low, least),)
        finding = Finding((low, high), ((high, (1 << least) - 1),), bound=least)
        yield Derivation(Fact("least", high, least + 1), needs, SIGN, Deduction(BOUNDS, finding))


def _lowered(low: int, high: int, value: int, size: int) -> Iterator[Derivation]:
    """What the greater cell, which holds `value` or is empty (0), says of the smaller one."""
    for most in range(size, value - 1 if value else 1, -1):
        needs = () if value or most == size else (Fact("most", high, most),)
        finding = Finding((low, high), ((low, (1 << size) - (1 << most - 1)),), bound=most)
        yield Derivation(Fact("most", low, most - 1), needs, SIGN, Deduction(BOUNDS, finding))


def _combined(cell: int, size: int) -> Iterator[Derivation]:
    """How the bounds of a cell and the values that are ruled out there follow from each other."""
    for value in range(1, size):
        below = (Fact("least", cell, value),) if value > 1 else ()
        yield Derivation(Fact("least", cell, value + 1), (*below, Fact("not", cell, value)), COMBINING)
        yield Derivation(Fact("not", cell, value), (Fact("least", cell, value + 1),), READING_OFF)
    for value in range(2, size + 1):
        above = (Fact("most", cell, value),) if value < size else ()
        yield Derivation(Fact("most", cell, value - 1), (*above, Fact("not", cell, value)), COMBINING)
        yield Derivation(Fact("not", cell, value), (Fact("most", cell, value - 1),), READING_OFF)


def _from_findings(technique: Technique, findings: list[Finding], known: Candidates) -> Iterator[Derivation]:
    """What sets, fish and chains strike, with the candidates that must be gone before."""
    for finding in findings:
        needs = tuple(
            Fact("not", cell, value)
            for cell, mask in technique.premises(finding, known.size)
            if cell not in known.placed
            for value in values_in(mask)
        )
        for cell, mask in finding.struck:
            for value in values_in(mask):
                yield Derivation(Fact("not", cell, value), needs, technique.cost, Deduction(technique, finding))


def _placements(known: Candidates, proofs: Proofs) -> Iterator[Derivation]:
    """Every value that is the only one left for its cell, or has only one place left in its row or column."""
    for technique in (HIDDEN_SINGLE, NAKED_SINGLE):
        for finding in technique.find(known):
            cell, bit = finding.placed or (0, 0)
            value = bit.bit_length()
            if finding.line:
                others = (other for other in finding.line if other != cell and other not in known.placed)
                needs = tuple(Fact("not", other, value) for other in others)
            else:
                needs = _others_ruled_out(cell, value, known.size, proofs)
            finding = finding._replace(struck=((cell, (1 << known.size) - 1 & ~bit),) if finding.line else ())
            yield Derivation(Fact("is", cell, value), needs, technique.cost, Deduction(technique, finding))


def _others_ruled_out(cell: int, value: int, size: int, proofs: Proofs) -> tuple[Fact, ...]:
    """The cheapest facts that leave a cell that value only: bounds on both sides of it, and other values in between."""
    below = [
        (*((Fact("least", cell, least),) if least > 1 else ()), *(Fact("not", cell, other) for other in range(least, value)))
        for least in range(1, value + 1)
    ]
    above = [
        (
            *((Fact("most", cell, most),) if most < size else ()),
            *(Fact("not", cell, other) for other in range(value + 1, most + 1)),
        )
        for most in range(value, size + 1)
    ]
    return (*proofs.cheapest(below), *proofs.cheapest(above))
