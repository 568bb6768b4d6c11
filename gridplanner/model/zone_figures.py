"""Figures per patrol zone, computed from what its units hold: they follow the planner's hand without a look at the streets."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from algorithms.sums import group_sums
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import grid_ids, grid_rows, zone_rows
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone, ZoneCertificate, ZoneGround, ZonePlan

SHARE = 0.9  # of the demand, whose time the figures name
SAME_PLACE = 0.5  # metres within which a zone's place is one of the known sites


@dataclass(frozen=True, eq=False)
class ZoneFigures:
    """One row per zone in the order of `plan.zones`; minutes are NaN where a zone is served from no known place.

    `deviation` is in per cent of the mean; `p90` the minutes within which 90 % of the demand is reached, `worst` those to the farthest
    piece; `spread` the largest workload ÷ the mean, `minutes` the demand-weighted mean of all zones.
    """

    workload: Floats
    deviation: Floats
    street_km: Floats
    key_sites: Floats
    mean_minutes: Floats
    p90: Floats
    worst: Floats
    spread: float
    minutes: float


def zone_figures(project: Project, plan: ZonePlan | None = None) -> ZoneFigures | None:
    """Return the figures of the zones, or of another plan over the same ground; None where the ground is not known or another by now."""
    plan = plan if plan is not None else project.zones
    if plan is None or plan.ground is None or project.units is None or len(plan.ground.work) != len(project.units):
        return None
    rows = zone_rows(project.grids, plan)
    return figures_of(plan.ground, rows, served_from(plan.ground, tuple(plan.zones.values()), rows))


def zone_amounts(project: Project, plan: ZonePlan) -> tuple[Floats, Floats]:
    """Return workload and p90 of each zone (k,) as the grids are now; those of the plan where its ground is not known, p90 maybe empty."""
    figures = zone_figures(project, plan)
    return (figures.workload, figures.p90) if figures is not None else (plan.workload, plan.p90)


def figures_of(ground: ZoneGround, rows: Ints, site: Ints) -> ZoneFigures:
    """Return the figures of zones: `rows` (u,) the zone of each unit, below 0 for none, `site` (k,) the row of its site or -1."""
    count, held = len(site), rows >= 0
    zone = rows[held]
    work, km, sites = (group_sums(zone, value[held], count) for value in (ground.work, ground.street_km, ground.key_sites))
    mean = float(work.mean()) if count else 0.0
    minutes = _minutes_to_units(ground, rows, site)[held]
    demand = ground.demand[held]
    total = group_sums(zone, demand, count)
    with np.errstate(invalid="ignore"):
        mean_minutes = group_sums(zone, demand * minutes, count) / np.where(total > 0, total, np.nan)
    p90, worst = _reach(zone, demand, minutes, count)
    known = np.isfinite(minutes) & (demand > 0)
    return ZoneFigures(
        workload=work,
        deviation=(work / mean - 1) * 100 if mean > 0 else np.zeros(count),
        street_km=km,
        key_sites=sites,
        mean_minutes=mean_minutes,
        p90=p90,
        worst=worst,
        spread=float(work.max() / mean) if mean > 0 else 1.0,
        minutes=float(demand[known] @ minutes[known] / demand[known].sum()) if known.any() else float("nan"),
    )


def served_from(ground: ZoneGround, zones: tuple[Zone, ...], rows: Ints) -> Ints:
    """Return the row of the site (k,) that each zone is served from, -1 for none.

    A zone that the planner's hand has made has no place of its own: it is served from the known site in it that reaches it soonest.
    """
    found = np.full(len(zones), -1, np.int32)
    for number, zone in enumerate(zones):
        if not len(ground.sites):
            break
        if zone.x is not None and zone.y is not None:
            away = np.hypot(*(ground.sites - (zone.x, zone.y)).T)
            if away.min() <= SAME_PLACE:
                found[number] = int(np.argmin(away))
            continue
        inside = np.flatnonzero((ground.home >= 0) & (rows[ground.home] == number))
        if len(inside):
            mine = np.flatnonzero(rows == number)
            cost = ground.minutes[inside][:, ground.piece[mine]].astype(np.float64) @ ground.demand[mine]
            found[number] = int(inside[np.argmin(cost)])
    return found


def refigured(project: Project, plan: ZonePlan) -> ZonePlan:
    """Return an edited plan with workload and p90 as its zones are now; what was proven of it holds no longer."""
    certificate = plan.certificate
    if certificate is not None and certificate.why != "edited":
        certificate = ZoneCertificate("none", certificate.value, certificate.bound, certificate.objective, "edited")
    plan = dataclasses.replace(plan, chosen=-1, certificate=certificate)
    figures = zone_figures(project, plan)
    if figures is None:
        return plan
    return dataclasses.replace(plan, workload=figures.workload, p90=figures.p90)


def work_by_grid(project: Project) -> Floats | None:
    """Return the zones' workload of each grid in the order of `grid_ids`; None where it is not known."""
    plan = project.zones
    if plan is None or plan.ground is None or project.grids is None or len(plan.ground.work) != len(project.grids.labels):
        return None
    return group_sums(grid_rows(project.grids), plan.ground.work, len(grid_ids(project.grids)))


def _minutes_to_units(ground: ZoneGround, rows: Ints, site: Ints) -> Floats:
    """Return the minutes to each unit (u,) from the site of its zone, NaN where there is none."""
    known = rows >= 0
    known[known] = site[rows[known]] >= 0
    minutes = np.full(len(rows), np.nan)
    minutes[known] = ground.minutes[site[rows[known]], ground.piece[known]]
    return minutes


def _reach(zone: Ints, demand: Floats, minutes: Floats, count: int) -> tuple[Floats, Floats]:
    """Return the minutes within which SHARE of the demand of each zone is reached, and the longest, (k,) both."""
    p90, worst = np.full(count, np.nan), np.full(count, np.nan)
    order = np.lexsort((minutes, zone))
    ends = np.searchsorted(zone[order], np.arange(count + 1))
    for number in range(count):
        mine = order[ends[number] : ends[number + 1]]
        if not len(mine) or not np.isfinite(minutes[mine]).all():
            continue
        worst[number] = minutes[mine[-1]]
        reached = np.cumsum(demand[mine])
        if reached[-1] > 0:
            p90[number] = minutes[mine[int(np.searchsorted(reached, SHARE * reached[-1] * (1 - 1e-12)))]]
    return p90, worst
