"""OpenStreetMap at the size of a region: ten shifted copies of a country read, cleaned and made a road graph, and what memory it takes.

The copies are written here, with numbers and places shifted, by osmium's writer through `io.osm_copies`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import networkx as nx
import numpy as np

from algorithms.network.line_cleaning import CleaningParams, RepairKind, clean_lines
from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.own_process import in_own_process, timed
from gridplanner.benchmarks.table import Row, at_most
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.osm import Wish, read_osm
from gridplanner.io.osm_copies import write_copies
from gridplanner.io.osm_tags import ROAD_TAGS
from gridplanner.io.sources import read_sources
from gridplanner.model.lines import line_lengths
from gridplanner.model.places import RoadClass, Roads
from gridplanner.planning.road_network import graph_of_roads
from gridplanner.settings import ProjectSettings, Settings, SourceSettings

DATA = "GRIDPLANNER_TEST_DATA"  # folder that holds towns/
TOWN, SMALL = "liechtenstein.osm.pbf", "dreieich.osm.pbf"
COPIES, SECONDS = 10, 15.0
MEMORY_COPIES = (1, 2, 4, 8)
GROWTH = 8.0  # MiB more for a file of eight copies of which one is kept than for one copy: what osmium reads ahead
NOTES = (
    "Roads: ten copies of Liechtenstein's map with all that is in it, its nodes numbered as widely as in the original; the time is from "
    "the file to a clean road graph for cars. As plain lines: the same streets without their numbers, gaps and crossings looked for.",
    "Memory: what reading adds to a process of its own; of the copies only the first one's streets are asked for, or all.",
    "Peers: GDAL's ogr2ogr writing the lines of the file as text to nowhere, and networkx given one edge for each piece of street.",
)


def rows(quick: bool = False, _seeds: int = 1, progress: Progress = SILENT) -> list[Row]:
    """Return the rows; raises InputError where the data are not on this machine."""
    town = _town()
    copies = 2 if quick else COPIES
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
        path = Path(folder) / "copies.osm.pbf"
        write_copies(town, path, copies)
        progress.check()
        found += road_rows(path, copies)
        progress.check()
        path.unlink()
        found += memory_rows(town, Path(folder), MEMORY_COPIES[:2] if quick else MEMORY_COPIES, progress)
    return found


def road_rows(path: Path, copies: int) -> list[Row]:
    """Return the rows of reading a file and making its streets a road graph."""
    source = SourceSettings(str(path))
    project, read = timed(lambda: read_sources(Settings(ProjectSettings("copies", "auto", 1), {"roads": source})))
    roads = project.roads
    (graph, _rows), built = timed(lambda: graph_of_roads(roads, "car"))
    km = line_lengths(roads.lines).sum() / 1000
    case = f"OpenStreetMap, {km:,.0f} km of roads"
    bar = SECONDS if copies == COPIES else None
    return [
        at_most(case, "file to clean road graph", read + built, bar, "s"),
        at_most(case, "reading and cleaning", read, None, "s", _driver(path)),
        at_most(case, "road graph", built, None, "s", {"networkx, one edge a piece": _networkx(roads)}),
        at_most(case, "edges", graph.edge_count, None),
        *plain_rows(roads, km),
    ]


def plain_rows(roads: Roads, km: float) -> list[Row]:
    """Return the rows of the same streets as a line layer without numbered nodes."""
    use = roads.classes > RoadClass.OTHER
    lines, level, rank = roads.lines.select(use), roads.level[use], roads.classes[use]
    clean, seconds = timed(lambda: clean_lines(lines.coords, lines.offsets, level, rank, params=CleaningParams()))
    case = f"as plain lines, {km:,.0f} km"
    kinds = np.bincount(clean.repairs.kind, minlength=len(RepairKind))
    counts = [
        at_most(case, f"repairs: {kind.name.lower().replace('_', ' ')}", int(kinds[kind]), None) for kind in RepairKind if kinds[kind]
    ]
    return [
        at_most(case, "cleaned", seconds, None, "s"),
        at_most(case, "measured tolerance", clean.tolerance, None, "m"),
        *counts,
    ]


def memory_rows(town: Path, folder: Path, sizes: tuple[int, ...], progress: Progress = SILENT) -> list[Row]:
    """Return the rows of memory: one copy's streets kept out of more and more, and all kept."""
    peak: dict[tuple[int, bool], float] = {}
    kept: dict[tuple[int, bool], float] = {}
    found: list[Row] = []
    for size in sizes:
        for every in (False, True):
            path = folder / f"{size}.osm.pbf"
            write_copies(town, path, size, only_first=not every)
            measured = in_own_process("osm_roads", path=str(path))
            peak[size, every], kept[size, every] = measured["mib"], measured["kept"]
            path.unlink()
            progress.check()
            case = f"memory, {size} copies" if size > 1 else "memory, 1 copy"
            what = "all streets kept" if every else "one copy's streets kept"
            found += [at_most(case, what, peak[size, every], None, "MiB"), at_most(case, f"{what}: nodes", kept[size, every], None)]
    first, last = sizes[0], sizes[-1]
    for every, what in ((False, "one copy's streets kept"), (True, "all streets kept")):
        more = peak[last, every] - peak[first, every]
        found.append(at_most("memory", f"{what}: {last} copies more than {first}", more, None if every else GROWTH, "MiB"))
    return found


