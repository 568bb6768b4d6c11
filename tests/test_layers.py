"""The layers of the architecture: who may import whom (the contracts are in pyproject.toml)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo'])"

AGAINST_THE_LAYERS = {
    "algorithms.graph.reads_projections": "import pyproj",
    "algorithms.graph.reads_files": "from pathlib import Path",
    "algorithms.graph.knows_the_product": "from gridplanner import model",
    "gridplanner.model.draws": "from PySide6.QtCore import QObject",
    "gridplanner.model.edits": "from gridplanner import edits",
    "gridplanner.edits.solves": "from algorithms.errors import Infeasible",
    "gridplanner.planning.reads_files": "import fiona",
    "gridplanner.planning.reads_sources": "from gridplanner.io import crs",
    "ui.map.computes_geometry": "import shapely",
    "ui.map.solves": "from algorithms.progress import SILENT",
}
ALONG_THE_LAYERS = {
    "algorithms.graph.adjacency": "import networkx, numpy, scipy, shapely",
    "gridplanner.edits.edit": "from algorithms.progress import SILENT",
    "gridplanner.planning.grids": "from algorithms.graph import adjacency",
    "gridplanner.io.vector_files": "import fiona, pyproj",
    "gridplanner.session": "from gridplanner import edits, io, planning",
    "ui.map.canvas": "import numpy, PySide6, gridplanner.session",
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT_IMPORTS]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The tree with one innocent line in each of some modules, under the contracts of the real one."""
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    packages = ["algorithms", "algorithms/graph", "gridplanner", "ui", "ui/map"]
    packages += [f"gridplanner/{name}" for name in ("benchmarks", "planning", "io", "edits", "model")]
    for package in packages:
        (tmp_path / package).mkdir(parents=True)
        (tmp_path / package / "__init__.py").touch()
    for module in ("algorithms/progress.py", "algorithms/errors.py", "gridplanner/io/crs.py"):
        (tmp_path / module).touch()
    write_modules(tmp_path, ALONG_THE_LAYERS)
    return tmp_path


def write_modules(folder: Path, modules: dict[str, str]) -> None:
    for name, line in modules.items():
        (folder / f"{name.replace('.', '/')}.py").write_text(f"{line}\n", encoding="utf-8")


def test_every_contract_is_kept() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_imports_along_the_layers_are_allowed(skeleton: Path) -> None:
    result = lint_imports(skeleton)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_import_against_the_layers_is_found(skeleton: Path) -> None:
    write_modules(skeleton, AGAINST_THE_LAYERS)
    result = lint_imports(skeleton)
    assert result.returncode == 1, result.stdout + result.stderr
    assert [name for name in AGAINST_THE_LAYERS if f"{name} -> " not in result.stdout] == []
    assert [name for name in ALONG_THE_LAYERS if f"{name} -> " in result.stdout] == []
