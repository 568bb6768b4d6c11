"""How guards come to the line: their bases, and the time from each over the entry points to every atom."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.nearest import EdgePlaces, nearest_edge
from algorithms.progress import SILENT, Progress
from algorithms.railguard.access import LineAccess, along_lines, gate_seconds
from algorithms.railguard.projection import places_on_lines
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import Depots, texts
from gridplanner.model.project import Project
from gridplanner.model.rail import NO_PLACES, RailLine, RailPlaces, RailProfile
from gridplanner.planning.rail_gates import RailGates
from gridplanner.planning.rail_gates import gates_of as gates_of
from gridplanner.planning.road_network import KMH
from gridplanner.planning.travel import ASIDE, Ways
from gridplanner.settings import RailSettings

GUARDS = ("护路", "铁路", "铁道", "rail", "guard")  # in the kind or name of a depot that guards of the line set out from
POLICE = ("派出所", "警", "police", "station")
FAR = 500.0  # metres to the nearest street from which a base is likely misplaced


@dataclass(frozen=True, eq=False)
class RailAccess:
    """How soon each atom is reached from each base: `times` (b, n); `bases` and `gates` are the rows that these name."""

    bases: RailPlaces
    gates: RailPlaces
    times: LineAccess


def bases_of(project: Project, lines: Sequence[RailLine]) -> tuple[RailPlaces, list[Issue]]:
    """Return where guards set out from: depots whose kind or name says so, else police stations, else all; none is an issue."""
    depots = project.depots
    if not len(depots):
        text = N_("There are no depots to reach the line from, so access is not known; import depots, of kind 护路 where guards set out")
        return NO_PLACES, [Issue(Level.INFO, "rail_bases", text, {}, "depots")]
    rows = _base_rows(depots)
    found = places_on_lines([line.coords for line in lines], depots.xy[rows])
    named = [str(depots.names[row]) or _("Depot {n}").format(n=row + 1) for row in rows.tolist()]
    return RailPlaces(depots.xy[rows], texts(named), found.line, found.along), []


def _base_rows(depots: Depots) -> Ints:
    for words in (GUARDS, POLICE):
        says = [any(word in f"{kind} {name}".casefold() for word in words) for kind, name in zip(depots.kinds, depots.names, strict=True)]
        if any(says):
            return np.flatnonzero(np.array(says))
    return np.arange(len(depots))


def access_of(
    project: Project, lines: Sequence[RailLine], profile: RailProfile, gates: RailGates, settings: RailSettings, progress: Progress = SILENT
) -> tuple[RailAccess, list[Issue]]:  # fmt: skip
    """Return how soon the middle of each atom is reached from each base: driven to a gate, then on foot to the line and along it.

    A base within `gate_m` of the line is an entry point of its own guards. No base, no street and no gate are issues, and so are atoms
    that no base reaches, one a line; the rest works all the same.
    """
    bases, issues = bases_of(project, lines)
    walk = settings.walk_kmh * KMH
    seconds = np.full((len(bases), len(gates.places)), np.inf)
    if gates.ways is not None and len(bases):
        start = _on_road(gates.ways, bases.xy, gates)
        seconds = gate_seconds(gates.ways.graph, gates.ways.network, start, gates.on_road, gates.ways.lead(start), walk, progress)
        issues += _far_bases(bases, start)
    places, on_foot = _doors(lines, bases, settings.gate_m)
    seconds = np.hstack((seconds, on_foot / walk))
    places = _joined(gates.places, places)
    middle = (profile.low + profile.high) / 2.0
    times = along_lines(seconds, places.line, places.along, profile.line, middle, walk)
    return RailAccess(bases, places, times), issues + _not_reached(lines, profile, seconds, times)


def _on_road(ways: Ways, xy: Floats, gates: RailGates) -> EdgePlaces:
    """Return where bases are on the streets: on those that connect places, or on a place's own streets where these are much nearer."""
    core, own = ways.places(xy), nearest_edge(ways.graph, xy, gates.stop)
    nearer = core.distance - own.distance > ASIDE
    both = (
        (core.edge, own.edge), (core.along, own.along), (core.distance, own.distance), (core.xy, own.xy),
    )  # fmt: skip
    return EdgePlaces(*(np.where(nearer if one.ndim == 1 else nearer[:, None], other, one) for one, other in both))


def _doors(lines: Sequence[RailLine], bases: RailPlaces, within: float) -> tuple[RailPlaces, Floats]:
    """Return the bases that stand at a line as entry points, and the metres to the line from each base (b, d): inf but from itself."""
    found = places_on_lines([line.coords for line in lines], bases.xy, within)
    rows = np.flatnonzero((found.line >= 0) & ~found.past)
    metres = np.full((len(bases), len(rows)), np.inf)
    metres[rows, np.arange(len(rows))] = found.away[rows]
    return RailPlaces(bases.xy[rows], bases.names[rows], found.line[rows], found.along[rows]), metres


def _joined(one: RailPlaces, other: RailPlaces) -> RailPlaces:
    names = [field.name for field in dataclasses.fields(RailPlaces)]
    return RailPlaces(*(np.concatenate((getattr(one, name), getattr(other, name))) for name in names))


def _far_bases(bases: RailPlaces, start: EdgePlaces) -> list[Issue]:
    issues = []
    text = N_("{name} is {metres} m from the nearest street; its minutes begin with that way. Check where it lies")
    for row in np.flatnonzero(start.distance > FAR).tolist():
        values = {"name": bases.names[row], "metres": round(float(start.distance[row]))}
        issues.append(Issue(Level.WARNING, "far_post", text, values, "rail", str(bases.names[row]), *map(float, bases.xy[row])))
    return issues


def _not_reached(lines: Sequence[RailLine], profile: RailProfile, seconds: Floats, times: LineAccess) -> list[Issue]:
    if not seconds.size:
        return []  # said already
    lost = ~np.isfinite(times.seconds).any(axis=0)
    issues = []
    text = N_("{name}: no base reaches {km} km of it, as no street leads from one to an entry point; look for a gap in the streets")
    for row in np.unique(profile.line[lost]).tolist():
        mine = lost & (profile.line == row)
        km = float((profile.high - profile.low)[mine].sum()) / 1000.0
        name, (x, y) = lines[row].name, lines[row].coords[0].tolist()
        issues.append(Issue(Level.WARNING, "rail_cut_off", text, {"name": name, "km": f"{km:.1f}"}, "rail", name, x, y))
    return issues


def with_access(profile: RailProfile, access: RailAccess) -> RailProfile:
    """Return the profile with the soonest base of every atom, its seconds and the gate walked from."""
    seconds, base, gate = access.times.soonest()
    return dataclasses.replace(profile, access_s=seconds, base=base, gate=gate)
