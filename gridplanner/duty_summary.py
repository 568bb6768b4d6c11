"""The figures of beats, patrol zones, checkpoints, response, rating and street chiefs as plain values, for the summary."""

from __future__ import annotations

from typing import Any

import numpy as np

from gridplanner.model.beat_figures import beat_figures
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_coverage import Coverage, coverage_of_week, longest_wait
from gridplanner.model.patrol_draws import chances_of, lengths_of, overlap_of
from gridplanner.model.project import Project
from gridplanner.model.ratings import COLOURS, NOT_RATED, ratings_of
from gridplanner.model.ring_figures import coverage_of
from gridplanner.model.zone_figures import zone_amounts
from gridplanner.settings import BeatSettings


def duty_sections(project: Project) -> dict[str, Any]:
    """Return a section for each plan of police work that is there, by the names of the plan file."""
    sections = {
        "beats": _beats(project), "zones": _zones(project), "checkpoints": _checkpoints(project), "response": _response(project),
        "rating": _rating(project), "street_chiefs": _street_chiefs(project), "coverage": _coverage(project),
    }  # fmt: skip
    return {name: section for name, section in sections.items() if section is not None}


def _beats(project: Project) -> dict[str, Any] | None:
    """Return the beats' figures and what is proven of them; `tightest` is the largest of the areas' tightest tolerances."""
    plan = project.beats
    if plan is None or project.grids is None or project.units is None or not len(plan):
        return None
    figures, settings = beat_figures(project), project.settings.beats or BeatSettings()
    deviation = np.abs(figures.deviation)
    tightest = [one.tightest for one in plan.certificates]
    return {
        "count": len(plan),
        "in_band": int((deviation <= 100 * settings.tolerance + 1e-9).sum()),
        "min_persons": _round(figures.persons.min()),
        "max_persons": _round(figures.persons.max()),
        "max_deviation": _round(deviation.max()),
        "tightest": max((value for value in tightest if value is not None), default=None) if None not in tightest else None,
        "certificates": [
            {
                "area": one.area, "count": one.count, "objective": one.objective, "status": one.status, "bound": _round(one.bound, 6),
                "value": _round(one.value, 6), "tolerance": one.tolerance, "tightest": one.tightest, "excluded": one.excluded,
                "columns": one.columns, "why": one.why,
            }
            for one in plan.certificates
        ],
    }  # fmt: skip


def _zones(project: Project) -> dict[str, Any] | None:
    """Return the zones' figures; `choices` are the plans between even work and fast response, `chosen` the row of this one."""
    plan = project.zones
    if plan is None:
        return None
    work, p90 = zone_amounts(project, plan)
    p90 = p90[np.isfinite(p90)]
    found: dict[str, Any] = {
        "count": len(plan),
        "max_over_mean": _round(work.max(initial=0.0) / max(work.mean(), 1e-9)) if len(work) else None,
        "max_p90_minutes": _round(p90.max()) if len(p90) else None,
    }
    if plan.choices:
        found["chosen"] = plan.chosen
        found["choices"] = [
            {
                "response": _round(one.response), "max_over_mean": _round(one.spread), "mean_minutes": _round(one.mean_minutes),
                "worst_minutes": _round(one.worst_minutes),
            }
            for one in plan.choices
        ]  # fmt: skip
    if plan.certificate is not None:
        one = plan.certificate
        found["certificate"] = {
            "objective": one.objective, "status": one.status, "bound": _round(one.bound, 6), "value": _round(one.value, 6), "why": one.why,
        }  # fmt: skip
    return found


def _checkpoints(project: Project) -> dict[str, Any] | None:
    """Return how many crossings are held, what they see, and what closes each cordon; "" is the boundary of the district."""
    plan = project.checkpoints
    if plan is None:
        return None
    seen: dict[str, float] = {}
    for one in plan.checkpoints:
        seen[one.cordon] = seen.get(one.cordon, 0.0) + one.flow
    return {
        "count": len(plan),
        "existing": sum(one.existing for one in plan.checkpoints),
        "crossings": len(plan.crossings),
        "cordons": [
            {
                "cordon": one.cordon,
                "checkpoints": sum(held.cordon == one.cordon for held in plan.checkpoints),
                "flow_pct": _round(100 * seen.get(one.cordon, 0.0)),
                "status": plan.status.get(one.cordon, "none"),
                "bound_pct": _round(100 * plan.bounds[one.cordon]) if one.cordon in plan.bounds else None,
                "people": _round(one.people), "people_bound": _round(one.bound), "places": len(one.places), "leaks": len(one.leaks),
            }
            for one in plan.closures
        ],
    }  # fmt: skip


