"""From districts to a zone plan: zones that stay as they are, numbers, codes and names, figures, and what is proven."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from algorithms.sums import group_sums
from algorithms.units.locate import locate
from algorithms.zoning.front import Choice
from algorithms.zoning.problem import Zoning
from gridplanner.i18n import _
from gridplanner.model.codes import reading_order
from gridplanner.model.freshness import made_from
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.outlines import grid_ids, unit_polygons, zone_ids, zone_rows
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.zone_figures import figures_of
from gridplanner.model.zones import NO_ZONE, Zone, ZoneCertificate, ZoneChoice, ZoneGround, ZonePlan
from gridplanner.planning.zone_pieces import FreeGround, Pieces
from gridplanner.planning.zone_sites import SitesOfZones, times_from
from gridplanner.planning.zone_workload import Workload
from gridplanner.settings import ZoneSettings

HEIR = 0.5  # share of a zone's work that the zone after it holds when it takes its code
PROVEN = 1e-6  # relative distance of value and bound that counts as none


@dataclass(frozen=True, eq=False)
class Kept:
    """Zones that are locked: `keys` their ids so far, `zones` what they are; `label` (p,) the row of each piece's, -1 for none."""

    keys: tuple[int, ...]
    zones: tuple[Zone, ...]
    label: Ints

    @property
    def held(self) -> Bools:
        """(p,) the pieces that are in one of them."""
        return self.label >= 0


@dataclass(frozen=True, eq=False)
class Solved:
    """The plans of the pieces in no locked zone; `alike` are their zonings numbered alike, `chosen` the row of the one to be."""

    choices: tuple[Choice, ...]
    alike: tuple[Zoning, ...]
    chosen: int
    sites: SitesOfZones
    ground: FreeGround


def kept_zones(project: Project, pieces: Pieces) -> Kept:
    """Return the locked zones with the pieces that lie in them for the greater part; zones of other units cannot be kept."""
    before = _zones_before(project)
    label = np.full(len(pieces), -1)
    if before is None or project.zones is None:
        return Kept((), (), label)
    locked = [(row, key) for row, (key, zone) in enumerate(project.zones.zones.items()) if zone.locked]
    size = group_sums(pieces.of_unit, np.ones(len(before)), len(pieces))
    keys: list[int] = []
    for row, key in locked:
        mine = group_sums(pieces.of_unit, before == row, len(pieces)) > 0.5 * size
        if mine.any():
            label[mine] = len(keys)
            keys.append(key)
    return Kept(tuple(keys), tuple(project.zones.zones[key] for key in keys), label)


def plan_of(project: Project, settings: ZoneSettings, pieces: Pieces, work: Workload, kept: Kept, solved: Solved | None) -> ZonePlan:
    """Return the zone plan: ids in reading order, codes and names kept where a zone follows one that was there, figures and choices."""
    assert project.units is not None
    first = len(kept.zones)
    count = first + (len(solved.alike[0].sites) if solved else 0)
    sites, home, depots, minutes = _sites(project, settings, pieces, kept, solved)
    labels = [_spread(kept, solved, row) for row in range(len(solved.choices) if solved else 1)]
    chosen = solved.chosen if solved else 0
    number = _numbers(pieces, labels[chosen], count)
    served = [_served(kept, solved, row) for row in range(len(labels))]
    used, place = np.unique(np.concatenate(served), return_inverse=True)
    place = place.reshape(len(labels), count)
    ground = ZoneGround(
        work=work.work,
        demand=work.demand,
        street_km=work.street_km,
        key_sites=work.key_sites,
        sites=sites[used],
        home=_home_units(project, pieces, sites[used], home[used]),
        depots=depots[used].astype(np.int32),
        minutes=minutes[used],
        piece=pieces.of_unit,
    )
    order = np.argsort(number)  # the district of zone 1, 2 …
    zones = _named(project, pieces, kept, number, labels[chosen], ground, place[chosen], order)
    choices: list[ZoneChoice] = []
    out = _pieces_out(project, settings, pieces)
    for row, label in enumerate(labels):
        site = place[row][order]
        ids = zone_ids_of(number, label)
        figures = figures_of(ground, (ids - 1)[pieces.of_unit], site)
        certificate = _certificate(solved.choices[row]) if solved else None
        response = solved.choices[row].response if solved else settings.response
        choices.append(ZoneChoice(
            ids[out], ground.sites[site], ground.depots[site], float(response), figures.spread,
            figures.minutes, float(np.nanmax(figures.worst)), certificate,
        ))  # fmt: skip
    ids = zone_ids_of(number, labels[chosen])
    mine, figures = choices[chosen], figures_of(ground, (ids - 1)[pieces.of_unit], place[chosen][order])
    blocks = settings.units == "blocks" or project.grids is None
    members = {} if blocks else dict(zip(grid_ids(project.grids).tolist(), mine.labels.tolist(), strict=True))
    return ZonePlan(
        members, zones, figures.workload, texts(), (), made_from(project, "zones"), mine.labels if blocks else np.zeros(0, np.int32),
        figures.p90, tuple(choices), chosen, mine.certificate, ground,
    )  # fmt: skip


