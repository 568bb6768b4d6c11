"""What is proven of each community's plan, from what the solver proved of its regions."""

from __future__ import annotations

import numpy as np

from algorithms.districting.problem import Certificate as RegionCertificate
from algorithms.sums import group_sums
from gridplanner.model.grids import Certificate
from gridplanner.model.lines import Floats, Ints

OBJECTIVE = "balance+border"


def community_certificates(
    regions: tuple[RegionCertificate, ...], community: Ints, cost: Floats, district_community: Ints, count: int
) -> tuple[Certificate, ...]:
    """Return a certificate for each of `count` communities.

    Parameters
    ----------
    regions, community
        The solver's certificates, and the community row (r,) of each region.
    cost, district_community
        The cost (d,) and community row (d,) of each grid, settled ones included: they are as they must be, so they add as much to the
        bound as to the value.
    """
    value = group_sums(district_community, cost, count)
    mine: list[list[RegionCertificate]] = [[] for _row in range(count)]
    for certificate, row in zip(regions, np.asarray(community).tolist(), strict=True):
        mine[row].append(certificate)
    return tuple(_joined(row, parts, float(value[row])) for row, parts in enumerate(mine))


def _joined(row: int, parts: list[RegionCertificate], value: float) -> Certificate:
    """Return the certificate of a community from those of its regions, which share nothing: bounds add up."""
    why = next((part.why for part in parts if part.why), "")
    if any(part.status == "none" or part.bound is None for part in parts):
        return Certificate(row, OBJECTIVE, "none", None, value, why=why)
    bound = value - sum(part.value - (part.bound or 0.0) for part in parts)
    status = "optimal" if all(part.status == "optimal" for part in parts) else "gap"
    said = max(parts, key=lambda part: (part.status != "optimal", part.columns, part.method != "one district"), default=None)
    if said is None:
        return Certificate(row, OBJECTIVE, "optimal", value, value, "one district")
    low = max((part.window[0] for part in parts if part.window[1]), default=0.0)  # all that was looked at in every region
    high = min((part.window[1] for part in parts if part.window[1]), default=0.0)
    spans = [part.span for part in parts if part.span]
    columns = sum(part.columns for part in parts)
    bound = value if status == "optimal" else bound
    groups = sum(part.groups for part in parts) if all(part.groups or part.status == "optimal" for part in parts) else 0
    return Certificate(row, OBJECTIVE, status, bound, value, said.method, min(spans, default=0.0), low, high, columns, why, groups)
