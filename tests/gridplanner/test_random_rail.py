"""What holds of work, access and corridors whatever the lines and the land beside them are."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gridplanner.model.places import NO_RAIL_THINGS
from gridplanner.model.rail import RailSegment
from gridplanner.model.rail_corridors import corridor_of
from gridplanner.planning.rail_access import access_of, gates_of, with_access
from gridplanner.planning.rail_work import features_of, profile_of
from tests.random_rail import random_rail


def length_of(line) -> float:
    return shapely.LineString(line.coords).length


def segments_of(lines, profile):
    """Each line cut in three at borders of its atoms."""
    made = []
    for number in range(len(lines)):
        rows = np.flatnonzero(profile.line == number)
        edges = np.append(profile.low[rows], profile.high[rows[-1]])
        cuts = edges[np.unique(np.linspace(0, len(edges) - 1, 4).astype(int))]
        pairs = zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
        made += [
            RailSegment(f"{number}-{n}", number, 1, 1, 0.0, 0.0, 0.0, np.empty((0, 2)), low, high) for n, (low, high) in enumerate(pairs)
        ]
    return made


@pytest.mark.parametrize("seed", range(16))
def test_nothing_is_lost_or_counted_twice_on_random_land(seed):
    lines, project = random_rail(seed)
    rail = project.settings.rail
    features, issues = features_of(project, lines)
    assert np.all(features.low <= features.high)
    assert np.isfinite(features.amount).all()
    gates, told = gates_of(project, lines, features, rail)
    profile = profile_of(lines, features, rail, gates.places)
    for number, line in enumerate(lines):
        mine = profile.line == number
        assert profile.low[mine][0] == 0.0
        assert profile.open[mine][0]
        assert profile.high[mine][-1] == pytest.approx(length_of(line))
        assert np.array_equal(profile.low[mine][1:], profile.high[mine][:-1])
    for column, kind in enumerate(profile.kinds):
        if kind not in {"length", "fence"}:
            assert profile.amount[:, column].sum() == pytest.approx(features.amount[features.kinds == kind].sum(), abs=1e-6), kind
    access, more = access_of(project, lines, profile, gates, rail)
    profile = with_access(profile, access)
    reached = np.isfinite(profile.access_s)
    assert np.array_equal(profile.base >= 0, reached)
    assert np.array_equal(profile.gate >= 0, reached)
    assert np.array_equal(access.gates.line[profile.gate[reached]], profile.line[reached])
    assert all(issue.message for issue in (*issues, *told, *more))
    corridors = corridor_of(project, lines, segments_of(lines, profile), rail)
    whole = shapely.union_all(corridors.polygons)
    assert shapely.area(corridors.polygons).sum() == pytest.approx(whole.area, rel=1e-6)
    inside = shapely.intersects(whole, shapely.points(project.households.xy))
    assert corridors.households.sum() == pytest.approx(project.households.households[inside].sum())


@pytest.mark.parametrize("seed", range(24))
def test_crossings_are_where_streets_on_the_ground_cross_the_lines_and_nowhere_else(seed):
    lines, project = random_rail(seed)
    roads = project.roads
    features, _issues = features_of(replace(project, rail_things=NO_RAIL_THINGS), lines)
    ground = np.flatnonzero((roads.level == 0) & (roads.highway != "motorway"))
    ways = [shapely.LineString(roads.lines.line(row)) for row in ground.tolist()]
    ends = shapely.MultiPoint([way.coords[at] for way in ways for at in (0, -1)])
    for number, line in enumerate(lines):
        shape = shapely.LineString(line.coords)
        met = [point for way in ways for point in shapely.get_parts(shape.intersection(way)) if not point.is_empty]
        met.sort(key=shape.project)
        along = np.array([shape.project(point) for point in met])
        groups = np.split(np.arange(len(met)), np.flatnonzero(np.diff(along) > 25.0) + 1) if met else []
        found = features.low[(features.kinds == "crossing") & (features.line == number)]
        middles = np.array([along[group].mean() for group in groups])
        clear = np.array([all(met[row].distance(ends) > 1.1 for row in group) for group in groups], bool)
        for at in middles[clear]:  # a street that ends at the line need not cross it
            assert np.abs(found - at).min(initial=np.inf) < 0.1
        near = [shapely.shortest_line(shape, way) for way in ways if way.distance(shape) < 0.06]
        touched = [shape.project(shapely.Point(way.coords[0])) for way in near]
        assert all(np.abs([*middles, *touched] - at).min() < 25.0 for at in found)
