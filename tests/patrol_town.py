"""A small lattice with a patrol plan made by hand: every time, place and count of it can be worked out on paper.

Streets 100 m apart run along (一街 … 六街, from the south) and across; a car passes a block in 10 s and patrols it in 20 s. Two zones
lie west and east of the street in the middle, each with a depot, a key site at the far end, and two crews: the first patrols 二街 from
08:00 and visits the site, the second patrols 五街 from 16:00 and rests on the way. 三街 is one-way to the east, and nobody may turn
from the first block of 一街 to the north.
"""

import heapq
import itertools
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridplanner.model.freshness import made_from
from gridplanner.model.lines import Lines
from gridplanner.model.patrol import DEAD, Call, Draw, PatrolPlan, PatrolStreets, Route, Stop
from gridplanner.model.patrol_draws import variant_on, zones_driven
from gridplanner.model.places import Depots, Households, KeySites, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.settings import PatrolSettings, ProjectSettings, Settings

X, Y, BLOCK = 500_000.0, 3_900_000.0, 100.0
COLUMNS, ROWS = 11, 6  # nodes along and across
PASS, PATROL = 10.0, 20.0  # seconds an edge
WEST, EAST = 1, 2  # ids of the zones
DAYS = 7


def node(column, row) -> int:
    """The node at a crossing."""
    return row * COLUMNS + column


