"""The areas that no beat crosses: the district, communities, street offices, or what belongs to each police station."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_outlines, grid_rows, sides
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.stations import stations_of_grids
from gridplanner.model.units import border_lengths
from gridplanner.settings import BeatSettings


@dataclass(frozen=True, eq=False)
class BeatAreas:
    """The area of each grid, `row` (g,), in the order of `grid_ids`; `names` and `codes` (a,) of the areas, empty where there is none."""

    row: Ints
    names: Texts
    codes: Texts
    issues: tuple[Issue, ...] = ()

    def __len__(self) -> int:
        return len(self.names)


def beat_areas(project: Project, settings: BeatSettings, persons: Floats) -> BeatAreas:
    """Return the areas of the grids of a project; those with too few persons for a beat have joined a neighbour, with an issue.

    `persons` (g,) live in the grids. Raises InputError where beats are wished within stations and nothing says what belongs to them.
    """
    assert project.grids is not None
    community = np.array([project.grids.grids[g].community for g in grid_ids(project.grids).tolist()], np.int32)
    places = project.communities
    if settings.within == "communities":
        found = _named(community, places.names, texts([""] * len(places)))
    elif settings.within == "streets":
        offices, of_community = np.unique(_street_offices(project), return_inverse=True)
        found = _named(of_community[community], texts([str(name) for name in offices]), texts([""] * len(offices)))
    elif settings.within == "stations":
        found = _stations(project)
    else:
        return BeatAreas(np.zeros(len(community), np.int32), texts([""]), texts([""]))
    least = 0.5 * (1 - settings.tolerance) * settings.target_persons
    return _small_joined(project, found, persons, least)


def _street_offices(project: Project) -> list[str]:
    """Return the street office of each community: its name, or else the nine digits that say it."""
    places = project.communities
    return [str(name) or str(code)[:9] for name, code in zip(places.streets, places.codes, strict=True)]


def _stations(project: Project) -> BeatAreas:
    """Return the police station of each grid; raises InputError where nothing says what belongs to one."""
    names, row = stations_of_grids(project)
    if not names:
        raise InputError(
            _(
                "Beats are wished within police station areas, but there are neither such areas nor police stations; "
                'add sources.station_areas or sources.depots, or set within = "communities" in [beats]'
            )
        )
    areas = project.station_areas
    return _named(row, texts(list(names)), areas.codes if len(areas) else texts([""] * len(names)))


def _named(row: Ints, names: Texts, codes: Texts) -> BeatAreas:
    """Return areas without those that no grid lies in."""
    held, own = np.unique(row, return_inverse=True)
    return BeatAreas(own.astype(np.int32), names[held], codes[held])


def _small_joined(project: Project, areas: BeatAreas, persons: Floats, least: float) -> BeatAreas:
    """Return areas in which none has fewer persons than `least`, unless it is the only one: the smallest joins a neighbour first."""
    assert project.units is not None
    assert project.grids is not None
    row, names, issues = areas.row.copy(), list(areas.names), list(areas.issues)
    rows = grid_rows(project.grids)
    left, right = sides(project.units, rows)
    inner = (left >= 0) & (right >= 0) & ~project.units.blocked
    a, b, length = left[inner], right[inner], border_lengths(project.units)[inner]
    places = shapely.point_on_surface(grid_outlines(project.units, project.grids))
    xy = shapely.get_coordinates(places)
    while True:
        live = np.unique(row)
        held = group_sums(row, persons, len(names))
        small = live[np.argmin(held[live])]
        if len(live) < 2 or held[small] >= least:
            break
        mine = np.flatnonzero(row == small)
        touch = (row[a] == small) != (row[b] == small)
        other = np.where(row[a] == small, row[b], row[a])[touch]
        if len(other):
            taker = int(np.argmax(np.bincount(other, length[touch], len(names))))
        else:
            rest = np.flatnonzero(row != small)
            gap = np.hypot(*(xy[mine][:, None] - xy[rest][None]).transpose(2, 0, 1))
            taker = int(row[rest[int(np.argmin(gap.min(axis=0)))]])
        text = N_("{area} has {n} persons, too few for a beat; its grids are planned with {other}")
        said = {"area": str(names[small]), "n": f"{held[small]:.0f}", "other": str(names[taker])}
        x, y = xy[mine[0]].round(2).tolist()
        issues.append(Issue(Level.INFO, "beats", text, said, "beats", str(names[small]), x, y))
        row[mine] = taker
    found = _named(row, texts([str(name) for name in names]), areas.codes)
    return BeatAreas(found.row, found.names, found.codes, tuple(issues))
