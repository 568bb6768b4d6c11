"""Carrollton, Texas: 325 reporting areas to 12 beats by the calls of a year, beside the plan in force and the published p-median plan."""

from __future__ import annotations

import csv
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from algorithms.graph.components import components
from algorithms.location.problem import LocationProblem
from algorithms.location.relaxation import relax
from algorithms.network.nearest import nearest_edge
from algorithms.network.place_times import place_times
from algorithms.network.road_graph import EdgeState, build_road_graph
from algorithms.network.shortest_paths import arc_network
from algorithms.progress import SILENT, Progress, Span
from algorithms.zoning.problem import ZoningProblem
from algorithms.zoning.sites import Slack
from algorithms.zoning.solve import ZoningParams, solve_zoning
from gridplanner.benchmarks.own_process import timed
from gridplanner.benchmarks.table import Row, at_most
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.table import Table
from gridplanner.io.vector_files import read_table
from gridplanner.model.lines import Floats, Ints

DATA = "GRIDPLANNER_TEST_DATA"  # folder that holds beats/carrollton
CASE = "Carrollton, 325 areas, 12 beats"
BEATS = 12
DISPARITY = 0.05  # of the mean, above and below
FOOT = 0.3048006096012192  # US survey foot, metres
ANY_SPEED = 1e9  # m/s from a centroid to its street: as published, times begin and end on the street
PARAMS = ZoningParams(starts=100, kicks=1_500, keep=16, border=0.0)
NOTES = (
    "Carrollton: data and p-median plan as published with Wheeler (2019), Policing 42(3). Times are between centroids over the street "
    "centre lines, recomputed; the plan in force is given its best site in each beat. The published file leaves out 5 areas; they are "
    "given to its beats as cheaply as 5 % more calls than the mean allow. Disparity: how far the calls of a beat lie from their mean.",
    "bound: no 12 beats with at most 5 % more calls than the mean cost less, in one piece or not (Lagrangian relaxation).",
)


@dataclass(frozen=True, eq=False)
class Carrollton:
    """The areas with their `calls` (n,) and `minutes` (n, n) from row to column.

    `low`, `high` (p,) are neighbours, `in_force` the beat today, 0 for none, `published` the centre, -1 for areas left out.
    """

    calls: Floats
    minutes: Floats
    low: Ints
    high: Ints
    in_force: Ints
    published: Ints


@dataclass(frozen=True)
class Figures:
    """What a plan costs in call-weighted minutes, how far its calls lie from the mean at most (a share), and beats in one piece."""

    minutes: float
    disparity: float
    connected: int