def measure(path: str) -> dict[str, float]:
    """Return how much reading the streets of a file adds to the memory of this process at most, in MiB (Linux), and the nodes kept."""
    import gc

    wish = Wish(frozenset(("highway",)), points=frozenset(), columns=frozenset(ROAD_TAGS))
    read_osm(Path(os.environ[DATA], "towns", SMALL), wish)  # libraries loaded, threads and buffers there
    gc.collect()
    status, before = Path("/proc/self/status"), 0.0
    if status.exists():
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _kib(status, "VmRSS")
    extract = read_osm(Path(path), wish)
    peak = _kib(status, "VmHWM") - before if status.exists() else float("nan")
    return {"mib": peak / 1024, "kept": extract.kept, "ways": len(extract.ways.wkb)}


def _kib(status: Path, word: str) -> float:
    return next(float(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(word))


def _driver(path: Path) -> dict[str, float]:
    """Return the seconds in which GDAL's program reads all lines of the file with their shapes, nothing where it is not installed."""
    program = shutil.which("ogr2ogr")
    if program is None:
        return {}
    words = [program, "-f", "CSV", "/vsistdout/", str(path), "lines", "-select", "highway", "-lco", "GEOMETRY=AS_WKT"]
    done, seconds = timed(lambda: subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False))
    return {} if done.returncode else {"ogr2ogr, lines as text": seconds}


def _networkx(roads: Roads) -> float:
    """Return the seconds in which networkx takes one edge for each piece of street."""
    lines = roads.lines
    owner = np.repeat(np.arange(len(lines)), np.diff(lines.offsets))
    start = np.flatnonzero(owner[1:] == owner[:-1])

    def build() -> nx.MultiDiGraph:
        graph = nx.MultiDiGraph()
        places = [tuple(xy) for xy in np.round(lines.coords, 2).tolist()]
        step = np.hypot(*(lines.coords[start + 1] - lines.coords[start]).T).tolist()
        for i, metres in zip(start.tolist(), step, strict=True):
            graph.add_edge(places[i], places[i + 1], length=metres)
            graph.add_edge(places[i + 1], places[i], length=metres)
        return graph

    return timed(build)[1]


def _town() -> Path:
    path = Path(os.environ.get(DATA, ""), "towns", TOWN)
    if not os.environ.get(DATA) or not path.is_file():
        raise InputError(_("the towns are not here: set {name} to the folder that holds {folder}/").format(name=DATA, folder="towns"))
    return path
