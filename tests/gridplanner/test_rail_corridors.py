"""Who and what lies beside each segment of a straight line, counted once, and the layer that says so."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gridplanner.io.rail_rows import corridor
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_corridors import corridor_of
from gridplanner.settings import RailSettings
from tests.rail_land import LENGTH, LINE, homes, land, sites, things, villages


def segment(code, low, high, access_s=np.nan):
    coords = np.array([[low, 0.0], [high, 0.0]])
    return RailSegment(code, 0, 1, 1, 814_000 + low, 814_000 + high, 1.0, coords, low, high, access_s=access_s)


HALVES = (segment("1-01", 0.0, 5000.0, 600.0), segment("1-02", 5000.0, LENGTH))
PEOPLE = homes((1000, 2400, 100), (4000, -50, 60), (5000, 10, 7), (6000, 900, 50), (6000, 2600, 999), (-10, 0, 999))


def test_households_persons_and_schools_count_in_one_corridor():
    schools = sites((1000, 100, "甲小学"), (1200, 100, "银行"), (9000, -2000, "乙中学"), (9500, -2000, "丙幼儿园"))
    found = corridor_of(land(households=PEOPLE, key_sites=schools), [LINE], HALVES, RailSettings())
    assert found.codes.tolist() == ["1-01", "1-02"]
    assert found.households.tolist() == [167, 50]
    assert found.persons.tolist() == pytest.approx([2.5 * 167, 2.5 * 50])
    assert found.schools.tolist() == [1, 2]
    assert shapely.area(found.polygons).tolist() == pytest.approx([25e6, 25e6], rel=1e-6)


def test_villages_are_communities_with_households_there_and_count_in_each_corridor_that_they_reach_into():
    people = homes((1000, 0, 1), (4000, 0, 1), (6000, 0, 1), (9000, 4000, 1))
    found = corridor_of(land(households=people, communities=villages("甲", "乙", "丙")), [LINE], HALVES, RailSettings())
    assert found.village_names.tolist() == ["甲, 乙", "乙"]
    assert found.villages.tolist() == [2, 1]


def test_villages_are_given_settlements_where_there_are_any_and_areas_where_no_address_is_known():
    given = things(
        ("settlement", (2000.0, 100.0), "南山口村"), ("settlement", (7000.0, 4000.0), "远村"), ("school", (7000.0, 100.0), "小学")
    )
    found = corridor_of(land(rail_things=given, communities=villages("甲", "乙")), [LINE], HALVES, RailSettings())
    assert found.village_names.tolist() == ["南山口村", ""]
    assert found.schools.tolist() == [0, 1]
    bare = corridor_of(
        land(communities=villages("甲", "乙", "丙", "丁")), [LINE], (segment("1-01", 0.0, 4000.0),), RailSettings(corridor_m=100)
    )
    assert bare.village_names.tolist() == ["甲, 乙"]


def test_the_layer_has_a_row_for_each_segment_of_the_first_plan():
    project = land(households=PEOPLE, communities=villages("甲", "乙"))
    night = replace(segment("N-01", 0.0, LENGTH), plan="night")
    plan = RailPlan((LINE,), (*HALVES, night), corridor=corridor_of(project, [LINE], HALVES, RailSettings()))
    rows = corridor(replace(project, rail=plan))
    assert rows.columns["code"].tolist() == ["1-01", "1-02"]
    assert rows.columns["name"].tolist() == ["青藏线 K814+000–K819+000", "青藏线 K819+000–K824+000"]
    assert rows.columns["minutes"].tolist() == pytest.approx([10.0, np.nan], nan_ok=True)
    assert rows.columns["value"].tolist() == pytest.approx([167 / 5, 10.0])
    assert rows.columns["colour"].tolist() == ["yellow", "green"]
    assert rows.columns["households"].tolist() == [167, 50]
    assert rows.columns["vill_names"].tolist() == ["甲", "乙"]
    assert corridor(project) is None
    assert corridor(replace(project, rail=RailPlan((LINE,), HALVES))) is None
