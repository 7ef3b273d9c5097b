"""The transcripts in the README and the docs are what Python prints."""

import doctest

from tests.helpers import ROOT


def test_the_readme_says_what_happens(monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried >= 6
    assert failed == 0


def test_the_solver_page_says_what_happens():
    failed, tried = doctest.testfile(str(ROOT / "docs" / "solver.md"), module_relative=False)
    assert tried >= 5
    assert failed == 0
