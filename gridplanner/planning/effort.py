"""How hard to search for a plan: budgets of plans, rounds and columns, never seconds, so that a plan does not depend on the machine."""

from __future__ import annotations

from dataclasses import dataclass

from algorithms.districting.problem import DistrictingParams
from gridplanner.settings import GridSettings


@dataclass(frozen=True)
class Effort:
    """A budget: `plans` units' worth of plans grown in all cycles together, at most `replicas` side by side and `cycles` in turn.

    `rounds` of annealing a cycle; `columns` grids of a community that may be listed for the exact step, and `search` its
    deterministic seconds among those that are left; `polish` turns on communities whose grids cannot be listed, where there are at
    most `polished` units in all; `pricing` rounds on their bounds.
    """

    plans: int
    replicas: int
    cycles: int
    rounds: int
    columns: int
    search: float
    polish: int
    polished: int
    pricing: int


EFFORTS = {
    "quick": Effort(20_000, 4, 2, 100, 300_000, 6.0, 1, 1_000, 0),
    "standard": Effort(100_000, 8, 2, 100, 500_000, 20.0, 1, 3_000, 0),
    "thorough": Effort(500_000, 16, 4, 100, 2_500_000, 60.0, 4, 6_000, 20),
}


def params_of(settings: GridSettings | None, units: int) -> DistrictingParams:
    """Return the solver's parameters for the effort that the settings ask for and a number of units."""
    wish = settings or GridSettings()
    effort = EFFORTS[wish.effort]
    plans = max(effort.plans // max(units, 1), 1)
    replicas = min(max(plans // effort.cycles, 1), effort.replicas)
    return DistrictingParams(
        halvings=20 if plans > 1 else 10,
        rounds=effort.rounds,
        cycles=min(max(plans // replicas, 1), effort.cycles),
        replicas=replicas,
        columns=effort.columns if wish.prove else 0,
        search=effort.search,
        polish=effort.polish if units <= effort.polished else 0,
        pricing=effort.pricing,
    )
