"""What the sizes allow, before anything is solved: which communities fit, how tight the band may be, and what would help."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from algorithms.sums import group_sums
from algorithms.units.locate import locate, nearest
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.band import Band, band_of
from gridplanner.model.fit import CommunityFit, Feasibility, fitting_numbers, tightest_spread
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import Communities, Households
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.planning.grid_problem import GridProblem, grid_problem
from gridplanner.planning.parts import Parts, parts_of
from gridplanner.planning.remedies import best_target, divided_blocks, grids_of_their_own, neighbours_to_join, other_spreads, other_target
from gridplanner.planning.size_findings import WHOLE, heavy_issues, heavy_kinds, part_issues, size_issue, size_issues
from gridplanner.planning.sizes import Sizes
from gridplanner.planning.units import NEAR

NO_UNITS = np.zeros(0, np.int32)


def feasibility(project: Project, given: GridProblem) -> tuple[Issue, ...]:
    """Return what can be said of a grid problem before it is solved, and what would help."""
    found = feasibility_of_problem(project, given)
    return (*found.findings, *found.remedies)


def feasibility_of(project: Project) -> Feasibility:
    """Return what the sizes of a project allow under its settings; of totals alone where there are no units yet.

    Quick enough to follow every change of target and tolerance: what depends on the ground alone is kept. Raises InputError where there
    are no communities or no households, or more grids than a community's codes have room for.
    """
    if project.units is not None:
        return feasibility_of_problem(project, grid_problem(project))
    if not len(project.communities):
        raise InputError(_("There is no area to divide: add communities, a district outline or households"))
    band = band_of(project.settings.grids)
    loads = band.loads(*_amounts(project))
    if not loads.sum() > 0:
        raise InputError(_("There are no households to plan for; add a household layer"))
    rows = np.arange(len(project.communities), dtype=np.int32)
    sizes = Sizes(Parts(rows, rows, loads), len(rows))
    numbers = np.array([band.number(w) for w in sizes.load.tolist()], np.int64)
    alike = np.flatnonzero(~sizes.fit(band.low, band.high) | (sizes.load <= 0)).tolist()
    findings = [size_issue(project, band, row, loads[:, row].tolist(), int(numbers[row]), WHOLE, (None, None)) for row in alike]
    return _judged(project, band, sizes, numbers, findings)


def feasibility_of_problem(project: Project, given: GridProblem) -> Feasibility:
    """Return what the sizes of a grid problem allow. Grids that the rules settle stay out: what is left of their community must fit."""
    communities = len(project.communities)
    free = given.land.area_row == given.community
    parts = parts_of(given.land, given.loads)
    area = np.zeros(len(parts.area_row), np.int32)
    area[parts.part] = np.where(free, given.community, given.land.area_row + communities)
    sizes = Sizes(Parts(parts.part, area, parts.loads), max(int(area.max(initial=0)) + 1, communities), given.land)
    free_region, community = np.zeros(len(given.problem.districts), bool), np.zeros(len(given.problem.districts), np.int32)
    free_region[given.regions.region], community[given.regions.region] = free, given.community
    numbers = group_sums(community[free_region], given.problem.districts[free_region], communities).astype(np.int64)
    heavy = np.flatnonzero(free & (given.loads.max(axis=0) > given.band.high))
    findings = [*part_issues(project, given), *size_issues(project, given, free_region), *heavy_issues(project, given, heavy)]
    return _judged(project, given.band, sizes, numbers, findings, given, heavy)


def _judged(
    project: Project,
    band: Band,
    sizes: Sizes,
    numbers: Ints,
    findings: list[Issue],
    given: GridProblem | None = None,
    heavy: Ints = NO_UNITS,
) -> Feasibility:
    """Return the figures of every community, and what would help where something does not fit."""
    count, middle = len(project.communities), (band.low + band.high) / 2
    load, held = sizes.load[:count], sizes.load[:count] > 0
    fit, in_parts = sizes.fit(band.low, band.high)[:count], sizes.tightest(middle)[:count]
    heaviest, row = _heaviest(given, count)
    figures = {
        "load": load,
        "households": _amounts(project)[0],
        "persons": _amounts(project)[1],
        "grids": numbers,
        "fits": fit,
        "by_total": np.where(held, tightest_spread(load, middle), 0.0),
        "in_parts": in_parts,
        "with_units": np.where(held, np.maximum(in_parts, heaviest / middle - 1), 0.0),
        "parts": sizes.inhabited_parts[:count],
        "smallest": sizes.smallest_part[:count],
        "heaviest": heaviest,
        "heaviest_unit": row,
        "heavy": np.bincount(given.community[heavy], minlength=count) if given is not None else np.zeros(count, np.int64),
    }
    first, last = fitting_numbers(load, band.low, band.high)
    columns = {name: values.tolist() for name, values in figures.items()}
    communities = tuple(
        CommunityFit(
            community=c,
            name=str(project.communities.names[c]),
            fitting=(int(first[c]), int(last[c])) if first[c] <= last[c] else None,
            **{name: values[c] for name, values in columns.items()},
        )
        for c in range(count)
    )
    tightest = float(in_parts.max(initial=0.0))
    target, remedies = None, []
    if not fit.all():
        remedies += other_spreads(project, band, sizes, tightest)
        target = best_target(project.settings.grids, band, sizes, count)
        remedies += [other_target(band, target, int(held.sum()))] if target is not None else []
        remedies += neighbours_to_join(project, project.units, band, sizes, ~fit) if project.units is not None else []
    buildings, blocks = heavy_kinds(project, given, heavy) if given is not None else (0, 0)
    remedies += [divided_blocks(blocks)] if blocks else []
    remedies += [grids_of_their_own(buildings)] if buildings else []
    return Feasibility(band, communities, (band.high - band.low) / 2 / middle, middle, tightest, target, tuple(findings), tuple(remedies))


def _heaviest(given: GridProblem | None, count: int) -> tuple[Floats, Ints]:
    """Return load and first unit of the heaviest piece to be divided in each community; 0 and -1 where there is none."""
    load, row = np.zeros(count), np.full(count, -1, np.int64)
    if given is not None:
        weight = given.loads.max(axis=0)
        order = np.flatnonzero(given.land.area_row == given.community)
        order = order[np.argsort(weight[order], kind="stable")]
        first = np.unique(given.rows, return_index=True)[1]
        load[given.community[order]], row[given.community[order]] = weight[order], first[order]  # the heaviest is written last
    return load, row


def _amounts(project: Project) -> tuple[Floats, Floats]:
    """Return households and persons of each community, (c,) each: by its units, or by where the addresses lie before there are any."""
    units, homes, count = project.units, project.households, len(project.communities)
    if units is None:
        return _located(project.communities, homes)
    return (
        group_sums(units.community, unit_households(units, homes), count),
        group_sums(units.community, unit_persons(units, homes), count),
    )


@lru_cache(maxsize=2)
def _located(communities: Communities, homes: Households) -> tuple[Floats, Floats]:
    row = locate(homes.xy, communities.polygons)
    lost = np.flatnonzero(row < 0)
    row[lost] = nearest(homes.xy[lost], communities.polygons, NEAR)
    inside, count = row >= 0, len(communities)
    return group_sums(row[inside], homes.households[inside], count), group_sums(row[inside], homes.persons[inside], count)
