"""Ids, codes and names of the grids of a new plan: locked grids keep theirs, places that stay bring theirs, the rest are new."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.code_profiles import profile_of
from gridplanner.i18n import _
from gridplanner.model.codes import GridCodes, next_codes
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Ints, Texts
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.units import Units, unit_areas
from gridplanner.planning.pieces import Settled
from gridplanner.settings import GridSettings


def community_of_districts(units: Units, district: Ints) -> Ints:
    """Return the community row of each district of a labelling of the units."""
    community = np.zeros(int(district.max()) + 1, np.int32)
    community[district] = units.community
    return community


def is_exclusive(project: Project, what: Settled) -> bool:
    """Return whether a grid that the rules made is an exclusive one: it may be numbered apart from service grids."""
    if what.kind == "locked":
        return project.grids is not None and project.grids.grids[what.grid].kind == "exclusive"
    return what.kind == "exclusive"


def codes_of_districts(
    project: Project, district: Ints, settled: Mapping[int, Settled], kept: Texts, retired: Set[str] = frozenset()
) -> GridCodes:
    """Return the codes of the districts of a labelling (u,) of the units, by the profile that the settings name.

    `kept` (d,) are the codes that districts have already, empty for new ones; `retired` codes are given to none. Raises InputError
    where a community has more grids than its codes have room for.
    """
    units, places = project.units, project.communities
    assert units is not None
    count, size = len(kept), unit_areas(units)
    area = group_sums(district, size, count)
    centre = shapely.get_coordinates(shapely.centroid(unit_polygons(units))) * size[:, None]
    xy = np.column_stack([group_sums(district, column, count) for column in centre.T]) / area[:, None]
    kind = np.array([int(d in settled and is_exclusive(project, settled[d])) for d in range(count)], np.int32)
    profile = profile_of((project.settings.grids or GridSettings()).codes)
    community = community_of_districts(units, district)
    return next_codes(profile, xy, area, community, places.codes, places.names, kept=kept, retired=retired, kind=kind)


def numbered(
    project: Project,
    district: Ints,
    settled: Mapping[int, Settled] | None = None,
    codes: Mapping[int, str] | None = None,
) -> tuple[Ints, dict[int, Grid]]:
    """Return labels (u,) and grids with ids from 1 in the order of their codes.

    `settled` says which districts the rules made: a locked grid keeps its id and all that is known of it, an exclusive area or a
    villagers' group gives its name. `codes` are those that districts must have; codes of grids that ended are given to none. Raises
    InputError where a community has more grids than its codes have room for.
    """
    units, communities, plan = project.units, project.communities, project.grids
    assert units is not None
    settled, codes = settled or {}, codes or {}
    count = int(district.max()) + 1
    community = community_of_districts(units, district)
    locked = {d: plan.grids[what.grid] for d, what in settled.items() if what.kind == "locked"} if plan is not None else {}
    kept = np.full(count, "", object)
    for d, code in {**codes, **{d: grid.code for d, grid in locked.items()}}.items():
        kept[d] = code
    found = codes_of_districts(project, district, settled, kept, plan.retired_codes if plan is not None else frozenset())
    taken = {settled[d].grid for d in locked}
    free = (number for number in range(1, count + len(taken) + 1) if number not in taken)
    ids = np.empty(count, np.int32)
    grids: dict[int, Grid] = {}
    name = _("{community} grid {n:02d}")
    for d in np.argsort(found.code, kind="stable").tolist():
        ids[d] = settled[d].grid if d in locked else next(free)
        if d in locked:
            grids[int(ids[d])] = dataclasses.replace(
                locked[d], code=str(found.code[d]), prev_code=str(found.previous[d]) or locked[d].prev_code
            )
            continue
        what = settled.get(d)
        usual = name.format(community=communities.names[community[d]], n=max(int(found.number[d]), 1))
        grids[int(ids[d])] = Grid(
            community=int(community[d]), code=str(found.code[d]), name=(what and what.name) or usual, kind=what.kind if what else ""
        )
    return ids[district], grids