def place(number) -> tuple[float, float]:
    """Where a node is, metres."""
    return X + BLOCK * (number % COLUMNS), Y + BLOCK * (number // COLUMNS)


def made_streets() -> PatrolStreets:
    """The lattice: first the edges along, row by row from the south, then those across."""
    along = [(node(c, r), node(c + 1, r), f"{'一二三四五六'[r]}街") for r in range(ROWS) for c in range(COLUMNS - 1)]
    across = [(node(c, r), node(c, r + 1), f"纬{c + 1}路") for c in range(COLUMNS) for r in range(ROWS - 1)]
    u, v, names = (list(column) for column in zip(*along, *across, strict=True))
    count = len(u)
    classes = ["secondary" if name in ("二街", "五街") else "residential" for name in names]
    coords = np.array([place(end) for pair in zip(u, v, strict=True) for end in pair])
    middle = coords.reshape(-1, 2, 2).mean(axis=1)
    seconds = np.full(2 * count, PASS)
    one_way = [row for row, name in enumerate(names) if name == "三街"]
    seconds[[2 * row + 1 for row in one_way]] = np.inf
    first = 0  # the piece of 一街 from the first crossing
    north = names.index("纬2路")
    return PatrolStreets(
        Lines(coords, np.arange(0, 2 * count + 1, 2, dtype=np.int32)), np.array(u), np.array(v), seconds, np.full(count, PATROL),
        texts(names), texts(classes), np.where(middle[:, 0] <= X + 5 * BLOCK, WEST, EAST),
        np.array([klass == "secondary" for klass in classes], np.int32), np.zeros(count, bool), np.array([[2 * first, 2 * north]]),
    )  # fmt: skip


def edge_between(streets, start, end) -> int:
    """The arc from one node to a neighbour."""
    for row, (u, v) in enumerate(zip(streets.u.tolist(), streets.v.tolist(), strict=True)):
        if (start, end) in ((u, v), (v, u)):
            return 2 * row + (start == v)
    raise LookupError((start, end))


def arcs_through(streets, *nodes) -> tuple[int, ...]:
    """The arcs along neighbouring nodes."""
    return tuple(edge_between(streets, a, b) for a, b in itertools.pairwise(nodes))


def fastest(streets, start, goal, price=None, after=-1) -> list[int]:
    """The arcs of a fastest way between two nodes, by turns that are allowed; `price` (edges,) times the seconds of each edge.

    `after` is the arc driven last.
    """
    price = np.ones(len(streets)) if price is None else price
    banned = {(a, b) for a, b in streets.banned.tolist()}
    leaving: dict[int, list[tuple[int, int]]] = {}
    for row, (u, v) in enumerate(zip(streets.u.tolist(), streets.v.tolist(), strict=True)):
        leaving.setdefault(u, []).append((2 * row, v))
        leaving.setdefault(v, []).append((2 * row + 1, u))
    queue, seen = [(0.0, start, after, ())], set()
    while queue:
        spent, at, last, way = heapq.heappop(queue)
        if at == goal:
            return list(way)
        if (at, last) in seen:
            continue
        seen.add((at, last))
        for arc, end in leaving[at]:
            if np.isfinite(streets.seconds[arc]) and (last, arc) not in banned:
                heapq.heappush(queue, (spent + streets.seconds[arc] * price[arc // 2], end, arc, (*way, arc)))
    raise LookupError((start, goal))


@dataclass(frozen=True)
class Crew:
    """A crew of a route: its zone, number, shift and depot's node and name."""

    zone: int
    number: int
    shift: str
    depot: int
    depot_name: str
    code: str


def drive(streets, crew, calls, variant=1, sites=None, price=None, rest=30.0, dwell=10.0) -> Route:
    """The route that does the calls in their order, by fastest ways between them.

    `sites` gives the node and the name of each key site; `price` (edges,) makes edges dearer when ways are chosen.
    """
    clock = start = 60.0 * float(crew.shift[:2]) + float(crew.shift[3:])
    at, arcs, serves, passed = crew.depot, [], [], []
    stops = [Stop("depot", crew.depot_name, *place(at), start, 0.0)]

    def go(way, call, seconds):
        nonlocal clock, at
        for arc in way:
            arcs.append(arc)
            serves.append(call)
            passed.append(clock)
            clock += float(seconds(arc)) / 60
            at = int(streets.v[arc // 2] if arc % 2 == 0 else streets.u[arc // 2])

    for row, call in enumerate(calls):
        if call.kind == "rest":
            stops.append(Stop("rest", "", *place(at), clock, rest))
            clock += rest
            continue
        into = sites[call.site][0] if call.kind == "site" else int((streets.v if call.arcs[0] % 2 else streets.u)[call.arcs[0] // 2])
        go(fastest(streets, at, into, price, arcs[-1] if arcs else -1), DEAD, lambda arc: streets.seconds[arc])
        if call.kind == "site":
            stops.append(Stop("site", sites[call.site][1], *place(at), clock, dwell))
            clock += dwell
        elif call.kind == "street":
            begin, middle = clock, streets.lines.line(call.arcs[0] // 2).mean(axis=0).tolist()
            go(call.arcs, row, lambda arc: streets.patrol[arc // 2])
            stops.append(Stop("street", streets.names[call.arcs[0] // 2], *middle, begin, clock - begin))
        else:
            go(call.arcs, row, lambda arc: streets.seconds[arc])
    go(fastest(streets, at, crew.depot, price, arcs[-1] if arcs else -1), DEAD, lambda arc: streets.seconds[arc])
    stops.append(Stop("depot", crew.depot_name, *place(at), clock, 0.0))
    patrolled = sum(BLOCK for row in serves if row != DEAD and calls[row].kind == "street")
    ends = [crew.depot, *(int(streets.u[arc // 2] if arc % 2 else streets.v[arc // 2]) for arc in arcs)]
    return Route(
        crew.code + (f"-V{variant}" if variant > 1 else ""), crew.zone, crew.depot_name, variant, crew.shift,
        np.array([place(end) for end in ends]) if arcs else np.array([place(crew.depot)] * 2), clock - start, patrolled,
        BLOCK * len(arcs) - patrolled, sum(call.kind == "site" for call in calls), tuple(stops), crew.number, tuple(calls),
        np.array(arcs, np.int64), np.array(serves, np.int64), np.array([*passed, clock]), crew.depot,
    )  # fmt: skip


def made_plan(households=True, **patrol) -> Project:
    """A project with two zones, two crews in each and two variants of every route, drawn in turn over a week.

    `households` False leaves out the addresses; `patrol` are settings of the patrol beside those of the lattice.
    """
    streets = made_streets()
    depots = [(node(2, 3), "西派出所"), (node(8, 3), "东派出所")]
    sites = [(node(0, 0), "水厂"), (node(10, 0), "车站")]
    settings = PatrolSettings(**{"crews_per_zone": 2, "shift_minutes": 120.0, "starts": ("08:00", "16:00"), "variants": 2, "days": DAYS,
                                 "required_classes": ("secondary",), "seen_m": 150.0, **patrol})  # fmt: skip
    routes = []
    for zone, (depot, name), columns, site in ((WEST, depots[0], range(6), 0), (EAST, depots[1], range(5, COLUMNS), 1)):
        crews = [Crew(zone, number, settings.starts[number], depot, name, f"X{zone:02d}-{number + 1}") for number in range(2)]
        second = arcs_through(streets, *(node(c, 1) for c in columns))
        fifth = arcs_through(streets, *(node(c, 4) for c in columns))
        back = tuple(arc ^ 1 for arc in reversed(second)), tuple(arc ^ 1 for arc in reversed(fifth))
        forth = [(Call("street", second), Call("site", (), site)), (Call("street", fifth), Call("rest"))]
        first = routes_of(streets, crews, forth, 1, sites)
        used = np.zeros(len(streets))
        for route in first:
            np.add.at(used, route.arcs[route.call_of_arc == DEAD] // 2, 1.0)
        routes += first
        turned = [(Call("site", (), site), Call("street", back[0])), (Call("street", back[1]), Call("rest"))]
        routes += routes_of(streets, crews, turned, 2, sites, 1 + used)
    east, north = np.meshgrid(np.arange(COLUMNS - 1) + 0.5, np.arange(ROWS - 1) + 0.5)
    xy = np.column_stack((X + BLOCK * east.ravel(), Y + BLOCK * north.ravel()))
    homes = len(xy) if households else 0
    count = len(streets)
    zero = np.zeros(count, np.int8)
    east_way = np.where(np.isfinite(streets.seconds[1::2]), 0, 1).astype(np.int8)
    roads = Roads(streets.lines, np.where(streets.times > 0, RoadClass.ARTERIAL, RoadClass.STREET).astype(np.int8), streets.classes,
                  streets.names, east_way, np.full(count, BLOCK / PASS), zero)  # fmt: skip
    middle, low, high = X + 5 * BLOCK, Y - BLOCK / 2, Y + (ROWS - 0.5) * BLOCK
    hulls = [shapely.box(X - BLOCK / 2, low, middle, high), shapely.box(middle, low, X + (COLUMNS - 0.5) * BLOCK, high)]
    project = Project(
        Settings(ProjectSettings("lattice", "EPSG:4545", 1), patrol=settings), "EPSG:4545",
        households=Households(xy[:homes], np.full(homes, 10.0), np.full(homes, 26.0), texts([""] * homes)),
        roads=roads,
        key_sites=KeySites(np.array([place(at) for at, _ in sites]), texts([name for _, name in sites]), np.ones(2, np.int32),
                           np.full(2, 10.0), np.full(2, np.nan), np.full(2, np.nan), np.ones(2)),
        depots=Depots(np.array([place(at) for at, _ in depots]), texts([name for _, name in depots]), texts(["station"] * 2),
                      np.full(2, 2, np.int32)),
        zones=ZonePlan({}, {WEST: Zone("X01", "西区", 0), EAST: Zone("X02", "东区", 1)}, np.ones(2), texts(hulls)),
    )  # fmt: skip
    assert project.zones is not None
    project = replace(project, zones=replace(project.zones, made_from=made_from(project, "zones")))
    draws = tuple(Draw(day, zone, 1 + (day + zone) % 2) for day in range(DAYS) for zone in (WEST, EAST))
    plan = PatrolPlan(tuple(routes), (), made_from(project, "patrol"), streets, draws, 1)
    return replace(project, patrol=plan)


def routes_of(streets, crews, calls, variant, sites, price=None) -> list[Route]:
    """A route for each crew, of its calls."""
    return [drive(streets, crew, own, variant, sites, price) for crew, own in zip(crews, calls, strict=True)]


def routes_on(plan: PatrolPlan, day: int) -> list[Route]:
    """Return the routes that are driven on a day, in the order of the plan."""
    variant = {zone: variant_on(plan, zone, day) for zone in zones_driven(plan)}
    return [route for route in plan.routes if route.variant == variant[route.zone]]
