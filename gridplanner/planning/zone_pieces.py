"""What patrol zones are made of: grids, beats or street blocks, with their neighbours and the place that each is reached at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from algorithms.graph.adjacency import Adjacency
from algorithms.graph.components import components
from algorithms.sums import group_sums
from algorithms.units.rings import ring_polygons, trace_rings
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.band import Band
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import beat_rows, grid_ids, grid_outlines, grid_rows, sides, unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.units import Units, unit_areas
from gridplanner.nearest import nearest_word
from gridplanner.planning.parts import Land, Regions, land_of, regions_of
from gridplanner.planning.zone_workload import Workload
from gridplanner.settings import ZoneSettings

ALONE = Band(1.0, None, 0.7, 1.4)  # of a mean zone: what an island needs to have zones of its own


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces that zones are made of: `of_unit` (u,) the piece of each unit, `names` (p,), polygons and the land that they are.

    `work` and `demand` (p,), `xy` (p, 2) the place that each is reached at: the address or incident nearest to the
    middle of what is to be reached there. `patrolled` (p,) are those that zones are made of.
    """

    of_unit: Ints
    names: Texts
    polygons: Texts
    land: Land
    work: Floats
    demand: Floats
    xy: Floats
    patrolled: Bools

    def __len__(self) -> int:
        return len(self.work)


def piece_rows(project: Project, kind: str) -> tuple[Ints, list[str], list[Issue]]:
    """Return the piece of each unit (u,), what the pieces are called, and what was not as the settings wish.

    Raises InputError where zones of beats are asked for and there are none.
    """
    assert project.units is not None
    if kind == "blocks" or project.grids is None:
        return np.arange(len(project.units), dtype=np.int32), [str(row + 1) for row in range(len(project.units))], []
    of_grid = grid_rows(project.grids)
    names = [project.grids.grids[int(grid)].code or str(int(grid)) for grid in grid_ids(project.grids)]
    if kind == "grids":
        return of_grid, names, []
    if project.beats is None or not len(project.beats):
        raise InputError(_("Patrol zones are to be made of beats, but there are none yet; make the beats first, or choose grids"))
    beat = beat_rows(project.grids, project.beats)
    bare = np.unique(of_grid[beat < 0])  # grids in no beat stay pieces by themselves
    number = np.full(len(names), -1)
    number[bare] = len(project.beats) + np.arange(len(bare))
    rows = np.where(beat >= 0, beat, number[of_grid])
    codes = [each.code or str(key) for key, each in project.beats.beats.items()]
    used, dense = np.unique(rows, return_inverse=True)
    called = [*codes, *(names[row] for row in bare.tolist())]
    text = N_("{n} grids are in no beat; each was taken by itself for the patrol zones")
    issues = [Issue(Level.INFO, "zones", text, {"n": len(bare)}, "zones")] if len(bare) else []
    return dense.astype(np.int32), [called[row] for row in used.tolist()], issues


def pieces_of(project: Project, settings: ZoneSettings, load: Workload, rows: Ints, names: list[str]) -> Pieces:
    """Return the pieces that `rows` (u,) makes of the units."""
    assert project.units is not None
    units, count = project.units, len(names)
    if project.grids is not None and settings.units == "grids":
        polygons = grid_outlines(units, project.grids)
    elif count == len(units):
        polygons = unit_polygons(units)
    else:
        polygons = ring_polygons(units.xy, trace_rings(units.xy, units.ends, *sides(units, rows)), count)
    land = land_of(units, rows, polygons, np.zeros(count, np.int32))
    land = _by_main_parts(units, rows, load, land)
    work, demand = group_sums(rows, load.work, count), group_sums(rows, load.demand, count)
    xy = land.xy.copy()
    if len(load.demand_of):
        piece = rows[load.demand_unit]
        mass = group_sums(piece, load.demand_of, count)
        middle = np.column_stack([group_sums(piece, load.demand_of * axis, count) for axis in load.demand_xy.T])
        away = np.hypot(*(load.demand_xy - middle[piece] / np.maximum(mass, 1e-12)[piece, None]).T)
        order = np.lexsort((away, piece))
        order = order[load.demand_of[order] > 0]
        found, first = np.unique(piece[order], return_index=True)
        xy[found] = load.demand_xy[order[first]]
    called = np.empty(count, object)
    called[:] = names
    return Pieces(rows, called, polygons, land, work, demand, xy, _patrolled(project, settings, rows, count))


def _patrolled(project: Project, settings: ZoneSettings, rows: Ints, count: int) -> Bools:
    """Return the pieces (p,) of which most lies in the street offices that the settings name; raises InputError for a name there is not."""
    if not settings.streets:
        return np.ones(count, bool)
    assert project.units is not None
    known = sorted(set(project.communities.streets.tolist()) - {""})
    for name in settings.streets:
        if name not in known:
            text = _("[zones] streets has {name}, but no community is of such a street office or township; {hint}")
            raise InputError(text.format(name=name, hint=nearest_word(name, known)))
    area = unit_areas(project.units)
    inside = np.isin(project.communities.streets, settings.streets)[project.units.community]
    return np.asarray(2 * group_sums(rows, area * inside, count) > group_sums(rows, area, count))


