"""Rules of the house that no linter knows: names, sizes, who owns a library, what the lock may hold."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("algorithms", "gridplanner", "sample_data", "ui")
SOURCES = [*sorted(path for folder in (*PACKAGES, "tests") for path in (ROOT / folder).rglob("*.py")), ROOT / "bootstrap.py"]
OWNERLESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "services"}
LONGEST_FILE = 400
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==\S+(.*(?:\n    --hash=.*)*)", LOCK)


def test_every_file_is_named_by_what_it_owns() -> None:
    nameless = [path for path in SOURCES if OWNERLESS & {*re.split("_", path.stem), *path.relative_to(ROOT).parts[:-1]}]
    assert nameless == []


def test_no_file_holds_more_than_one_idea() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


@pytest.mark.parametrize("library", ["fiona", "psycopg", "pyogrio", "pyproj"])
def test_one_file_of_io_owns_a_library(library: str) -> None:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    named = [path for path in files if library in path.read_text(encoding="utf-8")]  # few are worth parsing
    owners = [path for path in named if library in libraries(path)]
    assert len(owners) <= 1, f"{library} is imported in {owners}"
    assert all(owner.is_relative_to(ROOT / "gridplanner" / "io") for owner in owners)


def libraries(path: Path) -> set[str]:
    """Top-level names that a file imports, at its head or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_lock_names_no_place_to_install_from() -> None:
    assert re.findall(r"(?im)^.*(?:://|index-url|find-links|file:| @ |^-e ).*$", LOCK) == []


def test_every_package_of_the_lock_has_hashes() -> None:
    assert len(PINS) > 30
    assert [name for name, rest in PINS if "--hash=sha256:" not in rest] == []


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {plain_name(line) for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    assert wanted - {plain_name(name) for name, _ in PINS} == set()


def plain_name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")
