"""Ids, codes and names of the grids of a new plan: locked grids keep theirs, places that stay bring theirs, the rest are new."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.code_profiles import profile_of
from gridplanner.i18n import _
from gridplanner.model.codes import next_codes
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Ints
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


def numbered(
    project: Project,
    district: Ints,
    settled: Mapping[int, Settled] | None = None,
    codes: Mapping[int, str] | None = None,
    retired: Set[str] = frozenset(),
) -> tuple[Ints, dict[int, Grid]]:
    """Return labels (u,) and grids with ids from 1 in the order of their codes.

    `settled` says which districts the rules made: a locked grid keeps its id and all that is known of it, an exclusive area or a
    villagers' group gives its name. `codes` are those that districts must have, `retired` those that none may have. Raises InputError
    where a community has more grids than its codes have room for.
    """
    units, communities = project.units, project.communities
    assert units is not None
    settled, codes = settled or {}, codes or {}
    count = int(district.max()) + 1
    community = community_of_districts(units, district)
    area = group_sums(district, unit_areas(units), count)
    centre = shapely.get_coordinates(shapely.centroid(unit_polygons(units))) * unit_areas(units)[:, None]
    xy = np.column_stack([group_sums(district, column, count) for column in centre.T]) / area[:, None]
    old = project.grids.grids if project.grids is not None else {}
    locked = {d: old[what.grid] for d, what in settled.items() if what.kind == "locked"}
    kept = np.full(count, "", object)
    for d, code in {**codes, **{d: grid.code for d, grid in locked.items()}}.items():
        kept[d] = code
    kind = np.array([int(d in settled and settled[d].kind == "exclusive") for d in range(count)], np.int32)
    profile = profile_of((project.settings.grids or GridSettings()).codes)
    found = next_codes(profile, xy, area, community, communities.codes, communities.names, kept=kept, retired=retired, kind=kind)
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
