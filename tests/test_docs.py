"""The documentation names what is there: links, public names, statuses, examples; and its notebook runs."""

import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from typing import get_args

import click
import pytest

import futoshiki
from futoshiki.cli.main import COMMANDS, cli
from futoshiki.errors import ExitCode, Status
from futoshiki.evaluation.truth import truth_pairs
from futoshiki.result import Result
from tests.helpers import ROOT, SAMPLES

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TOP = [*sorted(ROOT.glob("*.md")), ROOT / "models" / "MODELS.md"]
NOTEBOOK = DOCS / "tutorials" / "python.ipynb"
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
REPOSITORY = re.search(r'^Repository = "(.*)"$', PROJECT, re.MULTILINE)[1]
SITE = re.search(r'^Documentation = "(.*)"$', PROJECT, re.MULTILINE)[1]
RAW = REPOSITORY.replace("github.com", "raw.githubusercontent.com") + "/main/"
MADE = ("reference/commands.md", "tutorials/python.md", "reference/result.schema.json")
"""What docs/hooks.py adds to the site."""
LINK = re.compile(r"(?<!\w)\[[^\]]*\]\(([^)\s]+)\)|<?(https://[^\s)>\"'\]]+)")


def links(path):
    return {link.rstrip(".,") for pair in LINK.findall(path.read_text(encoding="utf-8")) for link in pair if link}


def page_exists(address):
    """Whether the site has a page at this address, which is relative to its top."""
    name = address.split("#")[0].rstrip("/")
    written = [DOCS / (name or "index.md"), DOCS / f"{name}.md"]
    return any(path.is_file() for path in written) or f"{name}.md" in MADE or name in MADE


@pytest.mark.parametrize("path", [*TOP, *PAGES, ROOT / "mkdocs.yml", ROOT / "pyproject.toml"], ids=lambda path: path.name)
def test_links_to_the_project_lead_somewhere(path):
    for link in links(path):
        if link.startswith((f"{REPOSITORY}/blob/main/", f"{REPOSITORY}/tree/main/", RAW)):
            assert (ROOT / re.sub(r"^.*?/main/", "", link).split("#")[0]).exists(), link
        elif link.startswith(SITE):
            assert page_exists(link.removeprefix(SITE)), link
        elif "github" in link and "/futoshiki" in link and "solver" not in link and "vision" not in link:
            assert link == REPOSITORY or link.startswith(f"{REPOSITORY}/"), link
        elif path in TOP and not re.match(r"https?:|#|mailto:", link):
            assert (path.parent / link.split("#")[0]).exists(), link


def test_the_readme_has_absolute_links_only():
    assert all(link.startswith("https://") for link in links(ROOT / "README.md"))


def test_messages_and_comments_name_documents_that_are_there():
    sources = [*(ROOT / "futoshiki").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py"), ROOT / "Dockerfile"]
    for source in sources:
        text = source.read_text(encoding="utf-8")
        for name in re.findall(r"\bdocs/[\w./-]+\.\w+", text):
            assert (ROOT / name).exists(), f"{source}: {name}"
        for link in re.findall(rf"{SITE}[\w./#-]*", text):
            assert page_exists(link.removeprefix(SITE)), f"{source}: {link}"


def test_every_public_name_is_in_the_reference():
    named = re.findall(r"^::: futoshiki\.(\w+)$", (DOCS / "reference" / "python.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(set(futoshiki.__all__))


def test_every_status_and_exit_code_is_in_the_reference():
    text = (DOCS / "reference" / "statuses.md").read_text(encoding="utf-8")
    assert all(f"| `{status}` |" in text for status in get_args(Status))
    assert all(re.search(rf"\|[^|]*\b{code.value}\b[^|]*\|", text) for code in ExitCode)


def example(page):
    """The first block of JSON on a page of the reference."""
    return json.loads(re.search(r"```json\n(.*?)```", (DOCS / "reference" / page).read_text(encoding="utf-8"), re.DOTALL)[1])


def test_the_example_of_a_result_is_one():
    data = example("result.md")
    assert Result.from_dict(data).to_dict() == data
    jsonschema = pytest.importorskip("jsonschema", reason="results are compared with their schema: pip install 'futoshiki[test]'")
    jsonschema.validate(data, json.loads((ROOT / "futoshiki" / "result.schema.json").read_text(encoding="utf-8")))


def test_the_example_of_a_truth_is_one(tmp_path):
    (tmp_path / "a.jpg").write_bytes((SAMPLES / "small_4x4.jpg").read_bytes())
    (tmp_path / "a.json").write_text(json.dumps(example("truth.md")))
    ((_, truth),) = truth_pairs(tmp_path)
    known = json.loads((SAMPLES / "small_4x4.json").read_text())
    assert {key: known[key] for key in truth} == truth


def test_the_notebook_runs_from_top_to_bottom():
    nbclient = pytest.importorskip("nbclient", reason="the notebook is run with nbclient: pip install 'futoshiki[docs]'")
    nbformat = pytest.importorskip("nbformat", reason="the notebook is read with nbformat: pip install 'futoshiki[docs]'")
    pytest.importorskip("ipykernel", reason="the notebook needs a kernel: pip install 'futoshiki[docs]'")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs are made for the site; clear them"
    nbclient.NotebookClient(notebook, timeout=120).execute()
    printed = str([cell.get("outputs") for cell in notebook.cells])
    assert all(word in printed for word in ("solved", "image/png", "contradictory", "easy"))


def test_the_site_describes_every_command_with_its_options():
    pytest.importorskip("mkdocs", reason="the site is made with MkDocs: pip install 'futoshiki[docs]'")
    for package in ("nbclient", "albumentations", "segno"):
        pytest.importorskip(package, reason="pages are made from all commands and the notebook: pip install 'futoshiki[dev]'")
    spec = spec_from_file_location("hooks", DOCS / "hooks.py")
    hooks = module_from_spec(spec)
    spec.loader.exec_module(hooks)
    page = "\n".join(hooks.described(cli, click.Context(cli, info_name="futoshiki")))
    assert all(f"## futoshiki {name}\n" in page for name in (*COMMANDS, "train masks"))
    assert "`-o, --output PATH`\n:   File for the solved picture" in page


def test_the_changelog_dates_this_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(futoshiki.__version__)}\] - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE)
