"""How much a player has to read and to look at: the lengths of hints along the whole way of generated puzzles.

usage: python benchmarks/hints.py [--puzzles 1000] [--examples 10] [--seed 0]

The puzzles are of all grades and of sizes 4 to 9 in turn. From the givens on, each hint is followed, so that every step of every
way counts once. Prints the characters and sentences of the reason (level 2), the number of cells that it marks, and the time of
the processor.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress

from futoshiki.errors import PuzzleError
from futoshiki.notation import format_game_id
from futoshiki.puzzle import Puzzle
from futoshiki.solving.generate import generate
from futoshiki.solving.hints import Hint, hint
from futoshiki.solving.steps import Difficulty

SIZES = range(4, 10)
SENTENCE_END = re.compile(r"\.(?= |$)")


def puzzles(count: int, seed: int) -> Iterator[Puzzle]:
    """Puzzles of every size and grade in turn; what no seed gives is left out."""
    kinds = [(size, grade) for size in SIZES for grade in Difficulty]
    made = 0
    while made < count:
        size, grade = kinds[made % len(kinds)]
        with suppress(PuzzleError):
            yield generate(size, grade, seed + made)
        made += 1


def way(puzzle: Puzzle) -> Iterator[tuple[Hint, float]]:
    """Every hint from the givens to the solution, and the seconds of processor time that it took."""
    entries: list[tuple[int, int, int]] = []
    while True:
        started = time.process_time()
        found = hint(puzzle, entries)
        if not found.placed:
            return
        yield found, time.process_time() - started
        entries.append(found.placed)


def shown(name: str, values: list[float], digits: int = 0) -> str:
    ordered = sorted(values)
    ninety_fifth = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    middle = statistics.median(ordered)
    return f"{name:<23} {middle:8.{digits}f} {ninety_fifth:8.{digits}f} {ordered[-1]:8.{digits}f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--puzzles", type=int, default=1000)
    parser.add_argument("--examples", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    found: list[tuple[str, Hint, float]] = []
    for puzzle in puzzles(options.puzzles, options.seed):
        game_id = format_game_id(puzzle)
        found += [(game_id, step, seconds) for step, seconds in way(puzzle)]
    reasons = [step.why for _, step, _ in found]
    print(f"{len(found)} hints of {options.puzzles} puzzles  median, 95th percentile, worst")
    print(shown("characters", [len(reason) for reason in reasons]))
    print(shown("sentences", [len(SENTENCE_END.findall(reason)) for reason in reasons]))
    print(shown("cells marked", [len(step.cells) for _, step, _ in found]))
    print(shown("processor milliseconds", [1000 * seconds for *_, seconds in found], 1))
    guesses = sum(step.kind == "guess" for _, step, _ in found)
    print(f"where deduction ends    {guesses}")
    for game_id, step, _ in random.Random(options.seed).sample(found, min(options.examples, len(found))):
        print(f"\n{game_id}\n  {step.why}")


if __name__ == "__main__":
    main()
