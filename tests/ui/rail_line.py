"""A made railway for the window's tests: a bent line of 12 km with broken chains, two plans of six and three guards, no solver."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely

from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Lines
from gridplanner.model.mileage import Mileage
from gridplanner.model.places import Railway, Stations, texts
from gridplanner.model.project import Project, Provenance
from gridplanner.model.rail import (
    RailCorridor,
    RailFeatures,
    RailLine,
    RailPlaces,
    RailPlan,
    RailProfile,
    RailProof,
    RailRound,
    RailSegment,
)
from gridplanner.model.rail_pieces import segment_on
from gridplanner.model.rail_work import plan_figures
from gridplanner.settings import ProjectSettings, RailSettings, Settings

LONG = 12_000.0  # metres: 8 km east, 4 km north
SHORT_CHAIN, LONG_CHAIN = 3000.0, 9000.0  # metres along: K103+000 = K103+020, and K109+020 = K108+720
BRIDGE, TUNNEL, CROSSING = (5200.0, 5600.0), (7050.0, 7350.0), 1500.0
ATOM = 50.0


def rail_line() -> Project:
    """Return a project with a railway alone, divided by day among two squads of three and by night among three guards of one."""
    line = RailLine("青南线", np.array([[0.0, 0.0], [8000.0, 0.0], [8000.0, 4000.0]]), 100_000.0, (_kilometres(), _builders()))
    low = np.arange(0.0, LONG, ATOM)
    work = np.zeros((len(low), 3))
    work[:, 0] = ATOM / 1000.0
    work[low == CROSSING, 1] = 0.3
    work[(low >= BRIDGE[0]) & (low < BRIDGE[1]), 2] = 0.5 * ATOM / 1000.0
    within = (low > TUNNEL[0]) & (low < TUNNEL[1])
    gate = (low >= LONG / 2).astype(np.int64)
    profile = RailProfile(
        np.zeros(len(low), np.int64), low, low + ATOM, ("length", "crossing", "bridge"), work, ~within, (low == TUNNEL[0]).astype(float),
        np.zeros(len(low), bool), np.abs(low - np.where(gate, 8000.0, 2000.0)) / 1.1, gate.copy(), gate,
    )  # fmt: skip
    features = RailFeatures(
        np.zeros(3, np.int64), np.array([CROSSING, BRIDGE[0], TUNNEL[0]]), np.array([CROSSING, BRIDGE[1], TUNNEL[1]]),
        texts(["crossing", "bridge", "tunnel"]), texts(["", "南河桥", "关山隧道"]), np.array([1.0, 0.4, 0.3]),
    )  # fmt: skip
    on = np.zeros(2, np.int64)
    bases = RailPlaces(np.array([[2000.0, 600.0], [7500.0, 900.0]]), texts(["西站所", "东站所"]), on, np.array([2000.0, 7500.0]))
    gates = RailPlaces(np.array([[2000.0, 0.0], [8000.0, 0.0]]), texts(["二号口", "八号口"]), on, np.array([2000.0, 8000.0]))
    plan = RailPlan((line,), (), "day", features=features, profile=profile, bases=bases, gates=gates)
    plan = dataclasses.replace(plan, segments=(*_segments(plan, "day", 2, 3), *_segments(plan, "night", 1, 3)))
    figures = [plan_figures(plan, name) for name in ("day", "night")]
    proofs = tuple(RailProof(one.plan, one.largest, one.largest, "optimal", one.mean) for one in figures)
    late = Issue(Level.WARNING, "rail_far", "{segment} is far", {"segment": "2-03"}, "railsegs", "2-03", 8000.0, 4000.0)
    plan = dataclasses.replace(plan, proofs=proofs, corridor=_corridor(plan), issues=(late,))
    stations = Stations(
        np.array([[0.0, 10.0], [4000.0, 12.0], [1000.0, 0.0]]), texts(["西站", "中站", "K101"]), np.array([1e5, 104_020.0, 101_000.0]),
        texts(["", "", ""]), np.array([False, False, True]), texts(["", "", ""]), texts(["", "", ""]), np.full(3, np.nan),
    )  # fmt: skip
    project = Project(
        settings=Settings(project=ProjectSettings(name="护路"), rail=RailSettings(squads=2, guards=6)), crs="EPSG:4545",
        provenance=(Provenance("railway", "railway.geojson", "", 1, "EPSG:4545"),),
        railway=Railway(Lines(line.coords, np.array([0, 3], np.int32)), np.ones(1, bool), texts([line.name])), stations=stations,
    )  # fmt: skip
    return dataclasses.replace(project, rail=dataclasses.replace(plan, made_from=made_from(project, "rail")))


def _kilometres() -> Mileage:
    along = np.array([0.0, SHORT_CHAIN, LONG_CHAIN, LONG])
    return Mileage(along, np.array([1e5, 103_000, 109_020, 111_720]), np.array([1e5, 103_020, 108_720, 111_720]))


def _builders() -> Mileage:
    ends = np.array([500.0, 500.0 + LONG])
    return Mileage(np.array([0.0, LONG]), ends, ends, "DK", "up")


def _segments(plan: RailPlan, name: str, squads: int, guards: int) -> list[RailSegment]:
    letter, count = "" if name == "day" else "N", squads * guards
    edges = np.linspace(0.0, LONG, count + 1)
    done = RailRound("foot", 60.0, 2, (480.0,), ((540.0, float(edges[1]), "1-02"),))
    found = []
    for number in range(count):
        squad, guard = number // guards + 1, number % guards + 1
        bare = RailSegment(f"{letter}{squad}-{guard:02d}", 0, squad, guard, 0.0, 0.0, 0.0, np.zeros((2, 2)), plan=name, round=done)
        found.append(segment_on(plan, bare, float(edges[number]), float(edges[number + 1])))
    return found


def _corridor(plan: RailPlan) -> RailCorridor:
    day = [plan.segments[row] for row in plan.of_plan("day")]
    boxes = np.empty(len(day), object)
    boxes[:] = [shapely.box(*segment.coords.min(axis=0) - 500.0, *segment.coords.max(axis=0) + 500.0) for segment in day]
    homes = np.array([0.0, 12.0, 40.0, 160.0, 400.0, 900.0])
    names = texts(["", "河湾村", "河湾村", "上村、下村", "关山村", "北庄"])
    codes = texts([segment.code for segment in day])
    return RailCorridor(boxes, codes, homes, 2.6 * homes, np.array([0, 1, 1, 2, 1, 1]), np.array([0, 0, 0, 1, 0, 1]), names)
