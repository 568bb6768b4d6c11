"""Where one more call fits best into a route: the least way round, of a few places that are driven through to the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.shortest_paths import times_from, times_to
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.patrol import Call, Route
from gridplanner.planning.hand_route import Driven, Driver

TRIED = 3  # places that are driven through to the end


@dataclass(frozen=True, eq=False)
class _Gaps:
    """The places at which a route can be parted: before piece `inner` of the call `row`, from node `leave` to `reach` for `cost` now."""

    row: Ints
    inner: Ints
    leave: Ints
    reach: Ints
    cost: Floats


def inserted(driver: Driver, route: Route, calls: Sequence[Call], news: Sequence[Call]) -> tuple[list[Call], Driven]:
    """Return calls with one of `news` (one call in either direction) where it is the least way round, and the route with them.

    Of the places with the least way, that counts at which least is late, then the shortest time. Raises EditRejected where there is no
    way there and back.
    """
    gaps = _gaps(driver, route, calls, news)
    ways = driver.ways_of(route, [*calls, *news])
    network = ways.network
    found: list[tuple[float, int, int]] = []
    for number, new in enumerate(news):
        entry, end = driver.ends_of(route, new)
        to, on = times_to(network, entry), times_from(network, end)
        extra = to[network.rows(gaps.leave)] + on[network.rows(gaps.reach)] - gaps.cost
        order = np.argsort(extra, kind="stable")[:TRIED]
        found += [(float(extra[gap]), number, int(gap)) for gap in order if np.isfinite(extra[gap])]
    best: tuple[list[Call], Driven] | None = None
    why: EditRejected | None = None
    for _extra, number, gap in sorted(found)[:TRIED]:
        after = parted(calls, int(gaps.row[gap]), int(gaps.inner[gap]), news[number])
        try:
            driven = driver.drive(route, after)
        except EditRejected as refused:
            why = refused
            continue
        if best is None or (len(driven.late), driven.route.minutes) < (len(best[1].late), best[1].route.minutes):
            best = after, driven
    if best is None:
        text = _("There is no way from route {route} to {name} and back")
        raise why or EditRejected(text.format(route=route.code, name=driver.called(news[0])))
    return best


def parted(calls: Sequence[Call], row: int, inner: int, new: Call) -> list[Call]:
    """Return calls with one more before piece `inner` of the call `row`, which falls apart where that is not its first."""
    if not inner:
        return [*calls[:row], new, *calls[row:]]
    one, rest = (dataclasses.replace(calls[row], arcs=arcs) for arcs in (calls[row].arcs[:inner], calls[row].arcs[inner:]))
    return [*calls[:row], one, new, rest, *calls[row + 1 :]]


def _gaps(driver: Driver, route: Route, calls: Sequence[Call], news: Sequence[Call]) -> _Gaps:
    """Return all gaps, also those within a call of several street pieces, but none beside a break that is taken on the way."""
    node = route.depot_node
    row, inner, leave, reach = [], [], [node], []
    for number, call in enumerate(calls):
        if call.kind == "rest":
            continue
        pieces = [(arc,) for arc in call.arcs] if call.kind == "street" else [call.arcs]
        for piece, arcs in enumerate(pieces):
            entry, end = driver.ends_of(route, dataclasses.replace(call, arcs=arcs))
            row.append(number)
            inner.append(piece)
            reach.append(entry)
            leave.append(end)
    row, inner, reach = [*row, len(calls)], [*inner, 0], [*reach, node]
    ways = driver.ways_of(route, [*calls, *news])
    pairs = [(a, b, -1, -1) for a, b in zip(leave, reach, strict=True) if a != b]
    ways.look_up(pairs)
    cost = [0.0 if a == b else ways.way_cost(a, b) for a, b in zip(leave, reach, strict=True)]
    return _Gaps(np.array(row), np.array(inner), np.array(leave), np.array(reach), np.array(cost))
