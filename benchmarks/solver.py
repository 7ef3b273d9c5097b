"""Comparison of solvers on the graded corpus: CPU time to find a solution and to prove that it is the only one.

usage: python benchmarks/solver.py [--engines core,model,...] [--groups 9-recursive,...] [--timeout 20] [--limit 100]

Each engine runs in a process of its own; imports are not counted. Engines that are not installed are skipped: pip install
ortools python-sat clingo. After three time-outs in a group its remaining puzzles are skipped. corpus.tsv was made with Simon
Tatham's `unequal --generate`. Its columns are group, number of solutions (0, 1, 2+, ?), game ID, note.
"""

from __future__ import annotations

import argparse
import csv
import gc
import importlib.util
import math
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from futoshiki.notation import parse_game_id
from futoshiki.puzzle import Puzzle

CORPUS = Path(__file__).with_name("corpus.tsv")
COUNTS = {"0": 0, "1": 1, "2+": 2}
"""Solutions to count, up to two, by the corpus's column; it is unknown where that has a question mark."""
MAX_TIMEOUTS = 3
"""Time-outs of an engine in a group after which the rest of the group is skipped."""
Engine = Callable[[Puzzle, float], int | None]
"""Counts the solutions of a puzzle, up to two; None if that takes longer than the given seconds."""

NAMES = {
    "core": "this core",
    "model": "python-constraint, this solver",
    "recursive": "python-constraint, its recursive solver",
    "optimized": "python-constraint, its default solver",
    "glucose4": "python-sat, glucose4",
    "clingo": "clingo",
    "cpsat": "OR-Tools CP-SAT, 1 worker",
}
NEEDS = {"glucose4": "pysat", "clingo": "clingo", "cpsat": "ortools"}
"""Modules that engines need besides this package."""


def core() -> Engine:
    from futoshiki.solving import solve

    def count(puzzle: Puzzle, seconds: float) -> int | None:
        outcome = solve(puzzle, timeout=seconds)
        return None if outcome.status == "timed_out" else len(outcome.solutions)

    return count


def model(engine: str) -> Engine:
    from futoshiki.solving.model import solve_model

    def count(puzzle: Puzzle, seconds: float) -> int | None:
        outcome = solve_model(puzzle, engine=engine, timeout=seconds)  # type: ignore[arg-type]
        return None if outcome.status == "timed_out" else len(outcome.solutions)

    return count


def glucose4() -> Engine:
    """One variable for each cell and value; signs as clauses over the order of values."""
    from threading import Timer

    from pysat.solvers import Solver

    def count(puzzle: Puzzle, seconds: float) -> int | None:
        n = puzzle.size
        values = range(n)

        def x(r: int, c: int, v: int) -> int:
            return (r * n + c) * n + v + 1

        clauses = []
        for a in values:
            for b in values:
                for group in ([x(a, b, k) for k in values], [x(a, k, b) for k in values], [x(k, a, b) for k in values]):
                    clauses.append(group)
                    clauses += [[-p, -q] for k, p in enumerate(group) for q in group[k + 1 :]]
        clauses += [[x(r, c, v - 1)] for r, c, v in puzzle.given_cells]
        for r1, c1, r2, c2 in puzzle.less:
            clauses += [[-x(r1, c1, v), -x(r2, c2, w)] for v in values for w in range(v + 1)]
        with Solver(name="glucose4", bootstrap_with=clauses) as solver:
            timer = Timer(seconds, solver.interrupt)
            timer.start()
            found = 0
            while found < 2:
                answer = solver.solve_limited(expect_interrupt=True)
                if answer is None:
                    return None
                if not answer:
                    break
                found += 1
                solver.add_clause([-k for k in solver.get_model()[: n**3] if k > 0])
            timer.cancel()
            return found

    return count


def clingo() -> Engine:
    import clingo as asp

    rules = """
    1 {x(R,C,1..n)} 1 :- R=1..n, C=1..n.  1 {x(R,1..n,V)} 1 :- R=1..n, V=1..n.  1 {x(1..n,C,V)} 1 :- C=1..n, V=1..n.
    :- given(R,C,V), not x(R,C,V).
    :- less(A,B,C,D), x(A,B,V), x(C,D,W), V >= W.
    #show x/3.
    """

    def count(puzzle: Puzzle, seconds: float) -> int | None:
        control = asp.Control(["2", f"-c n={puzzle.size}"], message_limit=0)
        facts = [f"given({r + 1},{c + 1},{v})." for r, c, v in puzzle.given_cells]
        facts += [f"less({','.join(str(k + 1) for k in sign)})." for sign in puzzle.less]
        control.add("base", [], rules + " ".join(facts))
        control.ground([("base", [])])
        found = 0
        with control.solve(yield_=True, async_=True) as handle:
            end = time.perf_counter() + seconds
            while True:
                handle.resume()
                if not handle.wait(max(end - time.perf_counter(), 0)):
                    handle.cancel()
                    return None
                if handle.model() is None:
                    return found
                found += 1

    return count