def _response(project: Project) -> list[dict[str, Any]] | None:
    """Return what is reached within each limit of minutes; shares are 0 to 1."""
    if project.rings is None:
        return None
    reach = coverage_of(project)
    names = ("minutes", "households", "household_share", "incidents", "incident_share")
    columns = [getattr(reach, name).tolist() for name in names]
    return [{name: _round(value, 4) for name, value in zip(names, row, strict=True)} for row in zip(*columns, strict=True)]


def _rating(project: Project) -> dict[str, Any] | None:
    """Return how many areas have each colour in the month of the map; a small count says nothing of a person."""
    if project.settings.rating is None:
        return None
    rating = ratings_of(project)
    column = rating.column()
    if column < 0:
        return {"per": rating.areas.per, "areas": len(rating.areas), "month": "", "months": 0}
    level = rating.level[:, column]
    colours = {colour: int((level == row).sum()) for row, colour in enumerate(COLOURS)}
    return {
        "per": rating.areas.per, "areas": len(rating.areas), "month": rating.months[column], "months": len(rating.months), **colours,
        "not_rated": int((level == NOT_RATED).sum()),
    }  # fmt: skip


def _street_chiefs(project: Project) -> dict[str, Any] | None:
    plan = project.chiefs
    if plan is None:
        return None
    if not len(plan):
        return {"count": 0, "km": 0.0}
    _codes, first, of = np.unique([one.code for one in plan.stretches], return_index=True, return_inverse=True)  # one may be several lines
    length = np.bincount(of, [one.length_m for one in plan.stretches])
    work = np.bincount(of, [one.workload for one in plan.stretches])
    return {
        "count": len(length),
        "km": _round(length.sum() / 1000),
        "mean_km": _round(length.mean() / 1000),
        "work_max_over_mean": _round(work.max() / max(work.mean(), 1e-9)),
        "without_chief": sum(not plan.stretches[row].chief for row in first.tolist()),
    }


def _coverage(project: Project) -> dict[str, Any] | None:
    """Return what patrols cover within all days of the draw; shares are 0 to 1, `gap_hours` is None where a street is never patrolled."""
    plan, found = project.patrol, coverage_of_week(project)
    if plan is None or found is None or project.zones is None or not len(plan):
        return None
    chances = {one.zone: one for one in chances_of(plan)}
    zones = []
    for column, (key, zone) in enumerate(project.zones.zones.items()):
        drawn = chances.get(key)
        shares = {"zone": zone.code, **_seen_shares(found, column), **_longest(plan, found, key)}
        if drawn is not None:
            shares |= {
                "variants": len(drawn.variants), "entropy_bits": _round(drawn.bits), "entropy_most": _round(drawn.most_bits),
                "least_chance": _round(drawn.worst), "hour_bits": _round(drawn.hour_bits), **_alike(plan, key),
            }  # fmt: skip
        zones.append(shares)
    return {
        "days": round(found.hours / 24), "seed": plan.seed, "variants": plan.variants,
        **_seen_shares(found, -1), **_longest(plan, found, None),
        "site_gap_hours": _round(found.site_interval_h.max(initial=0.0)) if len(found.site_interval_h) else None,
        "entropy_bits": _round(float(np.mean([one.bits for one in chances.values()]))),
        "entropy_most": _round(float(np.mean([one.most_bits for one in chances.values()]))),
        "zones": zones,
    }  # fmt: skip


def _alike(plan: PatrolPlan, zone: int) -> dict[str, Any]:
    """Return how much the variants of a zone overlap, and how much longer they are than the first, as shares; empty for one variant."""
    overlap, length = overlap_of(plan, zone), lengths_of(plan, zone)
    pairs, longer = overlap[np.triu_indices(len(overlap), 1)], length[1:] / max(float(length[0]), 1.0) - 1.0
    if not len(pairs):
        return {}
    return {
        "overlap_mean": _round(float(pairs.mean()), 4), "overlap_worst": _round(float(pairs.max()), 4),
        "longer_mean": _round(float(longer.mean()), 4), "longer_worst": _round(float(longer.max()), 4),
    }  # fmt: skip


def _seen_shares(found: Coverage, column: int) -> dict[str, Any]:
    shares = {"seen_households": found.seen_households[:, column], "seen_km": found.seen_km[:, column]}
    mean = {name: _round(share.mean(), 4) for name, share in shares.items()}
    return mean | {f"{name}_worst_day": _round(share.min(), 4) for name, share in shares.items()}


def _longest(plan: PatrolPlan, found: Coverage, zone: int | None) -> dict[str, Any]:
    row = longest_wait(plan, found, zone)
    if row < 0:
        return {"gap_hours": None, "gap_street": ""}
    return {"gap_hours": _round(found.interval_h[row]), "gap_street": str(plan.streets.names[row])}


def _round(value: float | None, places: int = 3) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), places)