def zone_ids_of(number: Ints, label: Ints) -> Ints:
    """Return the zone id of each piece (p,) from that of its district, NO_ZONE for a piece in none."""
    return np.where(label >= 0, number[label], NO_ZONE).astype(np.int32)


def _zones_before(project: Project) -> Ints | None:
    """Return the row of the zone that each unit (u,) is in now, None where there is no such plan of these units."""
    if project.zones is None or project.units is None or not (project.zones.members or len(project.zones.labels)):
        return None
    rows = zone_rows(project.grids, project.zones)
    return rows if len(rows) == len(project.units) else None


def _sites(
    project: Project, settings: ZoneSettings, pieces: Pieces, kept: Kept, solved: Solved | None
) -> tuple[Floats, Ints, Ints, np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """Return all places, those of the kept zones first: xy (m, 2), piece, depot, minutes (m, p)."""
    xy, home, depot = np.empty((len(kept.zones), 2)), np.empty(len(kept.zones), np.int64), np.empty(len(kept.zones), np.int64)
    for row, zone in enumerate(kept.zones):
        mine = np.flatnonzero(kept.label == row)
        pull = pieces.demand[mine] + 1e-9 + 0.05 * pieces.demand.mean()
        middle = pull @ pieces.xy[mine] / pull.sum()
        known = zone.x is not None and zone.y is not None
        xy[row] = (zone.x, zone.y) if known else middle
        near = int(mine[np.argmin(np.hypot(*(pieces.xy[mine] - xy[row]).T))])
        xy[row] = xy[row] if known else pieces.xy[near]
        home[row], depot[row] = near, zone.depot
    minutes = times_from(project, settings, pieces, xy) if len(xy) else np.empty((0, len(pieces)), np.float32)
    if solved is None:
        return xy, home, depot, minutes
    more = solved.sites
    return (
        np.concatenate((xy, more.xy)), np.concatenate((home, more.home)), np.concatenate((depot, more.depots)),
        np.concatenate((minutes, more.minutes)),
    )  # fmt: skip


def _spread(kept: Kept, solved: Solved | None, row: int) -> Ints:
    """Return the district of each piece (p,): kept zones first, then the districts of a choice; -1 for what is not patrolled."""
    label = kept.label.copy()
    if solved is not None:
        label[solved.ground.rows] = len(kept.zones) + solved.alike[row].labels
    return label


def _served(kept: Kept, solved: Solved | None, row: int) -> Ints:
    """Return the row in all places (k,) that each district of a choice is served from."""
    own = np.arange(len(kept.zones))
    return own if solved is None else np.concatenate((own, len(own) + solved.alike[row].sites))


def _numbers(pieces: Pieces, label: Ints, count: int) -> Ints:
    """Return the id 1 … of each district (k,), in reading order of their middles."""
    held = label >= 0
    size, at = pieces.land.area[held], pieces.land.xy[held]
    area = np.maximum(group_sums(label[held], size, count), 1e-9)
    xy = np.column_stack([group_sums(label[held], size * axis, count) for axis in at.T]) / area[:, None]
    number = np.empty(count, np.int32)
    number[reading_order(xy, area)] = np.arange(1, count + 1)
    return number


def _home_units(project: Project, pieces: Pieces, xy: Floats, home: Ints) -> Ints:
    """Return the unit (m,) that each place lies in, one of its piece's units where it lies on the rim of another."""
    assert project.units is not None
    unit = locate(xy, unit_polygons(project.units))
    first = np.full(len(pieces), -1)
    first[pieces.of_unit[::-1]] = np.arange(len(pieces.of_unit))[::-1]
    fits = (unit >= 0) & (pieces.of_unit[np.maximum(unit, 0)] == home)
    return np.where(fits, unit, first[home]).astype(np.int32)


def _pieces_out(project: Project, settings: ZoneSettings, pieces: Pieces) -> Ints:
    """Return the piece of each grid in rising order of ids, or of each unit where zones are made of blocks."""
    if settings.units == "blocks" or project.grids is None:
        return pieces.of_unit
    ids = grid_ids(project.grids)
    found = np.zeros(len(ids), np.int64)
    found[np.searchsorted(ids, project.grids.labels)] = pieces.of_unit
    return found


def _named(
    project: Project, pieces: Pieces, kept: Kept, number: Ints, label: Ints, ground: ZoneGround, site: Ints, order: Ints
) -> dict[int, Zone]:
    """Return the zones by id, with the codes and names of those that they follow."""
    heirs: dict[int, Zone] = dict(enumerate(kept.zones))
    before = _zones_before(project)
    if before is not None and project.zones is not None:
        keys = [key for key in zone_ids(project.zones) if key not in kept.keys]
        old = np.array([row for row, key in enumerate(zone_ids(project.zones)) if key not in kept.keys], np.int64)
        heirs |= _heirs(
            label[pieces.of_unit], before, old, [project.zones.zones[key] for key in keys], ground.work, len(kept.zones), number
        )
    taken = {zone.code for zone in heirs.values()}
    zones: dict[int, Zone] = {}
    for key, district in enumerate(order.tolist(), 1):
        x, y = (float(value) for value in ground.sites[site[district]])
        zone = heirs.get(district)
        if zone is None:
            free = next(n for n in range(1, len(order) + len(taken) + 1) if f"{n:02d}" not in taken)
            taken.add(f"{free:02d}")
            zone = Zone(f"{free:02d}", _("Patrol zone {n}").format(n=free))
        zones[key] = dataclasses.replace(zone, depot=int(ground.depots[site[district]]), x=x, y=y)
    return zones


def _heirs(label: Ints, before: Ints, old: Ints, known: list[Zone], work: Floats, first: int, number: Ints) -> dict[int, Zone]:
    """Return the zone that each district from `first` on follows: that with which it shares most work, half of either's at least."""
    count = len(number)
    if not len(old) or count <= first:
        return {}
    shared = np.zeros((count, int(before.max(initial=0)) + 1))
    mass = np.maximum(work, 1e-9)
    held = (before >= 0) & (label >= 0)
    np.add.at(shared, (label[held], before[held]), mass[held])
    total = np.bincount(label[label >= 0], mass[label >= 0], minlength=count)
    table = shared[first:][:, old]
    mine, other = linear_sum_assignment(-table)
    share = table[mine, other] / np.maximum(np.minimum(total[first:][mine], shared.sum(axis=0)[old][other]), 1e-12)
    return {first + int(m): known[int(o)] for m, o, s in zip(mine, other, share, strict=True) if s >= HEIR}


def _certificate(choice: Choice) -> ZoneCertificate:
    """Return what is proven of a choice; its value and bound count late minutes as the search does."""
    plan, value = choice.plan, choice.plan.figures.cost
    objective = "minutes, any sites" if plan.everywhere else "minutes"
    if not np.isfinite(plan.bound):
        return ZoneCertificate("none", value, None, objective, "uneven")
    status = "optimal" if plan.bound >= value * (1 - PROVEN) else "gap"
    return ZoneCertificate(status, value, float(plan.bound), objective)