def _by_main_parts(units: Units, rows: Ints, load: Workload, land: Land) -> Land:
    """Return land on which pieces are neighbours only where their main parts are: an exclave of a grid joins nothing.

    The main part is the one with most work.
    """
    inner = (units.left >= 0) & (units.right >= 0) & ~units.blocked
    left, right = units.left[inner], units.right[inner]
    same = rows[left] == rows[right]
    part = components(len(rows), left[same], right[same])
    weight = group_sums(part, load.work + unit_areas(units) * 1e-9 * max(float(load.work.sum()), 1.0) / max(land.area.sum(), 1.0))
    order = np.argsort(weight[part], kind="stable")
    main = np.full(len(land.area), -1)
    main[rows[order]] = part[order]  # the heaviest is written last
    if int(part.max(initial=-1)) + 1 == len(land.area):
        return land
    held = (part == main[rows])[left] & (part == main[rows])[right] & ~same
    low, high = np.minimum(rows[left], rows[right])[held], np.maximum(rows[left], rows[right])[held]
    key = np.unique(low.astype(np.int64) * len(land.area) + high)
    pairs = land.adjacency
    free = np.isin(pairs.low.astype(np.int64) * len(land.area) + pairs.high, key)
    return replace(land, adjacency=replace(pairs, crossable=pairs.crossable & free))


@dataclass(frozen=True, eq=False)
class FreeGround:
    """The pieces that are in no locked zone: their rows (f,), neighbours among them, regions and how many zones each region gets.

    `low`, `high` are rows among them, `linked` the pairs that nothing but a link joins.
    """

    rows: Ints
    low: Ints
    high: Ints
    length: Floats
    crossable: Bools
    linked: tuple[Ints, Ints]
    region: Ints
    districts: Ints


def free_ground(pieces: Pieces, free: Bools, count: int) -> FreeGround:
    """Return the ground that `count` zones are to share: parts of it too small for a zone of their own are joined to the nearest."""
    rows = np.flatnonzero(free)
    land = _without(pieces.land, rows)
    work = pieces.work[rows]
    loads = (work / work.sum() * count if work.sum() > 0 else np.full(len(rows), count / max(len(rows), 1)))[None, :]
    regions = regions_of(land, loads, ALONE)
    if int(regions.region.max(initial=0)) + 1 > count:
        regions = regions_of(land, loads, Band(1.0, None, 1e9, 1e9))  # fewer zones than parts: all parts are joined
    districts = shares(regions.load, np.bincount(regions.region), count)
    return _ground(rows, land, regions, districts)


def shares(load: Floats, pieces: Ints, count: int) -> Ints:
    """Return how many of `count` zones each region gets: one at least, its pieces at most, by largest remainder."""
    quota = load / max(load.sum(), 1e-12) * count
    given = np.maximum(np.floor(quota), 1)
    given = np.minimum(given, pieces)
    while given.sum() < count and np.any(given < pieces):
        given[np.argmax(np.where(given < pieces, quota - given, -np.inf))] += 1
    while given.sum() > count and np.any(given > 1):
        given[np.argmin(np.where(given > 1, quota - given, np.inf))] -= 1
    return np.asarray(given, np.int32)


def _without(land: Land, rows: Ints) -> Land:
    """Return the land of some pieces alone; what lies around them is not needed here."""
    place = np.full(len(land.area), -1, np.int32)
    place[rows] = np.arange(len(rows))
    pairs = land.adjacency
    kept = (place[pairs.low] >= 0) & (place[pairs.high] >= 0)
    among = Adjacency(place[pairs.low[kept]], place[pairs.high[kept]], pairs.length[kept], pairs.cost[kept], pairs.crossable[kept])
    nearest = land.nearest if len(rows) == len(land.area) else {}
    return Land(
        among, land.surroundings, land.area[rows], land.rim[rows], land.xy[rows], land.area_row[rows], land.polygons[rows], nearest,
        land.metre,
    )  # fmt: skip


def _ground(rows: Ints, land: Land, regions: Regions, districts: Ints) -> FreeGround:
    pairs, (a, b) = land.adjacency, regions.links
    low = np.concatenate((pairs.low, np.minimum(a, b)))
    high = np.concatenate((pairs.high, np.maximum(a, b)))
    length = np.concatenate((pairs.cost, np.zeros(len(a))))
    crossable = np.concatenate((pairs.crossable, np.ones(len(a), bool)))
    return FreeGround(rows, low, high, length, crossable, (a, b), regions.region, districts)
