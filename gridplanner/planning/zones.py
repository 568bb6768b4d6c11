"""Grids to patrol zones: as many as wished, of equal work, connected."""

from __future__ import annotations

import math

import numpy as np
import shapely

from algorithms.districting.problem import DistrictingParams
from algorithms.districting.solve import solve_districting
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums
from algorithms.units.locate import locate
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.band import Band
from gridplanner.model.codes import reading_order
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints, Lines, line_lengths
from gridplanner.model.outlines import grid_ids, grid_outlines, grid_rows, unit_polygons
from gridplanner.model.places import RoadClass, texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.planning.parts import land_of, problem_of, regions_of
from gridplanner.settings import PatrolSettings, ZoneSettings

EVEN = 0.05  # the band of a zone's workload around the mean
KM_PER_ZONE = 40.0  # required streets a zone where the settings do not say how many zones (contracts.md)


def propose_zones(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that groups grids into patrol zones of equal workload.

    Raises InputError where there is nothing to group.
    """
    if project.units is None or project.grids is None:
        return _street_zones(project)
    settings = project.settings.zones or ZoneSettings(count=_wanted(project))
    count = min(settings.count, len(project.grids))
    work = grid_workload(project, settings)
    loads = (work / work.sum() * count)[None, :] if work.sum() > 0 else np.full((1, len(work)), count / len(work))
    outlines = grid_outlines(project.units, project.grids)
    land = land_of(project.units, grid_rows(project.grids), outlines, np.zeros(len(outlines), np.int32))
    regions = regions_of(land, loads, Band(1.0, None, 1 - EVEN, 1 + EVEN))
    if int(regions.region.max(initial=0)) + 1 > count:
        regions = regions_of(land, loads, Band(1.0, None, 1e9, 1e9))  # fewer zones than parts: all parts are joined
    districts = _shares(regions.load, np.bincount(regions.region), count)
    problem = problem_of(land, regions, loads, districts, (1 - EVEN, 1 + EVEN))
    params = DistrictingParams(rounds=600, replicas=int(np.clip(20_000 // len(outlines), 4, 24)), border=5.0)
    found = solve_districting(problem, params, project.settings.project.seed, progress)
    issues: list[Issue] = []
    if settings.count > len(project.grids):
        text = N_("{wanted} patrol zones were asked for, but there are only {n} grids; each is a zone")
        issues.append(Issue(Level.WARNING, "zones", text, {"wanted": settings.count, "n": len(project.grids)}, "zones"))
    if progress.should_finish():
        text = N_("The search for patrol zones was stopped early; the best so far was kept")
        issues.append(Issue(Level.INFO, "cut_short", text, {}, "zones"))
    plan = _numbered(project, found.labels, work, tuple(issues))
    text = N_("Group {n} grids into {k} patrol zones")
    return Replace(text, {"zones": plan}, needs(project, "grids"), {"n": len(outlines), "k": len(plan.zones)})


def grid_workload(project: Project, settings: ZoneSettings) -> Floats:
    """Return the workload of each grid in the order of `grid_ids`: the settings' mix of households, persons, street km and key sites.

    Street km counts streets of class residential and up by where the middle of each piece lies.
    """
    figures, weights = grid_figures(project), settings.workload
    work = weights.get("households", 0.0) * figures.households + weights.get("persons", 0.0) * figures.persons
    work = work + weights.get("area_km2", 0.0) * figures.area_m2 / 1e6
    if weights.get("street_km"):
        work += weights["street_km"] * street_km(project)
    if weights.get("key_sites") and len(project.key_sites):
        work += weights["key_sites"] * _count_by_grid(project, project.key_sites.xy, np.ones(len(project.key_sites)))
    return np.asarray(work)


def street_km(project: Project) -> Floats:
    """Return km of streets of class residential and up in each grid, in the order of `grid_ids`."""
    roads = project.roads
    lines = roads.lines.select(roads.classes >= RoadClass.STREET)
    if not len(lines):
        return np.zeros(len(grid_ids(project.grids))) if project.grids else np.zeros(0)
    return _count_by_grid(project, *_pieces(lines))


def _pieces(lines: Lines) -> tuple[Floats, Floats]:
    """Return the middle (n, 2) and the km (n,) of every straight piece of some lines."""
    step = np.diff(lines.coords, axis=0)
    inside = np.ones(len(step), bool)
    inside[lines.offsets[1:-1] - 1] = False
    middle = (lines.coords[1:] + lines.coords[:-1])[inside] / 2
    return middle, np.hypot(step[:, 0], step[:, 1])[inside] / 1000


def _count_by_grid(project: Project, xy: Floats, value: Floats) -> Floats:
    assert project.units is not None
    assert project.grids is not None
    unit = locate(xy, unit_polygons(project.units))
    held = unit >= 0
    row = grid_rows(project.grids)[unit[held]]
    return group_sums(row, value[held], len(project.grids))


def _wanted(project: Project) -> int:
    patrol = project.settings.patrol or PatrolSettings()
    required = np.isin(project.roads.highway, patrol.required_classes)
    km = float(line_lengths(project.roads.lines)[required].sum()) / 1000
    return max(min(len(project.communities), math.ceil(km / KM_PER_ZONE)), 1)


def _shares(load: Floats, pieces: Ints, count: int) -> Ints:
    """Return how many of `count` zones each region gets: one at least, its pieces at most, by largest remainder."""
    quota = load / max(load.sum(), 1e-12) * count
    given = np.maximum(np.floor(quota), 1)
    given = np.minimum(given, pieces)
    while given.sum() < count and np.any(given < pieces):
        given[np.argmax(np.where(given < pieces, quota - given, -np.inf))] += 1
    while given.sum() > count and np.any(given > 1):
        given[np.argmin(np.where(given > 1, quota - given, np.inf))] -= 1
    return np.asarray(given, np.int32)


def _numbered(project: Project, label: Ints, work: Floats, issues: tuple[Issue, ...]) -> ZonePlan:
    """Return zones with ids 1 … numbered like grids, each with the depot that lies in it."""
    assert project.units is not None
    assert project.grids is not None
    count = int(label.max()) + 1
    figures = grid_figures(project)
    centre = shapely.get_coordinates(shapely.centroid(grid_outlines(project.units, project.grids)))
    area = group_sums(label, figures.area_m2, count)
    xy = np.column_stack([group_sums(label, figures.area_m2 * c, count) for c in centre.T]) / area[:, None]
    order = reading_order(xy, area)
    rank = np.empty(count, np.int32)
    rank[order] = np.arange(1, count + 1)
    members = dict(zip(grid_ids(project.grids).tolist(), rank[label].tolist(), strict=True))
    depot = np.full(count + 1, -1)
    if len(project.depots):
        unit = locate(project.depots.xy, unit_polygons(project.units))
        for row in np.flatnonzero(unit >= 0)[::-1].tolist():
            depot[members[int(project.grids.labels[unit[row]])]] = row
    zones = {k: Zone(f"{k:02d}", _("Patrol zone {n}").format(n=k), int(depot[k])) for k in range(1, count + 1)}
    workload = group_sums(rank[label] - 1, work, count)
    return ZonePlan(members, zones, workload, texts(), issues, made_from(project, "zones"))


def _street_zones(project: Project) -> Replace:
    """Return zones of street pieces where there are no grids: halved along straight lines until each has its share of the length.

    The hulls of the pieces' middles do not meet, as a line lies between any two.
    """
    patrol = project.settings.patrol or PatrolSettings()
    required = np.isin(project.roads.highway, patrol.required_classes) & (project.roads.classes > RoadClass.OTHER)
    rows = required if required.any() else project.roads.classes > RoadClass.OTHER
    lines = project.roads.lines.select(np.flatnonzero(rows))
    if not len(lines):
        raise InputError(_("There are neither grids nor streets to make patrol zones of"))
    middle, km = _pieces(lines)
    count = min(project.settings.zones.count if project.settings.zones else _wanted(project), len(km))
    label = _halved(middle, km, count)
    hulls = [shapely.buffer(shapely.convex_hull(shapely.multipoints(middle[label == k])), 1.0) for k in range(count)]
    order = reading_order(shapely.get_coordinates(shapely.centroid(hulls)), shapely.area(hulls))
    depot = np.full(count, -1)
    if len(project.depots):
        held = locate(project.depots.xy, np.array(hulls, object))
        for row in np.flatnonzero(held >= 0)[::-1].tolist():
            depot[held[row]] = row
    zones = {k: Zone(f"{k:02d}", _("Patrol zone {n}").format(n=k), int(depot[z])) for k, z in enumerate(order.tolist(), 1)}
    work = group_sums(label, km, count)[order]
    issue = Issue(Level.INFO, "zones", N_("There are no grids, so patrol zones were made of streets"), {}, "zones")
    plan = ZonePlan({}, zones, work, texts([hulls[z] for z in order.tolist()]), (issue,), made_from(project, "zones"))
    return Replace(N_("Make {k} patrol zones of streets"), {"zones": plan}, needs(project, "roads"), {"k": count})


def _halved(xy: Floats, weight: Floats, count: int) -> Ints:
    """Return a label 0 … `count` - 1 for each place: halved across the longer axis, each side with its share of the weight."""
    label = np.zeros(len(xy), np.int32)
    stack = [(np.arange(len(xy)), 0, count)]
    while stack:
        rows, first, parts = stack.pop()
        if parts < 2:
            label[rows] = first
            continue
        spread = xy[rows] - xy[rows].mean(axis=0)
        along = spread @ np.linalg.eigh(spread.T @ spread)[1][:, -1]
        rows = rows[np.argsort(along, kind="stable")]
        half = parts // 2
        share = np.cumsum(weight[rows]) / weight[rows].sum()
        cut = min(max(int(np.searchsorted(share, half / parts)), half), len(rows) - (parts - half))
        stack += [(rows[:cut], first, half), (rows[cut:], first + half, parts - half)]
    return label
