"""How this suite runs: the profile of hypothesis, and one thread for torch where several processes run tests."""

import os

from hypothesis import settings

settings.register_profile("fast", max_examples=40, deadline=None)
settings.load_profile("fast")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads of several processes would wait for each other
