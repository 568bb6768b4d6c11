"""What the police of the made town keep beside the map: cases by place, station areas, monthly figures, people on duty.

Everything is drawn by chance from the made town itself. People are roles with a number, and no telephone begins with 000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from sample_data.communities import Community
from sample_data.curves import FloatArray, as_line, place
from sample_data.households import Addresses
from sample_data.places import PLACES
from sample_data.skeleton import RIVER_NAME
from sample_data.streets import Street

MONTHS = (
    "2025-02",
    "2025-03",
    "2025-04",
    "2025-05",
    "2025-06",
    "2025-07",
    "2025-08",
    "2025-09",
    "2025-10",
    "2025-11",
    "2025-12",
    "2026-01",
)
KINDS = ("刑事", "治安", "交通", "纠纷")
SHARES = (0.14, 0.30, 0.26, 0.30)
"""What part of the cases is of each kind."""
INCIDENTS = 600
LIVELY = ("钟楼广场", "钟楼农贸市场", "东关市场", "河南市场", "汽车客运站", "西郊站", "新城公园", "新城中学", "滨河公园")
"""Places around which more happens than elsewhere."""
STATIONS = (
    ("620802510000", "西郊派出所", ("钟楼社区", "北苑社区", "东关社区")),
    ("620802520000", "新城派出所", ("新城社区",)),
    ("620802530000", "站前派出所", ("南岸社区", "铁新社区")),
)
"""Code, name and communities of each police station."""
SWING = ((0.9, 1.3, 0.8), (0.6, 2.4, 1.0), (0.5, 0.9, 1.6), (0.9, 1.6, 0.6))
"""How many cases there are for a home in the area of each station, in each quarter of the twelve months."""
TRAFFIC = "交通"
"""The kind of cases on streets; the others are at addresses."""
ARTERIALS = ("primary", "secondary", "tertiary")

SQUADS, SQUAD_GUARDS = 4, 3  # of the railway
# what guards have asked for: who, from, until, what, which shift
LEAVE_AND_WISHES = (
    ("1-02", "2026-01-07", "2026-01-08", "请假", ""), ("2-01", "2026-01-10", "2026-01-11", "希望", "休"),
    ("3-03", "2026-01-06", "", "不希望", "晚班"), ("4-01", "2026-01-05", "", "固定", "早班"),
)  # fmt: skip


class Case(NamedTuple):
    """Cases of one kind and month at one place."""

    at: Point
    month: str
    kind: str
    cases: int


class MonthlyFigures(NamedTuple):
    """A station's cases of each kind in a month, and how satisfied residents said they were, 0 to 100."""

    station: str
    month: str
    cases: tuple[int, ...]
    satisfaction: float


class OnDuty(NamedTuple):
    """Someone on duty: what stands for the name, the role, a telephone that cannot exist, and what they are responsible for."""

    name: str
    role: str
    phone: str
    unit: str


@dataclass(frozen=True, eq=False)
class Police:
    """All of it, in metres of the drawing."""

    cases: list[Case]
    areas: list[tuple[str, str, Polygon | MultiPolygon]]
    figures: list[MonthlyFigures]
    staff: list[OnDuty]
    sites: list[tuple[str, str, Point]]
    cordons: list[tuple[str, int, LineString]]


def keep_records(
    communities: Sequence[Community], homes: Addresses, streets: Sequence[Street], river: LineString, rng: np.random.Generator
) -> Police:
    """Return what the police keep of a town; the figures of a station are the sums of the cases in its area."""
    outlines = {c.name: c.outline for c in communities}
    areas = [(code, name, shapely.coverage_union_all([outlines[part] for part in parts])) for code, name, parts in STATIONS]
    cases = _cases([area for *_, area in areas], shapely.union_all([c.outline.exterior for c in communities]), homes, streets, rng)
    town = shapely.union_all([c.outline for c in communities])
    return Police(
        cases=cases,
        areas=areas,
        figures=_figures(cases, areas, rng),
        staff=_staff(communities, _main_streets(streets, town)),
        sites=[("城东检查站", "已有", place(2930, -160)), ("南塬路口", "禁止", place(1390, -2690))],
        cordons=[(f"{RIVER_NAME}沿线", 2, max(map(as_line, shapely.get_parts(river.intersection(town))), key=lambda part: part.length))],
    )


