"""Patrol routes and key sites that were read anew: calls say a site by its row, so they follow it to where it stands now."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Ints
from gridplanner.model.patrol import DEAD, PatrolPlan, Route
from gridplanner.model.places import KeySites

SAME = 1.0  # metres within which a site of the same name is the same site


def with_sites_followed(plan: PatrolPlan, before: KeySites, after: KeySites) -> PatrolPlan:
    """Return the plan whose calls and findings name the rows of `after`; a site that is no longer there is called at no more.

    Such a route keeps its way and its times, with a pause where the site was, until it is changed or planned again.
    """
    rows = rows_now(before, after)
    if np.array_equal(rows, np.arange(len(before))):
        return plan
    routes = tuple(_followed(route, rows) for route in plan.routes)
    issues = tuple(issue for found in plan.issues if (issue := _issue(found, rows)) is not None)
    return dataclasses.replace(plan, routes=routes, issues=issues)


def rows_now(before: KeySites, after: KeySites) -> Ints:
    """Return the row in `after` of each site of `before`, that of the same name at the same place, -1 where there is none."""
    named: dict[str, list[int]] = {}
    for row, name in enumerate(after.names):
        named.setdefault(str(name), []).append(row)
    found = np.full(len(before), -1, np.int64)
    for row, (name, place) in enumerate(zip(before.names, before.xy, strict=True)):
        for other in named.get(str(name), []):
            if np.hypot(*(after.xy[other] - place)) <= SAME:
                found[row] = other
                named[str(name)].remove(other)
                break
    return found


def _followed(route: Route, rows: Ints) -> Route:
    stays = [call.kind != "site" or (0 <= call.site < len(rows) and rows[call.site] >= 0) for call in route.calls]
    moved = any(call.kind == "site" and 0 <= call.site < len(rows) and rows[call.site] != call.site for call in route.calls)
    if all(stays) and not moved:
        return route
    calls = tuple(
        dataclasses.replace(call, site=int(rows[call.site])) if call.kind == "site" else call
        for call, here in zip(route.calls, stays, strict=True)
        if here
    )
    number = np.append(np.cumsum(stays) - 1, DEAD).astype(np.int64)
    shown = [here for call, here in zip(route.calls, stays, strict=True) if call.kind != "via"]
    stops = [stop for stop, here in zip(route.stops, [True, *shown, True], strict=True) if here]
    sites = sum(call.kind == "site" for call in calls)
    return dataclasses.replace(route, calls=calls, call_of_arc=number[route.call_of_arc], stops=tuple(stops), sites=sites)


def _issue(issue: Issue, rows: Ints) -> Issue | None:
    """Return a finding that names the row of a site now, None where the site that is on no route is no longer there."""
    site = issue.values.get("site")
    if issue.kind != "unserved" or not isinstance(site, int) or not 0 <= site < len(rows):
        return issue
    return dataclasses.replace(issue, values={**issue.values, "site": int(rows[site])}) if rows[site] >= 0 else None
