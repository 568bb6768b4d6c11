"""Where patrol zones may be served from, and how long it takes from there to every piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.progress import SILENT, Progress
from algorithms.units.locate import locate, nearest
from gridplanner.errors import InputError
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.project import Project
from gridplanner.planning.travel import minutes_between, ways_of
from gridplanner.planning.zone_pieces import FreeGround, Pieces
from gridplanner.settings import ZoneSettings

SITES = 1500  # places that are looked at beside the depots; more would take longer than they are worth
ENTRIES = 30_000_000  # of the table of times
SLOW = 250.0  # metres a minute as the crow flies, 15 km/h, where there are no streets to go on


@dataclass(frozen=True, eq=False)
class SitesOfZones:
    """Places that zones may be served from: `xy` (m, 2), the piece that each lies in, its depot's row or -1, minutes (m, p) to each piece.

    `must` (m,) are those that serve a zone in any case.
    """

    xy: Floats
    home: Ints
    depots: Ints
    minutes: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    must: Bools
    issues: tuple[Issue, ...]


def sites_of_zones(
    project: Project, settings: ZoneSettings, pieces: Pieces, ground: FreeGround, progress: Progress = SILENT
) -> SitesOfZones:
    """Return the places that the free pieces' zones may be served from, each in a piece of its own: depots, else the pieces' own places.

    Depots are used as the settings say. Where there are as many zones as depots or more, every depot serves one; where there are fewer,
    the plan chooses among the depots. A region that has fewer depots than zones chooses among all its pieces for the others.
    """
    depot_piece, issues = _depots_in_pieces(project, settings, pieces)
    row_of = np.full(len(pieces), -1)
    row_of[ground.rows] = np.arange(len(ground.rows))
    region = np.full(len(pieces), -1)
    region[ground.rows] = ground.region
    depot_of = np.full(len(pieces), -1)
    for row in np.flatnonzero(depot_piece >= 0)[::-1].tolist():
        depot_of[depot_piece[row]] = row
    depot_of[row_of < 0] = -1
    with_depot = depot_of >= 0
    wanted = ground.districts
    have = np.bincount(region[with_depot], minlength=len(wanted))
    enough = have >= wanted  # the plan chooses among the depots there
    free = np.flatnonzero((row_of >= 0) & (with_depot | ~enough[region]))
    home = _few(free, with_depot, pieces, region, wanted, project.settings.project.seed)
    must = with_depot[home] & (have <= wanted)[region[home]]
    depots = depot_of[home]
    xy = pieces.xy[home].copy()
    xy[depots >= 0] = project.depots.xy[depots[depots >= 0]]
    minutes, xy, more = _times(project, settings, pieces, xy, depots < 0, progress)
    if with_depot.any():
        issues += _few_or_many(have, wanted, project, depot_piece, depot_of)
    return SitesOfZones(xy, home, depots, minutes, must, (*issues, *more))


def times_from(project: Project, settings: ZoneSettings, pieces: Pieces, xy: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return the minutes (m, p) from some places (m, 2) to each piece."""
    return _times(project, settings, pieces, xy, np.zeros(len(xy), bool), SILENT)[0]


def _depots_in_pieces(project: Project, settings: ZoneSettings, pieces: Pieces) -> tuple[Ints, list[Issue]]:
    """Return the piece that each depot lies in or beside, (d,), -1 where depots are not used, and what is to be said of them."""
    depots = project.depots
    if settings.stations == "chosen":
        return np.full(len(depots), -1), []
    if not len(depots):
        if settings.stations == "fixed":
            text = N_("Zones are to be served from the depots, but there are none; places were chosen for all zones")
            return np.full(0, -1), [Issue(Level.WARNING, "no_depot", text, {}, "zones")]
        return np.full(0, -1), []
    piece = locate(depots.xy, pieces.polygons)
    lost = np.flatnonzero(piece < 0)
    piece[lost] = nearest(depots.xy[lost], pieces.polygons, np.inf)
    issues: list[Issue] = []
    for row in lost.tolist():
        text = N_("Depot {name} lies outside the district; it serves the zone beside it")
        x, y = depots.xy[row].tolist()
        issues.append(Issue(Level.INFO, "depots", text, {"name": str(depots.names[row])}, "zones", "", x, y))
    return piece, issues


