"""What a plan covers, as rows of tables: streets by name, key sites and zones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.lines import Bools, Floats, Ints, line_lengths
from gridplanner.model.patrol_coverage import Coverage
from gridplanner.model.project import Project
from ui.map.patrol_strokes import required_rows
from ui.patrol_figures import STREET


@dataclass(frozen=True, eq=False)
class StreetRows:
    """Streets (n,) by name.

    `hours` is the longest interval of any part, `visits` those of the part with the fewest, `metres` the length; `missed` are
    those of which a part must be patrolled and is not. `edges` are the rows in the plan of all parts of each.
    """

    names: list[str]
    hours: Floats
    visits: Ints
    metres: Floats
    missed: Bools
    edges: list[Ints]


def street_rows(project: Project, coverage: Coverage) -> StreetRows:
    """Return the streets that must be patrolled, those that wait longest first; all that are driven along where none must be."""
    plan = project.patrol
    assert plan is not None
    required = required_rows(plan)
    rows = required if len(required) else np.flatnonzero(coverage.visits > 0)
    names, of = np.unique(plan.streets.names[rows].astype(str), return_inverse=True)
    hours, visits = np.zeros(len(names)), np.full(len(names), np.iinfo(np.int64).max)
    np.maximum.at(hours, of, coverage.interval_h[rows])
    np.minimum.at(visits, of, coverage.visits[rows])
    missed = np.zeros(len(names), bool)
    if len(required):
        missed[of[coverage.patrolled[rows] == 0]] = True
    metres = np.bincount(of, line_lengths(plan.streets.lines)[rows], len(names)).astype(np.float64)
    order = np.lexsort((names, -np.where(np.isfinite(hours), hours, 1e9)))
    by_name = np.split(rows[np.argsort(of, kind="stable")], np.cumsum(np.bincount(of, minlength=len(names)))[:-1])
    return StreetRows(
        [str(names[row]) or _(STREET) for row in order.tolist()], hours[order], visits[order], metres[order], missed[order],
        [by_name[row] for row in order.tolist()],
    )  # fmt: skip


def seen_of_zones(project: Project, coverage: Coverage) -> tuple[list[str], Floats, Floats]:
    """Return the zones' codes, and the shares (z,) of their households and street kilometres that see a patrol, mean of the days."""
    zones = project.zones.zones if project.zones is not None else {}
    codes = [zones[zone].code if zone in zones else "" for zone in coverage.zones]
    return codes, _mean(coverage.seen_households)[:-1], _mean(coverage.seen_km)[:-1]


def seen_in_all(coverage: Coverage) -> tuple[float, float]:
    """Return the shares of all households and of all street kilometres that see a patrol, mean of the days."""
    return float(_mean(coverage.seen_households)[-1]), float(_mean(coverage.seen_km)[-1])


def _mean(shares: Floats) -> Floats:
    return shares.mean(axis=0) if len(shares) else np.full(shares.shape[1], np.nan)
