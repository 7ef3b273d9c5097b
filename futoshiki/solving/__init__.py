"""Everything about solving a puzzle; knows nothing of pictures."""

from futoshiki.solving.check import violations
from futoshiki.solving.search import Outcome, iter_solutions, solve

__all__ = ["Outcome", "iter_solutions", "solve", "violations"]