def _cases(
    areas: Sequence[shapely.Geometry], bounds: shapely.Geometry, homes: Addresses, streets: Sequence[Street], rng: np.random.Generator
) -> list[Case]:
    """Cases at addresses and, those of traffic, on main streets; none lies on the bounds of a community."""
    roads = [s.line for s in streets if s.kind in ARTERIALS]
    spots = np.vstack([shapely.get_coordinates(shapely.line_interpolate_point(line, np.arange(10, line.length, 25))) for line in roads])
    spots = spots[shapely.distance(bounds, shapely.points(spots)) > 2].round(2)
    at_homes = _chances(homes.xy, homes.households.astype(np.float64), areas)
    on_streets = _chances(spots, np.ones(len(spots)), areas)
    drawn: dict[tuple[int, int, int], int] = {}
    while len(drawn) < INCIDENTS:
        month, kind = int(rng.integers(len(MONTHS))), int(rng.choice(len(KINDS), p=SHARES))
        chances = (on_streets if KINDS[kind] == TRAFFIC else at_homes)[month]
        row = int(np.searchsorted(chances, rng.random() * chances[-1], "right"))
        drawn[month, kind, row] = drawn.get((month, kind, row), 0) + min(int(rng.geometric(0.6)), 4)
    return [
        Case(Point((spots if KINDS[kind] == TRAFFIC else homes.xy)[row]), MONTHS[month], KINDS[kind], count)
        for (month, kind, row), count in sorted(drawn.items())
    ]


def _chances(xy: FloatArray, weight: FloatArray, areas: Sequence[shapely.Geometry]) -> FloatArray:
    """Return the running sums (months, n) of how likely a case is at each place: more around lively places, and as SWING says."""
    lively = np.array([shapely.get_coordinates(place(p.x, p.y))[0] for p in PLACES if p.name in LIVELY])
    near = np.exp(-np.hypot(*(xy[:, None, :] - lively).transpose(2, 0, 1)) / 160).sum(axis=1)
    inside = np.array([shapely.contains_xy(area, *xy.T) for area in areas], dtype=np.float64)
    quarters = np.arange(len(MONTHS)) // (len(MONTHS) // len(SWING))
    return np.cumsum((np.array(SWING)[quarters] @ inside) * weight * (0.4 + 4 * near), axis=1)


def _figures(cases: Sequence[Case], areas: Sequence[tuple[str, str, shapely.Geometry]], rng: np.random.Generator) -> list[MonthlyFigures]:
    """Sums of the cases of each area, and a satisfaction that falls where there are many and wanders."""
    figures = []
    for _, name, area in areas:
        here = [case for case in cases if area.contains(case.at)]
        for month in MONTHS:
            sums = tuple(sum(c.cases for c in here if c.month == month and c.kind == kind) for kind in KINDS)
            figures.append(MonthlyFigures(name, month, sums, round(float(np.clip(97 - 0.3 * sum(sums) + rng.normal(0, 2), 60, 99)), 1)))
    return figures


def _main_streets(streets: Sequence[Street], town: shapely.Geometry) -> list[str]:
    """Return the names of the main streets of which more lies in the town than beyond its limit, in their order."""
    beyond: dict[str, float] = {}
    for street in streets:
        if street.name and street.kind in ARTERIALS:
            inside = street.line.intersection(town).length
            beyond[street.name] = beyond.get(street.name, 0.0) + street.line.length - 2 * inside
    return [name for name, more in beyond.items() if more < 0]


def _staff(communities: Sequence[Community], streets: Sequence[str]) -> list[OnDuty]:
    """A worker for each grid and two more, a leader and an officer for each community, a chief for each main street, railway guards."""
    grids = [f"{c.code}{number:03}" for c in communities for number in range(1, c.grids + 1)]
    grids += [f"{c.code}001" for c in communities[:2]]
    posts = [("网格员", unit) for unit in grids]
    posts += [(role, c.name) for role in ("网格长", "社区民警") for c in communities]
    posts += [("街长", name) for name in streets]
    posts += [("护路队员", f"{squad}-{guard:02}") for squad in range(1, SQUADS + 1) for guard in range(1, SQUAD_GUARDS + 1)]
    counts: dict[str, int] = {}
    staff = []
    for number, (role, unit) in enumerate(posts, start=1):
        counts[role] = counts.get(role, 0) + 1
        staff.append(OnDuty(f"{role}{counts[role]:02}", role, f"000-0000-{number:04}", unit))
    return staff