def _few(free: Ints, with_depot: Bools, pieces: Pieces, region: Ints, wanted: Ints, seed: int) -> Ints:
    """Return the pieces whose places are looked at: all, or where they are too many the depots' and a draw that follows the demand."""
    most = min(SITES, max(ENTRIES // max(len(pieces), 1), 50))
    if len(free) <= most:
        return free
    rng = np.random.default_rng([seed, 3])
    mass = pieces.demand[free] / max(float(pieces.demand[free].sum()), 1e-12) + 1.0 / len(free)
    rank = np.log(np.maximum(rng.random(len(free)), 1e-300)) / mass  # drawn without replacement (Efraimidis and Spirakis 2006)
    rank[with_depot[free]] = np.inf
    chosen = free[np.argsort(-rank, kind="stable")[:most]]
    for number, least in enumerate(wanted.tolist()):  # a region needs as many as it has zones
        mine = free[region[free] == number]
        short = least - int(np.count_nonzero(region[chosen] == number))
        if short > 0:
            chosen = np.append(chosen, np.setdiff1d(mine, chosen)[:short])
    return np.sort(chosen)


def _times(
    project: Project, settings: ZoneSettings, pieces: Pieces, xy: Floats, on_street: Bools, progress: Progress
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float32]], Floats, list[Issue]]:
    """Return minutes (m, p) from places to each piece, the places, those of `on_street` moved to the street beside, and what was amiss."""
    crow = np.hypot(*(xy[:, None, :] - pieces.xy[None, :, :]).transpose(2, 0, 1)) / SLOW
    try:
        ways = ways_of(project.roads, settings.mode)
    except InputError:
        text = N_("There are no streets that connect places, so times are those of a straight line at 15 km/h")
        return crow.astype(np.float32), xy, [Issue(Level.WARNING, "no_way", text, {}, "zones")]
    xy = xy.copy()
    if on_street.any():
        xy[on_street] = ways.places(xy[on_street]).xy
    minutes = minutes_between(ways, xy, pieces.xy, progress)
    issues: list[Issue] = []
    lost = ~np.isfinite(minutes)
    cut = np.flatnonzero(lost.all(axis=0))
    if len(cut):
        x, y = pieces.xy[cut[0]].tolist()
        text = N_("{n} pieces of the patrol zones have no way over the streets, such as {name}; their times are those of a straight line")
        issues.append(
            Issue(Level.WARNING, "no_way", text, {"n": len(cut), "name": str(pieces.names[cut[0]])}, "zones", "", x, y)
        )  # fmt: skip
    if lost.any():
        longest = float(minutes[~lost].max(initial=0.0))
        minutes = np.where(lost, crow + np.where(lost.all(axis=0), 0.0, longest), minutes)
    return minutes.astype(np.float32), xy, issues


def _few_or_many(have: Ints, wanted: Ints, project: Project, depot_piece: Ints, depot_of: Ints) -> list[Issue]:
    """Return what is to be said where depots and zones are not as many."""
    issues: list[Issue] = []
    lacking = int(np.maximum(wanted - have, 0).sum())
    spare = int(np.maximum(have - wanted, 0).sum())
    if lacking:
        text = N_("{n} patrol zones have no depot; places that reach them soonest were chosen, shown on the map")
        issues.append(Issue(Level.INFO, "depots", text, {"n": lacking}, "zones"))
    if spare:
        text = N_(
            "There are {n} depots more than zones for them; the ones that reach the demand soonest serve, the others lie in their zones"
        )
        issues.append(Issue(Level.INFO, "depots", text, {"n": spare}, "zones"))
    for row in np.flatnonzero(depot_piece >= 0).tolist():
        first = int(depot_of[depot_piece[row]])
        if first >= 0 and first != row:
            names = {"name": str(project.depots.names[row]), "other": str(project.depots.names[first])}
            x, y = project.depots.xy[row].tolist()
            text = N_("Depots {other} and {name} lie in one piece of the patrol zones; {other} serves its zone")
            issues.append(Issue(Level.INFO, "depots", text, names, "zones", "", x, y))
    return issues
