"""What a planner should know of the patrol zones: pieces that are too much for one zone, uneven work, and places reached late."""

from __future__ import annotations

import dataclasses

import numpy as np

from algorithms.zoning.front import slack_at
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.outlines import zone_rows
from gridplanner.model.project import Project
from gridplanner.model.zones import ZonePlan
from gridplanner.planning.zone_pieces import Pieces
from gridplanner.settings import ZoneSettings

NAMED = 20  # heavy pieces that are named one by one


def findings(project: Project, settings: ZoneSettings, pieces: Pieces, plan: ZonePlan, given: list[Issue], lost: float) -> ZonePlan:
    """Return the plan with what is to be said of it, behind what was said before."""
    issues = [*given, *_heavy(pieces, plan), *_uneven(settings, pieces, plan), *_late(project, settings, pieces, plan)]
    if lost > 0:
        text = N_("{n} incidents lie outside the district and count in no patrol zone")
        issues.append(Issue(Level.INFO, "incidents", text, {"n": f"{lost:g}"}, "zones"))
    return dataclasses.replace(plan, issues=tuple(issues))


def _heavy(pieces: Pieces, plan: ZonePlan) -> list[Issue]:
    mean = float(plan.workload.mean())
    if len(plan) == len(pieces) or not mean > 0:
        return []
    found: list[Issue] = []
    for row in np.flatnonzero(pieces.patrolled & (pieces.work > mean * 1.001))[:NAMED].tolist():
        x, y = pieces.land.xy[row].tolist()
        text = N_("{name} alone has {pct} % of the work of a mean patrol zone; divide it, wish for fewer zones, or weigh its work less")
        values = {"name": str(pieces.names[row]), "pct": f"{100 * pieces.work[row] / mean:.0f}"}
        found.append(Issue(Level.WARNING, "heavy", text, values, "zones", "", x, y))
    return found


def _uneven(settings: ZoneSettings, pieces: Pieces, plan: ZonePlan) -> list[Issue]:
    mean = float(plan.workload.mean())
    wished = slack_at(settings.response).above
    spread = float(plan.workload.max() / mean) if mean > 0 else 1.0
    if spread <= 1 + wished + 1e-6 or len(plan) == len(pieces):
        return []
    row = int(np.argmax(plan.workload))
    zone = list(plan.zones.values())[row]
    text = N_(
        "{zone} has {pct} % more work than the mean, {wished} % were allowed; pieces are too large or too many are locked. "
        "Make zones of blocks, wish for fewer zones, or let the response count more"
    )
    values = {"zone": zone.name, "pct": f"{100 * (spread - 1):.1f}", "wished": f"{100 * wished:g}"}
    return [Issue(Level.WARNING, "uneven", text, values, "zones", zone.code, zone.x, zone.y)]


def _late(project: Project, settings: ZoneSettings, pieces: Pieces, plan: ZonePlan) -> list[Issue]:
    ground = plan.ground
    if settings.max_minutes <= 0 or ground is None:
        return []
    zones = list(plan.zones.values())
    places = np.array([[zone.x, zone.y] for zone in zones], np.float64)
    site = np.argmin(np.hypot(*(places[:, None, :] - ground.sites[None, :, :]).transpose(2, 0, 1)), axis=1)
    of_piece = np.zeros(len(pieces), np.int64)
    of_piece[ground.piece] = zone_rows(project.grids, plan)
    minutes = ground.minutes[site[of_piece], np.arange(len(pieces))]
    late = np.flatnonzero((of_piece >= 0) & (minutes > settings.max_minutes) & (pieces.demand > 0))
    if not len(late):
        return []
    worst = int(late[np.argmax(minutes[late])])
    x, y = pieces.land.xy[worst].tolist()
    text = N_(
        "{n} pieces with {pct} % of the demand are reached later than in {wished} minutes, {name} in {minutes}; "
        "more zones or another depot would help"
    )
    share = 100 * float(pieces.demand[late].sum() / max(float(pieces.demand[of_piece >= 0].sum()), 1e-12))
    values = {
        "n": len(late), "pct": f"{share:.1f}", "wished": f"{settings.max_minutes:g}", "name": str(pieces.names[worst]),
        "minutes": f"{float(minutes[worst]):.1f}",
    }  # fmt: skip
    return [Issue(Level.WARNING, "late", text, values, "zones", "", x, y)]
