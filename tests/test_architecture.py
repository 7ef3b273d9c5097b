"""The order of the floors: imports run one way, from the commands down to the puzzle."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import futoshiki
from tests.helpers import ROOT

PACKAGE = ROOT / "futoshiki"
FLOORS = (
    ("board_text", "errors", "formats", "text"),
    ("files", "values", "picture_file", "picture_info"),
    ("pdf",),
    ("puzzle", "geometry", "photo", "picture_output", "resources"),
    ("clue_text", "notation", "documents"),
    ("board_result",),
    ("result",),
    ("solving", "networks", "labels"),
    ("reading", "drawing"),
    ("api", "batch", "evaluation", "live"),
    ("training", "web"),
    ("cli",),
)
"""What stands on each floor, from the ground up. A module imports from lower floors and from its own package only."""
HEAVY = ("torch", "segmentation_models_pytorch", "albumentations", "lightning", "onnx", "safetensors")
OF_BATCH = ("dask", "distributed", "pyarrow", "fsspec", "cloudpickle", "psutil")


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name without `futoshiki.`."""
    paths = [path for path in PACKAGE.rglob("*.py") if path.name not in ("__init__.py", "__main__.py")]
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(paths)}


def imports(path: Path, *, everywhere: bool = True) -> set[str]:
    """The modules that a file imports; those inside functions only with `everywhere`."""
    tree = ast.parse(path.read_text())
    nodes = ast.walk(tree) if everywhere else iter(tree.body)
    found = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def floor(module: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if module.split(".")[0] in rooms)


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_from_lower_floors_and_its_own_package(module):
    room = module.split(".")[0]
    known = modules()
    for imported in imports(known[module]):
        other = imported.removeprefix("futoshiki.")
        if imported.startswith("futoshiki.") and other in known and other.split(".")[0] != room:
            assert floor(other) < floor(module), f"{module} imports {other}"


def test_no_import_leads_in_a_circle():
    known = modules()
    graph = {
        module: {name.removeprefix("futoshiki.") for name in imports(path, everywhere=False)} & known.keys()
        for module, path in known.items()
    }
    done: set[str] = set()
    while len(done) < len(graph):
        free = {module for module in graph.keys() - done if graph[module] <= done}
        assert free, f"these modules import each other: {sorted(graph.keys() - done)}"
        done |= free


@pytest.mark.parametrize("module", [module for module in modules() if not module.startswith("training.")])
def test_only_training_needs_torch(module):
    tops = {name.split(".")[0] for name in imports(modules()[module])}
    assert not tops & set(HEAVY)


@pytest.mark.parametrize("module", [module for module in modules() if not module.startswith("batch.")])
def test_only_batch_needs_dask_and_parquet(module):
    tops = {name.split(".")[0] for name in imports(modules()[module])}
    assert not tops & set(OF_BATCH)


def test_every_public_name_is_there_and_importing_the_package_loads_nothing_heavy():
    assert futoshiki.__all__
    for name in futoshiki.__all__:
        assert getattr(futoshiki, name) is not None
    code = "import sys, futoshiki; print([m for m in ('cv2', 'onnxruntime', 'numpy', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_files_stay_short_enough_to_be_read():
    long = {module: len(path.read_text().splitlines()) for module, path in modules().items()}
    assert {module: lines for module, lines in long.items() if lines > 350} == {}
