"""Published districting and location instances, solved by the engine's own functions and compared with their proven optima."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.districting.centres import CentreProblem, hop_distances, solve_centres
from algorithms.districting.cut_edges import CutParams, CutProblem, solve_cut_edges
from algorithms.location.problem import LocationParams, LocationProblem
from algorithms.location.solve import solve_location
from algorithms.progress import Progress, Span
from gridplanner.benchmarks.own_process import timed
from gridplanner.benchmarks.table import Row, at_most
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.crs import geodesic_distances

DATA = "GRIDPLANNER_TEST_DATA"  # folder that holds districting/
SECONDS = 60.0
MILE = 1609.344  # metres
NOTES = (
    "Optima as published: cut edges and hop distance of counties, Oklahoma's moment of inertia in persons × square miles (ellipsoid), "
    "p-median in unrounded plain distance.",
    "bound: what the engine proves that no solution undercuts; yes where it equals the value. Cut edges are counted in whole numbers, "
    "so is their proof; the others are proven within 1e-7 of the value, the tolerance of the integer programme.",
)


@dataclass(frozen=True)
class Found:
    """A value with its proven bound."""

    value: float
    bound: float


@dataclass(frozen=True)
class Instance:
    """A published instance: how to solve it (folder, progress), its optimum, how far from it counts as equal, and whether it is quick."""

    name: str
    solve: Callable[[Path, Progress], Found]
    optimum: float
    equal: float
    quick: bool = True


def benchmark_published(progress: Progress, *, quick: bool = False, cases: Sequence[str] = ()) -> list[Row]:
    """Return the rows of every instance; InputError where the instances are not on this machine."""
    name = os.environ.get(DATA)
    folder = Path(name or "", "districting")
    if not name or not folder.is_dir():
        text = _("the published instances are not here: set {name} to the folder that holds districting/")
        raise InputError(text.format(name=DATA))
    chosen = [each for each in INSTANCES if (each.name in cases if cases else each.quick or not quick)]
    rows: list[Row] = []
    for at, instance in enumerate(chosen):
        progress.report(at / len(chosen), instance.name)
        rows += _rows(instance, folder, Span(progress, at / len(chosen), (at + 1) / len(chosen)))
    return rows


def case_names() -> tuple[str, ...]:
    """Return the names of the instances."""
    return tuple(each.name for each in INSTANCES)


def _rows(instance: Instance, folder: Path, progress: Progress) -> list[Row]:
    found, seconds = timed(lambda: instance.solve(folder, progress))
    equal = abs(found.value - instance.optimum) <= instance.equal
    proven = found.bound >= found.value - 1e-7 * abs(found.value)
    bar = f"= {instance.optimum:.10g}"
    return [
        Row(instance.name, "value", found.value, bar=bar, ok=equal, peers={"proven optimum": instance.optimum}),
        Row(instance.name, "bound", found.bound, bar="= value", ok=proven),
        at_most(instance.name, "time", seconds, SECONDS, "s"),
    ]


@dataclass(frozen=True, eq=False)
class Counties:
    """Units of a published map: one attribute table row each, and the pairs (p,) that are neighbours."""

    rows: list[dict[str, Any]]
    low: np.ndarray[Any, np.dtype[np.int64]]
    high: np.ndarray[Any, np.dtype[np.int64]]

    def column(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return an attribute as numbers (u,)."""
        return np.array([float(row[name]) for row in self.rows])


def read_counties(path: Path) -> Counties:
    """Return the units of a graph file (node-link JSON with `nodes` and `adjacency`)."""
    graph = json.loads(path.read_text(encoding="utf-8"))
    place = {node["id"]: at for at, node in enumerate(graph["nodes"])}
    ends = {tuple(sorted((at, place[other["id"]]))) for at, others in enumerate(graph["adjacency"]) for other in others}
    pairs = np.array(sorted(ends), np.int64).reshape(-1, 2)
    return Counties(graph["nodes"], pairs[:, 0], pairs[:, 1])


def read_medians(path: Path) -> LocationProblem:
    """Return a capacitated p-median instance: `n p`, then x, y, capacity, demand of each point; plain distance."""
    words = path.read_text(encoding="ascii").split()
    rows = np.array(words[2:], np.float64).reshape(-1, 4)[: int(words[0])]
    cost = np.hypot(rows[:, 0, None] - rows[None, :, 0], rows[:, 1, None] - rows[None, :, 1])
    return LocationProblem(cost, rows[:, 3], rows[:, 2], int(words[1]))


def _cut_edges(file: str, districts: int, band: tuple[int, int]) -> Callable[[Path, Progress], Found]:
    def solve(folder: Path, progress: Progress) -> Found:
        land = read_counties(folder / "cut_edges" / file)
        weight = land.column("TOTPOP").astype(np.int64)
        found = solve_cut_edges(CutProblem(weight, land.low, land.high, districts, band), CutParams(), progress)
        return Found(found.value, found.bound)

    return solve


def _hops(file: str, districts: int) -> Callable[[Path, Progress], Found]:
    def solve(folder: Path, progress: Progress) -> Found:
        land = read_counties(folder / "hop_distance" / file)
        weight = land.column("P0010001")
        mean = weight.sum() / districts
        cost = weight[:, None] * hop_distances(len(weight), land.low, land.high)
        band = (math.ceil(0.995 * mean), math.floor(1.005 * mean))
        found = solve_centres(CentreProblem(cost, weight, land.low, land.high, districts, band), LocationParams(), progress)
        return Found(found.value, found.bound)

    return solve


def _oklahoma(folder: Path, progress: Progress) -> Found:
    land = read_counties(folder / "oklahoma" / "OK_county.json")
    weight = land.column("P0010001")
    miles = geodesic_distances(land.column("INTPTLON20"), land.column("INTPTLAT20")) / MILE
    problem = CentreProblem(weight[:, None] * miles**2, weight, land.low, land.high, 5, (783_952, 799_789))
    found = solve_centres(problem, LocationParams(), progress)
    return Found(found.value, found.bound)


def _medians(file: str) -> Callable[[Path, Progress], Found]:
    def solve(folder: Path, progress: Progress) -> Found:
        found = solve_location(read_medians(folder / "p_median" / file), LocationParams(), progress)
        return Found(found.value, found.bound)

    return solve


INSTANCES = (
    Instance("cut edges ME", _cut_edges("county23.json", 2, (660_860, 667_501)), 16, 0),
    Instance("cut edges NM", _cut_edges("county35.json", 3, (682_962, 689_824)), 17, 0),
    Instance("cut edges ID", _cut_edges("county16.json", 2, (779_873, 787_709)), 10, 0),
    Instance("cut edges OK", _cut_edges("county40.json", 5, (746_519, 754_021)), 40, 0, quick=False),
    Instance("hop distance ME", _hops("ME_counties.json", 2), 1_200_838, 0.5),
    Instance("hop distance NM", _hops("NM_counties.json", 3), 1_743_350, 0.5),
    Instance("hop distance ID", _hops("ID_counties.json", 2), 3_237_073, 0.5),
    Instance("moment of inertia OK", _oklahoma, 8.408524436390e9, 8.4e3),
    Instance("p-median SJC1", _medians("SJC1.dat"), 17_288.99, 0.005),
    Instance("p-median SJC2", _medians("SJC2.dat"), 33_270.94, 0.005, quick=False),
)
