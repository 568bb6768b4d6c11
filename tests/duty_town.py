"""A small town of blocks with everything that police planning makes, put together by hand: every expectation can be counted."""

import dataclasses

import numpy as np
import shapely
from block_town import BLOCK, X, Y, block_town, box, grid, planned, unit

from gridplanner.model.beats import Beat, BeatCertificate, BeatPlan
from gridplanner.model.checkpoints import Checkpoint, CheckpointPlan, Closure, Crossing
from gridplanner.model.duty_data import Indicators, Staff, StationAreas
from gridplanner.model.places import Depots, KeySites, texts
from gridplanner.model.project import Project
from gridplanner.model.rings import RingPlan
from gridplanner.model.street_chiefs import ChiefPlan, Stretch
from gridplanner.model.zones import Zone, ZoneCertificate, ZonePlan
from gridplanner.settings import BeatSettings, RatingSettings, ZoneSettings

COLUMNS, ROWS = 8, 4


def duty_town() -> Project:
    """Eight columns of four blocks: two communities, eight grids of two by two blocks, four beats, two zones, two stations.

    The western community has 75 households a block, the eastern one 150 in half as many persons' worth of grids.
    """
    project = planned(block_town(COLUMNS, ROWS, 75.0, split=(4,)))
    ids = sorted(project.grids.grids)
    west = [key for key in ids if project.grids.grids[key].community == 0]
    east = [key for key in ids if key not in west]
    pairs = [west[:2], west[2:], east[:2], east[2:]]
    beats = BeatPlan(
        {key: number for number, pair in enumerate(pairs, 1) for key in pair},
        {number: Beat(f"00{number}", f"第{number}警务区", "城关派出所" if number < 3 else "站前派出所") for number in range(1, 5)},
        (BeatCertificate("", "optimal", 1.0, 1.0, 4, 0.2, 0.05, 0.04),),
    )
    zones = ZonePlan(
        {key: 1 if project.grids.grids[key].community == 0 else 2 for key in ids},
        {1: Zone("01", "西区", 0), 2: Zone("02", "东区")},
        np.array([1300.0, 1100.0]),
        p90=np.array([2.25, np.nan]),
        certificate=ZoneCertificate("gap", 2.0, 1.5, "minutes"),
    )
    stations = StationAreas(
        np.array([box(-1, -1, 4, 5), box(4, -1, 9, 5)], object), texts(["A1", "A2"]), texts(["城关派出所", "站前派出所"])
    )
    staff = Staff(
        texts(["甲", "乙", "丙", "丁", "戊"]), texts(["网格员", "社区民警", "巡防队员", "", "街长"]),
        texts(["000-1", "", "000-3", "", ""]), texts([project.grids.grids[ids[0]].code, "第1警务区", "02", "社区0", "no such place"]),
    )  # fmt: skip
    figures = Indicators(texts(["A1", "A2"]), texts(["2026-01", "2026-01"]), texts(["n"]), np.array([[1.0], [9.0]]), np.array([90.0, 60.0]))
    return dataclasses.replace(
        project,
        settings=dataclasses.replace(
            project.settings, beats=BeatSettings(1500.0), zones=ZoneSettings(2), rating=RatingSettings(method="percentile")
        ),
        beats=beats, zones=zones, checkpoints=checkpoints(), rings=rings(project), chiefs=chiefs(ids), station_areas=stations, staff=staff,
        indicators=figures,
        depots=Depots(at((1, 1)), texts(["城关派出所"]), texts(["派出所"]), np.ones(1, np.int32)),
        key_sites=KeySites(at((1, 1), (2.5, 0.5), (6, 3.5)), texts(["a", "b", "c"]), *([np.zeros(3, np.int32)] + [np.zeros(3)] * 4)),
    )  # fmt: skip


def at(*places):
    """Places in blocks as metres."""
    return np.array([(X + BLOCK * x, Y + BLOCK * y) for x, y in places])


def checkpoints() -> CheckpointPlan:
    """Two of three crossings held, one of them on a drawn cordon."""
    found = (
        Crossing(X, Y, "", "国道一号", "primary", "both", True, "existing", 0.6, 0.25),
        Crossing(X + 50, Y, "", "", "track", "out", False),
        Crossing(X, Y + 90, "河边", "桥", "secondary", "in", True, "", 1.0, 0.0),
    )
    held = (
        Checkpoint("C001", X, Y, 0, "", "国道一号", "primary", "both", 1, 0.425, existing=True),
        Checkpoint("C002", X, Y + 90, 2, "河边", "桥", "secondary", "in", 1, 1.0),
    )
    closure = Closure("", 8.0, 8.0, ((X, Y, "国道一号", "primary"),), ((X + 50, Y, "", "track"),))
    return CheckpointPlan(held, found, (closure,), {"": (0.425,)}, {"": "optimal"}, {"": 0.425})


def rings(project) -> RingPlan:
    """One post in the south-western corner: everything within 250 m in one minute, within 500 m in three."""
    away = np.hypot(*(project.households.xy - at((0, 0))).T)
    minutes = np.where(away < 250, 0.5, np.where(away < 500, 2.0, 9.0))
    near, far = shapely.Point(X, Y).buffer(250), shapely.Point(X, Y).buffer(500)
    return RingPlan(
        (1, 3), at((0, 0)), texts(["岗亭"]), minutes, np.zeros(len(minutes), np.int32), np.zeros(0),
        np.array([near, far.difference(near), shapely.Polygon()], object), np.zeros(3, np.int32), np.array([1.0, 3.0, 3.0]),
    )  # fmt: skip


def chiefs(ids) -> ChiefPlan:
    """Two stretches, the second nobody's, with a grid on its left that is no more."""
    return ChiefPlan((
        Stretch("0001", "学府路", at((0, 2), (4, 2)), 400.0, 0.55, (ids[0], ids[1]), (ids[2], ids[2]), "戊"),
        Stretch("0002", "", at((4, 2), (8, 2)), 400.0, 0.4, (999,), ()),
    ))  # fmt: skip


def block_zones(project) -> Project:
    """The town with zones of blocks instead: the border runs through the middle of the second column of grids."""
    labels = np.ones(len(project.units), np.int32)
    for column in range(3, COLUMNS):
        for row in range(ROWS):
            labels[unit(project, column, row)] = 2
    zones = dataclasses.replace(project.zones, members={}, labels=labels)
    return dataclasses.replace(project, zones=zones)


def grids_of_column(project, column) -> set[int]:
    """The grids that a column of blocks belongs to."""
    return {grid(project, column, row) for row in range(ROWS)}