def rows(quick: bool = False, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of the benchmark; raises InputError where the data are not on this machine."""
    name = os.environ.get(DATA)
    folder = Path(name or "", "beats", "carrollton")
    if not name or not folder.is_dir():
        text = _("the beats of Carrollton are not here: set {name} to the folder that holds beats/")
        raise InputError(text.format(name=DATA))
    town = read_carrollton(folder)
    problem = problem_of(town)
    found, seconds = timed(lambda: solve_zoning(problem, Slack(DISPARITY, DISPARITY), PARAMS, 1, Span(progress, 0.0, 0.5)))
    ours = figures_of(town, found.zoning.sites[found.zoning.labels])
    others = {"published": figures_of(town, completed(town)), "in force": figures_of(town, best_sites(town, town.in_force))}
    bound = _bound(town, ours.minutes, 150 if quick else 600, Span(progress, 0.5, 1.0))
    none: dict[str, float] = {}
    measured: list[tuple[str, float, float | None, dict[str, float], str]] = [
        ("call-weighted minutes", ours.minutes, others["published"].minutes, {key: each.minutes for key, each in others.items()}, "min"),
        ("disparity", 100 * ours.disparity, 100 * DISPARITY, {key: 100 * each.disparity for key, each in others.items()}, "%"),
        ("beats in pieces", BEATS - ours.connected, 0, {key: BEATS - each.connected for key, each in others.items()}, ""),
        ("seconds", seconds, 60.0, none, "s"),
        ("above the bound", 100 * (ours.minutes / bound - 1), None, none, "%"),
    ]
    return [at_most(CASE, measure, value, bar, unit, peers) for measure, value, bar, peers, unit in measured]


def read_carrollton(folder: Path) -> Carrollton:
    """Return the areas with the times between them over the streets."""
    areas = _table(folder, "ReportingAreas", "NumberId", "BEATNUMBER", "XFeet", "YFeet")
    ids = areas.columns["NumberId"].astype(np.int64)
    row = {int(key): at for at, key in enumerate(ids)}
    centres = _table(folder, "RA_Centroids", "NumberId", "Cnt_ra").columns
    calls = np.zeros(len(ids))
    calls[[row[int(key)] for key in centres["NumberId"]]] = centres["Cnt_ra"]
    near = _table(folder, "RA_ContMat", "NUMBERID", "NID").columns
    pairs = {tuple(sorted((row[int(a)], row[int(b)]))) for a, b in zip(near["NUMBERID"], near["NID"], strict=True)}
    for alone in set(range(len(ids))) - {end for pair in pairs for end in pair}:  # one area is in no pair of the published list
        away = shapely.distance(areas.shapes[alone], areas.shapes)
        away[alone] = np.inf
        pairs.add(tuple(sorted((alone, int(np.argmin(away))))))
    low, high = np.array(sorted(pairs), np.int64).T
    published = np.full(len(ids), -1)
    with (folder / "PMed_Results1.csv").open(encoding="utf-8") as stream:
        for line in csv.DictReader(stream):
            published[row[int(line["dest"])]] = row[int(line["source"])]
    xy = np.column_stack((areas.columns["XFeet"], areas.columns["YFeet"])).astype(np.float64) * FOOT
    return Carrollton(calls, _minutes(folder, xy), low, high, np.nan_to_num(areas.columns["BEATNUMBER"]).astype(np.int64), published)


def problem_of(town: Carrollton) -> ZoningProblem:
    """Return the beats as a zoning problem: calls are both work and demand, every area may be a site, borders count nothing."""
    count, pairs = len(town.calls), len(town.low)
    return ZoningProblem(
        work=town.calls, demand=town.calls, minutes=town.minutes, home=np.arange(count), low=town.low, high=town.high,
        length=np.ones(pairs), crossable=np.ones(pairs, bool), region=np.zeros(count, np.int64), districts=np.array([BEATS]),
        must=np.zeros(count, bool), away=0.0,
    )  # fmt: skip


def figures_of(town: Carrollton, site: Ints) -> Figures:
    """Return the figures of a plan: `site` (n,) is the centre of each area's beat."""
    each = np.arange(len(site))
    load = np.bincount(site, town.calls, minlength=len(site))[np.unique(site)] / town.calls.sum() * BEATS
    inside = site[town.low] == site[town.high]
    piece = components(len(site), town.low[inside], town.high[inside])
    whole = sum(len(np.unique(piece[site == beat])) == 1 for beat in np.unique(site))
    return Figures(float(town.calls @ town.minutes[site, each]), float(np.abs(load - 1).max()), int(whole))


def completed(town: Carrollton) -> Ints:
    """Return the published plan with the areas that its file leaves out: each way of adding them tried, the cheapest within 5 % taken."""
    sites = np.unique(town.published[town.published >= 0])
    lost = np.flatnonzero(town.published < 0)
    held = np.bincount(np.searchsorted(sites, town.published[town.published >= 0]), town.calls[town.published >= 0])
    cost = town.minutes[np.ix_(sites, lost)] * town.calls[lost]
    ways = np.array(list(itertools.product(range(len(sites)), repeat=len(lost))))
    total = cost[ways, np.arange(len(lost))].sum(axis=1)
    load = np.tile(held, (len(ways), 1))
    for place, area in enumerate(lost.tolist()):
        load[np.arange(len(ways)), ways[:, place]] += town.calls[area]
    total[load.max(axis=1) > (1 + DISPARITY) * town.calls.sum() / len(sites)] = np.inf
    plan = town.published.copy()
    plan[lost] = sites[ways[int(np.argmin(total))]]
    return plan


def best_sites(town: Carrollton, beat: Ints) -> Ints:
    """Return the best centre in each area's beat; areas in none go to the beat of the nearest centre."""
    site = np.full(len(beat), -1)
    for number in range(1, BEATS + 1):
        mine = np.flatnonzero(beat == number)
        site[mine] = mine[int(np.argmin(town.minutes[np.ix_(mine, mine)] @ town.calls[mine]))]
    lost, sites = np.flatnonzero(site < 0), np.unique(site[site >= 0])
    site[lost] = sites[np.argmin(town.minutes[np.ix_(sites, lost)], axis=0)]
    return site


def _table(folder: Path, name: str, *columns: str) -> Table:
    """Return a layer, or a plain table where there are no shapes."""
    path = folder / f"{name}.shp"
    shapes = path.exists()
    return read_table(path if shapes else folder / f"{name}.dbf", name, columns, places=shapes)


def _minutes(folder: Path, xy: Floats) -> Floats:
    """Return the minutes between places (n, 2) over the street centre lines, both ways everywhere, at the published time of each line."""
    table = _table(folder, "StreetCenterlines", "Minutes")
    lines, line = shapely.get_parts(table.shapes, return_index=True)
    coords, part = shapely.get_coordinates(lines, return_index=True)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(part, minlength=len(lines)))))
    metres = shapely.length(table.shapes) * FOOT
    speed = (metres / np.maximum(table.columns["Minutes"].astype(np.float64) * 60, 1e-6))[line]
    both = np.ones(len(lines), bool)
    graph = build_road_graph(coords * FOOT, offsets, both, both, speed, snap=1.0)
    places = nearest_edge(graph, xy, graph.state == EdgeState.CORE)
    return place_times(graph, arc_network(graph), places, places, ANY_SPEED) / 60


def _bound(town: Carrollton, upper: float, rounds: int, progress: Progress) -> float:
    """Return what no 12 beats cost less than that have at most 5 % more calls than the mean."""
    count = len(town.calls)
    capacity = np.full(count, (1 + DISPARITY) * town.calls.sum() / BEATS)
    return relax(LocationProblem(town.minutes.T * town.calls[:, None], town.calls, capacity, BEATS), rounds, upper, progress).bound
