"""A short run of the fuzzer; `python benchmarks/fuzz.py all` runs for as long as anybody likes."""

import importlib.util
import sys

import pytest

from tests.helpers import ROOT

if sys.platform == "win32":
    pytest.skip("the fuzzer limits memory and time as Unix does", allow_module_level=True)

SPEC = importlib.util.spec_from_file_location("fuzz", ROOT / "benchmarks" / "fuzz.py")
assert SPEC and SPEC.loader
FUZZ = importlib.util.module_from_spec(SPEC)
sys.modules["fuzz"] = FUZZ
SPEC.loader.exec_module(FUZZ)
INPUTS = 150


@pytest.mark.parametrize("name", FUZZ.TARGETS)
def test_what_others_have_written_is_read_or_refused_as_promised(name):
    found = list(FUZZ.failures(FUZZ.TARGETS[name], INPUTS, seed=7))
    assert not found, [(failure.reason, failure.data[:200]) for failure in found[:3]]


def test_the_fuzzer_notices_what_is_not_as_promised():
    def careless(data: bytes) -> object:
        return data[9]

    target = FUZZ.Target(lambda: [b"0123456789"], careless, (ValueError,))
    assert any("IndexError" in failure.reason for failure in FUZZ.failures(target, 200, 0))
