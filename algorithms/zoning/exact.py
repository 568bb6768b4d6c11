"""The fastest districts within a band of work, proven among all sites: for few units."""

from __future__ import annotations

import numpy as np

from algorithms.districting.centres import Connected, lightest_paths
from algorithms.location.problem import LocationParams, LocationProblem, Status
from algorithms.location.programme import Link
from algorithms.location.solve import solve_location
from algorithms.progress import SILENT, Progress
from algorithms.zoning.problem import Bools, Ints, Zoning, ZoningProblem, figures
from algorithms.zoning.sites import Slack, band_of
from algorithms.zoning.solve import Plan

UNITS = 80  # above which a proof would take too long


def solve_exactly(problem: ZoningProblem, slack: Slack, params: LocationParams, progress: Progress = SILENT) -> Plan | None:
    """Return the plan of least cost among all sites, with a bound; None where none was found.

    The location problem with a band of work in which every unit hangs together with its site's home (Hess et al. 1965; separators:
    Carvajal et al. 2013). For one region alone.

    Raises
    ------
    ValueError
        For more regions than one.
    """
    if len(problem.districts) != 1:
        raise ValueError("one region alone")
    every = np.arange(len(problem.home))
    k = int(problem.districts[0])
    least, most = (float(side[0]) for side in band_of(problem, every, slack))
    cost = problem.cost(every).T.copy()
    low, high = problem.low[problem.crossable], problem.high[problem.crossable]
    home = problem.home
    cost[lightest_paths(problem.load, low, high)[:, home] > most * (1 + 1e-6)] = np.inf
    location = LocationProblem(
        cost=cost,
        demand=problem.load,
        capacity=np.full(len(every), most * (1 + 1e-9)),
        count=k,
        least=np.full(len(every), least * (1 - 1e-9)),
        fixed=problem.must,
        own=home,
    )
    found = solve_location(location, params, progress, AroundHomes(len(problem.work), low, high, home))
    if found.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return None
    zoning = Zoning(np.searchsorted(found.opened, found.sites).astype(np.int32), found.opened)
    done = figures(problem, zoning)
    return Plan(zoning, done, slack, min(found.bound, done.cost), done.cost, everywhere=True)


class AroundHomes:
    """The rule that the units of a site hang together with its home."""

    def __init__(self, count: int, low: Ints, high: Ints, home: Ints) -> None:
        self.inner = Connected(count, low, high)
        self.home = home
        self.site = np.full(count, -1)
        self.site[home] = np.arange(len(home))

    def first(self, allowed: Bools) -> list[Link]:
        """Return the links by neighbours, for the entries (n, m) that may be used."""
        wide = np.zeros((len(self.site), len(self.site)), bool)
        wide[:, self.home] = allowed
        return self._of_sites(self.inner.first(wide))

    def broken(self, sites: Ints) -> list[Link]:
        """Return links that an assignment (n,) breaks."""
        return self._of_sites(self.inner.broken(self.home[sites]))

    def _of_sites(self, links: list[Link]) -> list[Link]:
        return [Link(link.customer, int(self.site[link.site]), link.others) for link in links]
