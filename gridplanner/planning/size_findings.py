"""What does not fit, in words: parts that are joined, communities that no number of grids fits, units heavier than a grid may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.band import Band
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.project import Project
from gridplanner.planning.grid_problem import GridProblem

# of a whole community, of a part of it that is planned by itself, and of what settled grids leave of it
_BETWEEN = (
    N_(
        "{name} has {n} {what}: no number of grids fits {limits}. "
        "k = {less} gives {each} each, k = {more} gives {other}; k = {k} was taken"
    ),
    N_(
        "A part of {name} has {n} {what}: no number of grids fits {limits}. "
        "k = {less} gives {each} each, k = {more} gives {other}; k = {k} was taken"
    ),
    N_(
        "Beside its settled grids {name} has {n} {what}: no number of grids fits {limits}. "
        "k = {less} gives {each} each, k = {more} gives {other}; k = {k} was taken"
    ),
)  # fmt: skip
_SMALL = (
    N_("{name} has only {n} {what}, too few for one grid of {limits}; it is one grid"),
    N_("A part of {name} has only {n} {what}, too few for one grid of {limits}; it is one grid"),
    N_("Beside its settled grids {name} has only {n} {what}, too few for one grid of {limits}; it is one grid"),
)
_EMPTY = N_("{name} has no {what}; it is one grid")
WHOLE, PART, REST = 0, 1, 2


def size_issue(
    project: Project, band: Band, community: int, loads: Sequence[float], k: int, extent: int, xy: Sequence[float | None]
) -> Issue:
    """Return the issue of a community (WHOLE), a PART of it or the REST of it that no number of grids fits; `k` is the number taken."""
    load = max(loads)
    target, _kind = band.binding(loads)
    less = max(int(load), 1)
    limits = f"{band.low * target:g}–{band.high * target:g}"
    values: dict[str, object] = {"name": project.communities.names[community], "k": k, "limits": limits, **band.amount(loads)}
    text = _EMPTY if load == 0 else _SMALL[extent] if load < band.low else _BETWEEN[extent]
    if text is _BETWEEN[extent]:
        values |= {"less": less, "each": f"{load * target / less:.0f}", "more": less + 1, "other": f"{load * target / (less + 1):.0f}"}
    level = Level.WARNING if load > 0 else Level.INFO
    return Issue(level, "band", text, values, "communities", str(community), xy[0], xy[1])


def part_issues(project: Project, given: GridProblem) -> list[Issue]:
    """Say which inhabited parts of a community were joined to another part."""
    issues = []
    text = N_("A part of {name} with {n} {what} does not fit the band by itself; it joins the nearest part")
    for _area, loads, piece in given.regions.joined:
        if max(loads) > 0:
            x, y = given.land.xy[piece].tolist()
            row = int(given.community[piece])
            values = {"name": project.communities.names[row], **given.band.amount(loads)}
            issues.append(Issue(Level.INFO, "part", text, values, "communities", str(row), x, y))
    return issues


def size_issues(project: Project, given: GridProblem, free: Bools) -> list[Issue]:
    """Say where no number of grids fits the band, and what the two nearest numbers give; `free` (r,) are the regions to be divided."""
    issues = []
    band, regions = given.band, given.regions
    totals = np.stack([group_sums(regions.region, column) for column in given.loads])
    first = np.unique(regions.region, return_index=True)[1]
    settled = np.isin(np.arange(len(project.communities)), given.community[first[~free]])
    shares = np.bincount(given.community[first[free & (regions.load > 0)]], minlength=len(project.communities))
    for region in np.flatnonzero(free & np.array([len(band.fitting(w)) == 0 for w in regions.load.tolist()], bool)).tolist():
        row = int(given.community[first[region]])
        extent = PART if shares[row] > 1 else REST if settled[row] else WHOLE
        xy = given.land.xy[first[region]].tolist()
        issues.append(size_issue(project, band, row, totals[:, region].tolist(), int(given.problem.districts[region]), extent, xy))
    return issues


def heavy_issues(project: Project, given: GridProblem, heavy: Ints) -> list[Issue]:
    """Say which pieces are heavier than a grid may be, and where: the address that weighs most there, else the community."""
    if not len(heavy) or project.units is None:
        return []
    issues = []
    units, homes, band = project.units, project.households, given.band
    number_of_units = np.bincount(given.rows, minlength=len(given.community))
    held = np.flatnonzero(units.address_unit >= 0)
    piece = given.rows[units.address_unit[held]]
    inside = np.isin(piece, heavy)
    held, piece = held[inside], piece[inside]
    weight = band.load(homes.households[held], homes.persons[held])
    order = np.lexsort((weight, piece))
    last = dict(zip(piece[order].tolist(), held[order].tolist(), strict=True))  # the heaviest address of each piece is written last
    for p in heavy.tolist():
        place = str(homes.address[last[p]]) if p in last else ""
        name = project.communities.names[int(given.community[p])]
        values = {"place": place or name, **band.amount(given.loads[:, p].tolist())}
        if number_of_units[p] > 1:
            text = N_("What stays together ({place}) holds {n} {what}, more than a grid may")
            values["place"] = given.pieces.kept.get(p, name)
        elif place:
            text = N_("A building or block at {place} that cannot be divided holds {n} {what}, more than a grid may")
        else:
            text = N_("A building or block in {place} that cannot be divided holds {n} {what}, more than a grid may")
        x, y = given.land.xy[p].tolist()
        issues.append(Issue(Level.WARNING, "heavy", text, values, "units", str(p), x, y))
    return issues


def heavy_kinds(project: Project, given: GridProblem, heavy: Ints) -> tuple[int, int]:
    """Return how many heavy pieces hold one address that is heavier than a grid may be, and how many are blocks that could be divided.

    The latter are single units that hold no such address where the settings keep blocks whole.
    """
    if not len(heavy) or project.units is None:
        return 0, 0
    homes, band, address_unit, settings = project.households, given.band, project.units.address_unit, project.settings.grids
    held = np.flatnonzero(address_unit >= 0)
    heaviest = np.zeros(len(given.community))
    np.maximum.at(heaviest, given.rows[address_unit[held]], band.load(homes.households[held], homes.persons[held]))
    building = heaviest[heavy] > band.high
    kept = settings is not None and not settings.divide_blocks
    single = np.bincount(given.rows, minlength=len(given.community))[heavy] == 1
    return int(building.sum()), int((single & ~building).sum()) if kept else 0
