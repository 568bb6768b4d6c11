"""How hard to search for a plan: budgets of plans, rounds and columns, never seconds, so that a plan does not depend on the machine."""

from __future__ import annotations

from dataclasses import dataclass

from algorithms.districting.problem import DistrictingParams
from gridplanner.settings import GridSettings


@dataclass(frozen=True)
class Effort:
    """A budget: `plans` units' worth of plans grown in all cycles together, at most `replicas` side by side and `cycles` in turn.

    `rounds` of annealing a cycle; `columns` grids of a community that may be listed for the exact step; `search` its deterministic
    seconds among those that are left.
    """

    plans: int
    replicas: int
    cycles: int
    rounds: int
    columns: int
    search: float


EFFORTS = {
    "quick": Effort(20_000, 6, 1, 100, 300_000, 5.0),
    "standard": Effort(100_000, 24, 4, 100, 1_200_000, 20.0),
    "thorough": Effort(1_000_000, 40, 10, 100, 2_500_000, 60.0),
}  # fmt: skip


def params_of(settings: GridSettings | None, units: int) -> DistrictingParams:
    """Return the solver's parameters for the effort that the settings ask for and a number of units."""
    wish = settings or GridSettings()
    effort = EFFORTS[wish.effort]
    plans = max(effort.plans // max(units, 1), 1)
    cycles = min(effort.cycles, plans)
    replicas = min(plans // cycles, effort.replicas)
    return DistrictingParams(
        halvings=20 if plans > 1 else 10,
        rounds=effort.rounds,
        cycles=cycles,
        replicas=replicas,
        columns=effort.columns if wish.prove else 0,
        search=effort.search,
    )