def cpsat_model(puzzle: Puzzle) -> tuple[Any, list[list[Any]]]:
    """The puzzle for OR-tools' CP-SAT: the model, and a variable for each cell."""
    from ortools.sat.python import cp_model

    n = puzzle.size
    declared = cp_model.CpModel()
    x = [[declared.new_int_var(1, n, f"{r},{c}") for c in range(n)] for r in range(n)]
    for k in range(n):
        declared.add_all_different(x[k])
        declared.add_all_different([row[k] for row in x])
    for r, c, v in puzzle.given_cells:
        declared.add(x[r][c] == v)
    for r1, c1, r2, c2 in puzzle.less:
        declared.add(x[r1][c1] < x[r2][c2])
    return declared, x


def cpsat() -> Engine:
    from ortools.sat.python import cp_model

    def count(puzzle: Puzzle, seconds: float) -> int | None:
        declared, x = cpsat_model(puzzle)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        found = 0
        end = time.perf_counter() + seconds
        while found < 2:
            solver.parameters.max_time_in_seconds = max(end - time.perf_counter(), 0.001)
            status = solver.solve(declared)
            if status == cp_model.UNKNOWN:
                return None
            if status == cp_model.INFEASIBLE:
                break
            found += 1
            differs = []
            for row in x:
                for cell in row:
                    value, other = solver.value(cell), declared.new_bool_var("")
                    declared.add(cell != value).only_enforce_if(other)
                    differs.append(other)
            declared.add_bool_or(differs)
        return found

    return count


MAKERS: dict[str, Callable[[], Engine]] = {
    "core": core,
    "model": lambda: model("core"),
    "recursive": lambda: model("recursive"),
    "optimized": lambda: model("optimized"),
    "glucose4": glucose4,
    "clingo": clingo,
    "cpsat": cpsat,
}
Times = dict[str, list[float | None]]


def run(name: str, groups: dict[str, list[tuple[str, str]]], timeout: float) -> tuple[Times, list[str]]:
    """CPU milliseconds of every puzzle by group (None for a time-out), and the game IDs with a wrong count."""
    engine = MAKERS[name]()
    times: Times = {}
    wrong = []
    engine(parse_game_id("3:1,0,0,0,0,0,0,0,2,"), timeout)  # load what is loaded on first use
    gc.disable()
    for group, rows in groups.items():
        spent = times.setdefault(group, [])
        for count, game_id in rows:
            if spent.count(None) == MAX_TIMEOUTS:
                break
            puzzle = parse_game_id(game_id)
            started = time.process_time()
            found = engine(puzzle, timeout)
            spent.append((time.process_time() - started) * 1000 if found is not None else None)
            if found is not None and count in COUNTS and found != COUNTS[count]:
                wrong.append(game_id)
    return times, wrong


def middle(spent: list[float | None]) -> float:
    """The median; a time-out counts as infinitely long."""
    return statistics.median(float("inf") if ms is None else ms for ms in spent)


def summary(spent: list[float | None]) -> str:
    """Median / p95 / max."""
    ordered = sorted(float("inf") if ms is None else ms for ms in spent)
    figures = (middle(spent), ordered[math.ceil(0.95 * len(ordered)) - 1], ordered[-1])
    return " / ".join("time-out" if ms == float("inf") else f"{ms:.2g}" if ms < 10 else f"{ms:.0f}" for ms in figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engines", default=",".join(NAMES))
    parser.add_argument("--groups", default="", help="comma-separated prefixes of group names")
    parser.add_argument("--timeout", type=float, default=20.0, help="seconds per puzzle")
    parser.add_argument("--limit", type=int, default=1000, help="puzzles per group")
    arguments = parser.parse_args()
    unknown = set(arguments.engines.split(",")) - set(NAMES)
    if unknown:
        parser.error(f"no engine {', '.join(unknown)}: there are {', '.join(NAMES)}")
    groups: dict[str, list[tuple[str, str]]] = {}
    with CORPUS.open() as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["group"].startswith(tuple(arguments.groups.split(","))):
                groups.setdefault(row["group"], []).append((row["solutions"], row["game_id"]))
    groups = {name: rows[: arguments.limit] for name, rows in groups.items()}
    engines = [name for name in arguments.engines.split(",") if importlib.util.find_spec(NEEDS.get(name, "futoshiki"))]
    table = Table("group", "puzzles", *(NAMES[name] for name in engines), title="CPU ms: median / p95 / max (ratio of medians)")
    results = {}
    console = Console(highlight=False, width=200)
    for name in engines:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            results[name], wrong = pool.submit(run, name, groups, arguments.timeout).result()
        spent = [ms for times in results[name].values() for ms in times]
        total = sum(ms for ms in spent if ms is not None) / 1000
        console.print(
            f"{NAMES[name]}: {total:.2f} s for {len(spent)} puzzles, {spent.count(None)} time-outs, {len(wrong)} wrong counts"
        )
    for group, rows in groups.items():
        cells = []
        base = middle(results[engines[0]][group])
        for name in engines:
            ratio = middle(results[name][group]) / base
            shown = f" ({ratio:.1f}x)" if name != engines[0] and ratio < float("inf") else ""
            cells.append(summary(results[name][group]) + shown)
        table.add_row(group, str(len(rows)), *cells)
    console.print(table)


if __name__ == "__main__":
    main()
