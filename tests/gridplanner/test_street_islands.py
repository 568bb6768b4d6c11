"""Units and streets: what lies between two carriageways is no unit, and streets beside a limit are moved onto it, which is said."""

import numpy as np
import pytest
import shapely

from gridplanner.model.lines import Lines
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import Communities, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.planning.units import propose_units


def town(*streets, oneway=()) -> Project:
    """A community of 600 m by 400 m with an address in each quarter, and streets given by their corners."""
    count = len(streets)
    offsets = np.cumsum([0, *map(len, streets)]).astype(np.int32)
    zero = np.zeros(count, np.int8)
    roads = Roads(
        Lines(np.array([xy for street in streets for xy in street], float), offsets), np.full(count, RoadClass.STREET, np.int8),
        texts(["residential"] * count), texts([""] * count), np.array([*oneway, *zero][:count], np.int8), np.zeros(count), zero,
    )  # fmt: skip
    areas = Communities(np.array([shapely.box(0, 0, 600, 400)], object), texts(["620802001001"]), texts(["甲"]), texts([""]))
    homes = Households(
        np.array([(150, 100), (450, 100), (150, 300), (450, 300)], float), np.full(4, 20.0), np.full(4, 50.0), texts([""] * 4)
    )
    return Project(crs="EPSG:4545", communities=areas, households=homes, roads=roads)


CARRIAGEWAYS = [(0, 200), (600, 200)], [(600, 214), (0, 214)], [(300, 0), (300, 200), (300, 214), (300, 400)]


@pytest.mark.parametrize(("oneway", "units"), [((1, 1, 0), 4), ((0, 0, 0), 6)])
def test_the_strip_between_two_carriageways_is_no_unit(oneway, units):
    project = propose_units(made := town(*CARRIAGEWAYS, oneway=oneway)).apply(made)
    assert len(project.units) == units
    if units == 4:  # its limit follows one carriageway all along
        assert sorted(shapely.area(unit_polygons(project.units)).tolist()) == [60_000] * 4  # the strip of 14 m to the north


def test_the_inside_of_a_roundabout_is_no_unit():
    ring = [(300 + 12 * np.cos(a), 200 + 12 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 17)]
    arms = [(0, 200), ring[8]], [ring[0], (600, 200)], [(300, 0), ring[12]], [ring[4], (300, 400)]
    project = propose_units(made := town(ring, *arms, oneway=(1,))).apply(made)
    assert len(project.units) == 4


def test_streets_moved_onto_a_limit_are_told_once_with_how_far():
    project = propose_units(made := town([(50, 3), (300, 3.5), (550, 4)], [(300, 3.5), (300, 400)])).apply(made)
    issues = [issue for issue in project.units.issues if issue.kind == "limit_snapped"]
    assert [issue.values for issue in issues] == [{"km": "0.5", "metres": "4.0"}]
    assert issues[0].y == 0.0
    plain = propose_units(made := town([(300, 0), (300, 400)])).apply(made)
    assert [issue for issue in plain.units.issues if issue.kind == "limit_snapped"] == []
