"""The deductions that a placement needs, out of all those made before it."""

from __future__ import annotations

from collections.abc import Sequence

from futoshiki.solving.candidates import Finding, Marks
from futoshiki.solving.techniques import Deduction


def proof(path: Sequence[Deduction], goal: Deduction, size: int) -> list[Deduction]:
    """The deductions that `goal` needs, in order, each cut down to what is needed of it, and the goal itself.

    Walks backwards: a deduction is kept if it strikes a candidate that must be gone before something later holds.
    """
    needed = dict(goal.technique.premises(goal.finding, size))
    kept = [goal]
    for technique, finding in reversed(path):
        struck = tuple((cell, mask & needed[cell]) for cell, mask in finding.struck if mask & needed.get(cell, 0))
        if struck:
            finding = _cut_down(finding, struck)
            kept.append(Deduction(technique, finding))
            for cell, mask in technique.premises(finding, size):
                needed[cell] = needed.get(cell, 0) | mask
    return kept[::-1]


def _cut_down(finding: Finding, struck: Marks) -> Finding:
    """The finding with only those removals, and a bound that is no tighter than they need."""
    if finding.bound:
        ((_, mask),) = struck
        bound = mask.bit_length() if finding.raises else (mask & -mask).bit_length()
        return finding._replace(struck=struck, bound=bound)
    return finding._replace(struck=struck)
