"""From what was seen of a board to its answer: which digits are given, the reading that the rules favour, and the verdict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from futoshiki.board_result import BoardResult, Point
from futoshiki.puzzle import Clue, Edge, Puzzle
from futoshiki.reading.confidence import share_of
from futoshiki.reading.decode import Reading, decode
from futoshiki.reading.found import Found, Sighting
from futoshiki.reading.limits import Limits, Stopwatch
from futoshiki.reading.scores import ClueScores
from futoshiki.reading.trust import judge
from futoshiki.solving import solve

CONFIRMING = 3
"""Digits that must agree with a reading in which all signs are turned. If every digit of a solution is taken from N + 1, it obeys
the turned signs, so that they fit one misread digit by chance in a sixth of the cases, two in a twentieth, three hardly ever."""


def answer(
    sighting: Sighting, limits: Limits, watch: Stopwatch, *, clues: tuple[Clue, ...] = (), reading: Reading | None = None
) -> Found:
    """The answer to a board as it was seen, with the geometry of the upright puzzle.

    `clues` are beyond doubt; `reading` is that of all digits, printed or by hand, if it is known already.
    """
    sighting, reading, mixed = _best_reading(sighting, limits, watch, clues, reading)
    if reading.outcome.status == "none" and _has_turned_signs(reading.puzzle):
        sighting = replace(sighting, scores=sighting.scores.with_signs_turned)
        reading = decoded(sighting.printed.settled(clues), limits, watch)
    puzzle, outcome = reading.puzzle, reading.outcome
    entries = sighting.handwriting.entries(puzzle.givens)
    written = {(r, c) for r, c, _ in entries}
    doubts = tuple(doubt for doubt in reading.doubts if isinstance(doubt.place, Edge) or doubt.place not in written)
    verdict = judge(reading, sighting, sighting.printed.settled(clues), mixed=mixed)
    upright = sighting.board.oriented(sighting.scores.orientation)
    result = BoardResult(
        status=verdict.status,
        puzzle=puzzle,
        confidence=round(verdict.confidence, 4),
        corners=tuple(_rounded(point * sighting.scale) for point in upright.corners),
        cells=tuple(tuple(_rounded(point * sighting.scale) for point in row) for row in upright.cells),
        solution=outcome.solution,
        solutions=len(outcome.solutions),
        complete=puzzle.is_full,
        doubts=doubts,
        cut=verdict.cut,
        entries=entries,
        sighting=sighting,
    )
    found = Found(sighting, reading, result, verdict.clear, verdict.sure)
    return found.as_doubtful if verdict.status == "doubtful" else found


def decoded(scores: ClueScores, limits: Limits, watch: Stopwatch) -> Reading:
    """The most likely reading of those scores; what decoding and solving took goes to the stopwatch."""
    with watch.stage("decode"):
        reading = decode(scores, limits)
    watch.move("decode", "solve", reading.outcome.seconds * 1000)
    return reading


def _best_reading(
    sighting: Sighting, limits: Limits, watch: Stopwatch, clues: tuple[Clue, ...], everything: Reading | None
) -> tuple[Sighting, Reading, bool]:
    """The sighting that says what the player has entered, the reading that the rules favour, and whether that leaves a doubt.

    The reading is that of print alone or of all digits. Digits that look written by hand are givens if they make the
    solution the only one; where the board clearly holds both print and handwriting, this is doubtful. Digits are also givens
    if they are all the same one and change nothing about the answer: print in an unusual form looks like handwriting.
    """
    if everything is None or clues:
        everything = decoded(sighting.scores.settled(clues), limits, watch)
    if not sighting.handwriting.is_there:
        return (*_reading_by_ink(sighting, limits, watch, clues, everything), False)
    printed = decoded(sighting.printed.settled(clues), limits, watch)
    if everything.outcome.status != "one" or printed.outcome.status not in ("one", "several"):
        return sighting, printed, False
    if printed.outcome.status == "several":
        return sighting, everything, sighting.handwriting.is_beside_print(everything.puzzle.givens)
    agree = printed.outcome.solutions == everything.outcome.solutions and sighting.handwriting.is_one_digit
    if agree and share_of(everything) >= share_of(printed):
        return sighting, everything, False
    return sighting, _without_entries(printed, sighting, limits, watch, clues), False


def _reading_by_ink(
    sighting: Sighting, limits: Limits, watch: Stopwatch, clues: tuple[Clue, ...], everything: Reading
) -> tuple[Sighting, Reading]:
    """The reading without the digits in the player's ink, if just one of two inks leaves a puzzle with one solution.

    A board that is complete and breaks no rule needs no such guess.
    """
    if everything.puzzle.is_full and everything.outcome.status == "one":
        return sighting, everything
    readings = [(one, decoded(one.printed.settled(clues), limits, watch)) for one in sighting.by_ink()]
    unique = [(one, reading) for one, reading in readings if reading.outcome.status == "one" and not reading.cost]
    return unique[0] if len(unique) == 1 else (sighting, everything)


def _without_entries(reading: Reading, sighting: Sighting, limits: Limits, watch: Stopwatch, clues: tuple[Clue, ...]) -> Reading:
    """The reading of print without those givens that may be written by hand and that its only solution does not need.

    Whatever a player enters follows from the printed clues; a printed clue seldom follows from the others.
    """
    if reading.outcome.status != "one" or reading.puzzle.is_full or sighting.handwriting.is_one_digit:
        return reading
    puzzle, blanks = reading.puzzle, []
    for cell in sighting.handwriting.possible_entries(puzzle.givens):
        blank = Clue(cell, 0)
        without = puzzle.with_clue(blank)
        if all(clue.place != cell for clue in clues) and solve(without, max_nodes=limits.nodes).status == "one":
            puzzle = without
            blanks.append(blank)
    return decoded(sighting.printed.settled((*clues, *blanks)), limits, watch) if blanks else reading


def _has_turned_signs(puzzle: Puzzle) -> bool:
    """Whether a puzzle without a solution has exactly one if every sign means the opposite, which enough digits confirm.

    Publishers do not agree on which side of half a disc, for one, is the tip.
    """
    turned = replace(puzzle, less=tuple((r2, c2, r1, c1) for r1, c1, r2, c2 in puzzle.less))
    return len(puzzle.given_cells) >= CONFIRMING and solve(turned).status == "one"


def _rounded(point: np.ndarray) -> Point:
    return round(float(point[0]), 2), round(float(point[1]), 2)
