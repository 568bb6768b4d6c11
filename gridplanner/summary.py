"""The figures of a run as plain values, for summary.json and `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gridplanner import __version__
from gridplanner.duty_summary import duty_sections
from gridplanner.model.certificate_words import certificate_words
from gridplanner.model.check import check, count_issues
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_codes import guards_of
from gridplanner.model.rail_work import plan_figures
from gridplanner.model.roster_figures import roster_section
from gridplanner.model.statistics import grid_figures
from gridplanner.model.transfers import transfers_of


def summary_of(project: Project, seconds: Mapping[str, float]) -> dict[str, Any]:
    """Return what a run did, as contracts.md lays it down; sections of steps that did not run are left out."""
    found: dict[str, Any] = {
        "project": project.name,
        "seed": project.settings.project.seed,
        "version": __version__,
        "crs": project.crs,
        "steps": {name: round(value, 3) for name, value in seconds.items()},
        "issues": count_issues(check(project)),
    }
    if len(project.households):
        found["households"] = _households(project)
    if project.grids is not None:
        found["grids"] = _grids(project)
        if project.grids.replan is not None:
            found["replan"] = _replan(project)
        found["certificates"] = certificate_figures(project)
    found |= duty_sections(project)
    if project.patrol is not None and len(project.patrol):
        found["routes"] = route_figures(project.patrol)
    if project.rail is not None and len(project.rail):
        found["rail"] = rail_figures(project.rail)
    roster = roster_section(project)
    if roster is not None:
        found["roster"] = roster
    return found


def route_figures(plan: PatrolPlan) -> dict[str, Any]:
    """Return what the routes of a patrol plan drive; km and minutes of the first variant, as that is what one shift drives.

    `max_over_mean` is the longest route by the mean of its zone, of the zone where that is largest; `unserved` are visits on no route.
    """
    first = [route for route in plan.routes if route.variant == 1] or list(plan.routes)
    zones: dict[int, list[float]] = {}
    for route in first:
        zones.setdefault(route.zone, []).append(route.minutes)
    left = [issue.values for issue in plan.issues if issue.kind == "unserved" and issue.values.get("variant") in (None, 0, 1)]
    return {
        "count": len(plan.routes),
        "variants": plan.variants,
        "km": _round(sum(r.required_m + r.dead_m for r in first) / 1000),
        "required_km": _round(sum(r.required_m for r in first) / 1000),
        "outside_km": _round(sum(r.outside_m for r in first) / 1000),
        "max_minutes": _round(max(r.minutes for r in first)),
        "max_over_mean": _round(max(max(minutes) * len(minutes) / max(sum(minutes), 1e-9) for minutes in zones.values())),
        "sites": sum(r.sites for r in first),
        "unserved": {"streets": sum("edge" in values for values in left), "sites": sum("site" in values for values in left)},
    }


def rail_figures(plan: RailPlan) -> dict[str, Any]:
    """Return what the guard segments come to: of the first plan, and of each plan by itself with what is proven of it.

    `work_max_over_mean` is the heaviest segment by the mean of its plan; `bound` is the least possible work of the heaviest one that is no
    post nor locked, `value` what it has.
    """
    each = []
    for name in plan.plans:
        rows = [plan.segments[row] for row in plan.of_plan(name)]
        figures = plan_figures(plan, name)
        proof = next((proof for proof in plan.proofs if proof.plan == name), None)
        ways = [segment.access_s / 60.0 for segment in rows if np.isfinite(segment.access_s)]
        each.append({
            "plan": name, "segments": figures.segments, "km": _round(figures.km), "squads": len({segment.squad for segment in rows}),
            "guards": len({(segment.squad, guard) for segment in rows for guard in guards_of(segment)}),
            "work_mean": _round(figures.mean), "work_max": _round(figures.largest), "work_max_over_mean": _round(figures.max_over_mean),
            "locked": sum(segment.locked for segment in rows), "max_access_min": _round(max(ways), 1) if ways else None,
            "status": proof.status if proof else "none", "bound": _round(proof.bound if proof else None, 6),
            "value": _round(proof.value if proof else None, 6),
        })  # fmt: skip
    corridor = plan.corridor
    names = {name for names in corridor.village_names.tolist() for name in str(names).split(", ") if name}
    found = {key: each[0][key] for key in ("segments", "km", "squads", "guards", "work_max_over_mean")} | {"plans": each}
    if len(corridor.polygons):
        found["corridor"] = {
            "households": _round(float(corridor.households.sum()), 1), "persons": _round(float(corridor.persons.sum()), 1),
            "villages": len(names), "schools": int(corridor.schools.sum()),
        }  # fmt: skip
    return found


def certificate_figures(project: Project) -> list[dict[str, Any]]:
    """Return what is proven of each community's plan.

    `gap` is the share of the best by which the plan may be dearer than it; what was looked at is in `method`, `span`, `low`, `high`,
    `columns` and `groups` (see `Certificate`), and in words.
    """
    if project.grids is None:
        return []
    return [
        {
            "community": str(project.communities.names[c.community]),
            "objective": c.objective,
            "status": c.status,
            "bound": _round(c.bound, 6),
            "value": _round(c.value, 6),
            "gap": _round(c.gap, 6),
            "method": c.method,
            "span": c.span,
            "low": c.low,
            "high": c.high,
            "columns": c.columns,
            "groups": c.groups,
            "why": c.why,
            "words": certificate_words(c),
        }
        for c in project.grids.certificates
    ]


def _households(project: Project) -> dict[str, float]:
    read = float(project.households.households.sum())
    if project.units is None:
        return {"read": read, "planned": 0.0, "outside": 0.0}
    planned = float(project.households.households[project.units.address_unit >= 0].sum())
    return {"read": read, "planned": planned, "outside": read - planned}


def _replan(project: Project) -> dict[str, Any]:
    """Return what the last re-planning moved; shares of the households that had a grid before, 0 to 1."""
    assert project.grids is not None
    was = project.grids.replan
    assert was is not None
    moves = transfers_of(project)
    now, before = {grid.code for grid in project.grids.grids.values()}, set(was.codes)
    found: dict[str, Any] = {
        "limit": was.limit,
        "certain": _round(was.certain, 5),
        "exchange": _round(was.exchange, 5),
        "grids_new": len(now - before),
        "grids_retired": len(before - now),
    }
    if moves is not None:
        found |= {"addresses": len(moves), "households_moved": moves.moved, "share_moved": _round(moves.share, 5)}
    return found


def _grids(project: Project) -> dict[str, Any]:
    f = grid_figures(project)
    in_band = np.isin(f.status, ("ok", "parts"))
    return {
        "count": len(f),
        "in_band": int(in_band.sum()),
        "max_deviation": _round(float(np.abs(f.deviation).max())),
        "mean_compact": _round(float(f.compact.mean())),
        "mean_street_pct": _round(float(f.street_pct.mean())),
        "mean_inner_pct": _round(float(np.nanmean(f.inner_pct))) if np.isfinite(f.inner_pct).any() else None,
    }


def _round(value: float | None, places: int = 3) -> float | None:
    return None if value is None else round(value, places)
