"""The transcripts in the README and in the documentation are what Python prints."""

import doctest

import pytest

from tests.helpers import ROOT

PAGES = sorted(page for page in (ROOT / "docs").rglob("*.md") if ">>>" in page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_a_transcript_says_what_happens(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried and not failed


def test_several_pages_have_transcripts():
    assert {page.name for page in PAGES} >= {"play.md", "rules.md", "notations.md"}
