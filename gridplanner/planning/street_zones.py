"""Patrol zones of streets alone, where there are neither grids nor blocks to group."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.sums import group_sums
from algorithms.units.locate import locate
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.codes import reading_order
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints, parts_of_lines
from gridplanner.model.places import RoadClass, texts
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.settings import PatrolSettings


def street_zones(project: Project, wanted: int) -> Replace:
    """Return zones of street parts: halved along straight lines until each has its share of the length.

    The hulls of the parts' middles do not meet, as a line lies between any two. Raises InputError where there are no streets.
    """
    patrol = project.settings.patrol or PatrolSettings()
    required = np.isin(project.roads.highway, patrol.required_classes) & (project.roads.classes > RoadClass.OTHER)
    rows = required if required.any() else project.roads.classes > RoadClass.OTHER
    lines = project.roads.lines.select(np.flatnonzero(rows))
    if not len(lines):
        raise InputError(_("There are neither grids nor streets to make patrol zones of"))
    middle, km, _line = parts_of_lines(lines)
    count = min(wanted, len(km))
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
