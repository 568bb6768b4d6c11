"""What response rings say of the households and incidents: shares reached within each limit, per post too, and what is not reached."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.sums import group_sums
from gridplanner.model.duty_data import Incidents
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.places import Households
from gridplanner.model.project import Project
from gridplanner.model.rings import RingPlan


@dataclass(frozen=True, eq=False)
class RingCoverage:
    """A row per limit of minutes; shares are 0 to 1, NaN where there is nothing to reach.

    `households`, `persons` and `incidents` (m,) are reached within `minutes` (m,), `household_share`, `person_share` and
    `incident_share` (m,) of all; `post_households`, `post_persons` and `post_incidents` (p, m) are those that each post is first to reach.
    `cut_off` households and `incidents_cut_off` have no way at all and are never reached.
    """

    minutes: Floats
    households: Floats
    household_share: Floats
    persons: Floats
    person_share: Floats
    incidents: Floats
    incident_share: Floats
    posts: Texts
    post_households: Floats
    post_persons: Floats
    post_incidents: Floats
    cut_off: float
    incidents_cut_off: float


@dataclass(frozen=True, eq=False)
class Uncovered:
    """Addresses not reached in time, those without a way first, then the farthest first.

    `rows` (n,) are rows of project.households, `minutes` (n,) inf where there is no way, `households` (n,) at each, `post` (n,) the row
    of the post that would be first, -1 where there is no way.
    """

    rows: Ints
    minutes: Floats
    households: Floats
    post: Ints

    def __len__(self) -> int:
        return len(self.rows)


def coverage_of(project: Project) -> RingCoverage:
    """Return what the project's rings reach; raises ValueError where it has none."""
    if project.rings is None:
        raise ValueError("the project has no response rings")
    return _coverage(project.rings, project.households, project.incidents)


@lru_cache(maxsize=8)
def _coverage(plan: RingPlan, homes: Households, incidents: Incidents) -> RingCoverage:
    here = len(plan.address_minutes) == len(homes)  # a plan made from other data keeps what it found, which is nobody's number now
    weights = [homes.households, homes.persons] if here else [np.zeros(len(plan.address_minutes))] * 2
    by_post = [_by_post(plan, plan.address_minutes, plan.address_post, weight) for weight in weights]
    calls = incidents.weight if len(plan.incident_minutes) == len(incidents) else np.zeros(len(plan.incident_minutes))
    calls_by_post = _by_post(plan, plan.incident_minutes, plan.incident_post, calls)
    sums = [table.sum(axis=0) for table in (*by_post, calls_by_post)]
    shares = [_share(part, float(whole.sum())) for part, whole in zip(sums, (*weights, calls), strict=True)]
    return RingCoverage(
        np.array(plan.minutes, np.float64), sums[0], shares[0], sums[1], shares[1], sums[2], shares[2], plan.names,
        by_post[0], by_post[1], calls_by_post,
        float(weights[0][np.isinf(plan.address_minutes)].sum()), float(calls[np.isinf(plan.incident_minutes)].sum()),
    )  # fmt: skip


def uncovered(project: Project, minutes: float | None = None) -> Uncovered:
    """Return the addresses with households that are not reached within so many minutes (None: the largest limit of the plan)."""
    plan, homes = project.rings, project.households
    if plan is None:
        raise ValueError("the project has no response rings")
    limit = plan.minutes[-1] if minutes is None else minutes
    if len(plan.address_minutes) != len(homes):
        return Uncovered(np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0, np.int32))
    rows = np.flatnonzero((plan.address_minutes > limit) & (homes.households > 0))
    rows = rows[np.lexsort((rows, -plan.address_minutes[rows]))]
    return Uncovered(rows, plan.address_minutes[rows], homes.households[rows], plan.address_post[rows])


def _by_post(plan: RingPlan, minutes: Floats, post: Ints, weight: Floats) -> Floats:
    """Return what each post is first to reach within each limit, (p, m)."""
    count = len(plan.posts)
    table = np.zeros((count, len(plan.minutes)))
    if len(post) == len(minutes):
        for number, limit in enumerate(plan.minutes):
            in_time = (minutes <= limit) & (post >= 0)
            table[:, number] = group_sums(post[in_time], weight[in_time], count)
    return table


def _share(part: Floats, whole: float) -> Floats:
    return part / whole if whole > 0 else np.full(len(part), np.nan)
