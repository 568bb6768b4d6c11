"""What closes a cordon wholly: the streets that take the fewest people to hold, and those through which it stays open."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.checkpoints.crossings import core_of
from algorithms.checkpoints.min_cut import min_cut
from gridplanner.duty_settings import CheckpointSettings
from gridplanner.i18n import N_
from gridplanner.model.checkpoints import Closure
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.project import Project
from gridplanner.planning.cordon_crossings import CordonCrossings, base_class, class_rank, class_rows, may_hold, same_place, street_of
from gridplanner.planning.travel import Ways

ENDS = N_("streets go round the ends of the line")
SHALLOW = N_("where an area is not as deep as was wished, the places lie no deeper than half way to its middle")
WHOLE = 1000  # thousandths of a person, for the whole numbers of the cut
AT_SITE = 40.0  # metres from a forbidden site within which a street may not be held


def closure_of(project: Project, ways: Ways, crossed: CordonCrossings, settings: CheckpointSettings) -> Closure:
    """Return the minimum cut between what is inside a cordon and what is outside it.

    Streets that may not be held cost more than all that may together, so that the cut has as few of them as there can be, and the
    fewest people for the rest. A one-way street takes half the people of its class. With `settings.depth_m` the cut may move inside,
    though in no part of the area further than half way to its innermost street.
    """
    found = crossed.found
    streets = found.streets
    street = street_of(ways, found, np.arange(len(streets.u)))
    holdable = _holdable(project, crossed, may_hold(project, settings)[street])
    cost = np.where(holdable, _people(project, streets.seconds, street, settings), 0)
    leak = int(cost.sum()) + 1
    cost[~holdable] = leak
    cost[crossed.goes_round] = 0
    side, shallow = found.side, False
    if settings.depth_m > 0:
        core, shallow = core_of(found, crossed.cordon.area, settings.depth_m)
        side = np.where((side > 0) & ~core, 0, side)
    cut = min_cut(streets.u, streets.v, cost, side)
    edges = cut.edges[~crossed.goes_round[cut.edges]]
    leaks = edges[~holdable[edges]]
    open_cost = leak * len(leaks)
    places = _named(project, crossed, street, edges[holdable[edges]])
    left = _named(project, crossed, street, leaks)
    why = ENDS if crossed.open_ends else SHALLOW if shallow else ""
    return Closure(crossed.cordon.name, (cut.value - open_cost) / WHOLE, (cut.flow - open_cost) / WHOLE, places, left, why)


def _holdable(project: Project, crossed: CordonCrossings, by_class: Bools) -> Bools:
    """Return which pieces may be held: of a class that may, or where a checkpoint stands, and not where one is forbidden."""
    found = crossed.found
    holdable = by_class.copy()
    kinds = np.array([row.site for row in crossed.rows], object)
    arterial = np.array([row.arterial for row in crossed.rows], bool)
    if len(crossed.rows):
        holdable[found.piece] = (arterial & (kinds != "forbidden") | (kinds == "existing"))[crossed.place]
    sites = project.checkpoint_sites
    forbidden = sites.xy[sites.kinds == "forbidden"] if len(sites) else np.empty((0, 2))
    if len(forbidden):
        inner = np.ones(len(holdable), bool)
        inner[found.piece] = False
        ends = found.streets.xy
        lines = shapely.linestrings(np.stack((ends[found.streets.u], ends[found.streets.v]), axis=1))
        near = shapely.STRtree(lines).query(shapely.points(forbidden), predicate="dwithin", distance=AT_SITE)[1]
        blocked = np.zeros(len(holdable), bool)
        blocked[near] = True
        holdable &= ~(blocked & inner)
    return holdable


def _people(project: Project, seconds: Floats, street: Ints, settings: CheckpointSettings) -> Ints:
    """Return the thousandths of a person that holding each piece takes: at least one, half of the class's where it is one-way."""
    words, rows = class_rows(project.roads)
    least = min(settings.manpower.values())
    people = np.array([settings.manpower.get(base_class(word), least) for word in words], np.float64)[rows[street]]
    both = np.isfinite(seconds).all(axis=1)
    return np.asarray(np.maximum(np.rint(people * WHOLE / np.where(both, 1, 2)), 1), np.int64)


def _named(project: Project, crossed: CordonCrossings, street: Ints, edges: Ints) -> tuple[tuple[float, float, str, str], ...]:
    """Return (x, y, road, class) of each place that some pieces are together, by class and from west to east."""
    if not len(edges):
        return ()
    found = crossed.found
    place_of = np.full(len(street), -1)
    place_of[found.piece] = crossed.place
    out = [(row.x, row.y, row.road, row.highway) for row in (crossed.rows[p] for p in np.unique(place_of[edges]) if p >= 0)]
    inner = edges[place_of[edges] < 0]
    if len(inner):
        ends = found.streets.xy
        xy = (ends[found.streets.u[inner]] + ends[found.streets.v[inner]]) / 2
        label = same_place(project, found, street[inner], xy, inner)
        for place in range(int(label.max()) + 1):
            rows = np.flatnonzero(label == place)
            first = street[inner[rows[0]]]
            out.append((*xy[rows].mean(axis=0).tolist(), str(project.roads.names[first]), str(project.roads.highway[first])))
    return tuple(sorted(out, key=lambda at: (class_rank(at[3]), at[0], at[1])))
