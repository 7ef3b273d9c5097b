"""Everything about solving a puzzle; independent of pictures."""

from futoshiki.solving.judge import violations
from futoshiki.solving.search import Outcome, iter_solutions, solve

__all__ = ["Outcome", "iter_solutions", "solve", "violations"]
