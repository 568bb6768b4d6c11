"""Beats of a town of blocks: whole grids, connected, within their area, near the target, and themselves again when made anew."""

import dataclasses

import numpy as np
import pytest
import shapely
from block_town import BLOCK, X, Y, block_town, box, planned

from algorithms.graph.components import components
from gridplanner.errors import InputError
from gridplanner.model.beats import Beat
from gridplanner.model.duty_data import StationAreas
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Level
from gridplanner.model.outlines import grid_ids, grid_outlines, grid_rows, sides
from gridplanner.model.places import Depots, texts
from gridplanner.model.statistics import grid_figures
from gridplanner.planning.beats import propose_beats
from gridplanner.settings import BeatSettings

THREE = 3 * 300 * 2.6  # persons of three grids


def with_beats(project, **settings):
    """The project with beats made as the settings say."""
    wished = BeatSettings(**{"target_persons": THREE, **settings})
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, beats=wished))
    return propose_beats(project).apply(project)


@pytest.fixture(scope="module")
def town():
    """72 blocks of 75 households: 18 grids in two communities of nine."""
    return planned(block_town(12, 6, split=(6,)))


def labels(project):
    """The beat of each grid in the order of `grid_ids`."""
    return np.array([project.beats.members[g] for g in grid_ids(project.grids).tolist()])


def pieces(project):
    """In how many pieces each beat lies, over borders that can be crossed."""
    label = labels(project)
    left, right = sides(project.units, grid_rows(project.grids))
    free = (left >= 0) & (right >= 0) & ~project.units.blocked
    same = free.copy()
    same[free] = label[left[free]] == label[right[free]]
    piece = components(len(label), left[same], right[same])
    return {int(beat): len(np.unique(piece[label == beat])) for beat in np.unique(label)}


def persons(project):
    """The persons of each beat."""
    label, held = labels(project), grid_figures(project).persons
    return {int(beat): float(held[label == beat].sum()) for beat in np.unique(label)}


def issues(project, word):
    return [issue for issue in project.beats.issues if word in issue.message]


def test_every_grid_is_in_one_beat_of_one_piece_near_the_target(town):
    found = with_beats(town)
    assert set(found.beats.members) == set(found.grids.grids)
    assert set(found.beats.members.values()) == set(found.beats.beats)
    assert len(found.beats) == 6
    assert set(pieces(found).values()) == {1}
    assert all(abs(n / THREE - 1) <= 0.2 for n in persons(found).values())
    assert stale_plans(found) == set()


def test_the_certificate_says_what_is_proven_and_an_issue_says_how_tight_it_could_be(town):
    found = with_beats(town)
    (known,) = found.beats.certificates
    assert known.status == "optimal"
    assert known.bound == known.value
    assert (known.count, known.tolerance, known.why) == (6, 0.2, "")
    assert known.tightest <= 0.2
    assert known.excluded is None or known.excluded == pytest.approx(known.tightest - 0.01)
    worst = max(abs(n / THREE - 1) for n in persons(found).values())
    assert known.tightest <= np.ceil(100 * worst - 1e-6) / 100 + 1e-9


def test_a_tolerance_that_no_plan_keeps_gives_the_tightest_and_a_warning(town):
    found = with_beats(town, target_persons=2.6 * 700, count=8)  # 18 grids to 8 beats: twos and threes of 600 and 900
    (known,) = found.beats.certificates
    assert known.tolerance == known.tightest > 0.2
    assert known.excluded == pytest.approx(known.tightest - 0.01)
    (warning,) = [issue for issue in found.beats.issues if issue.level is Level.WARNING]
    assert f"{round(100 * known.tightest)} %" in warning.message
    assert warning.x is not None
    assert all(abs(n / (2.6 * 700) - 1) <= known.tightest + 1e-9 for n in persons(found).values())


def test_no_beat_crosses_a_community_where_that_is_wished(town):
    found = with_beats(town, within="communities")
    of_beat = {}
    for grid, beat in found.beats.members.items():
        of_beat.setdefault(beat, set()).add(found.grids.grids[grid].community)
    assert all(len(found_in) == 1 for found_in in of_beat.values())
    assert [c.area for c in found.beats.certificates] == ["社区0", "社区1"]
    assert {beat.area for beat in found.beats.beats.values()} == {"社区0", "社区1"}


def test_codes_and_names_run_in_reading_order_and_stay_when_made_anew(town):
    found = with_beats(town)
    assert [beat.code for beat in found.beats.beats.values()] == [f"{n:03d}" for n in range(1, 7)]
    first = next(iter(found.beats.beats.values()))
    named = dataclasses.replace(first, name="north gate", code="A7")
    key = next(iter(found.beats.beats))
    renamed = dataclasses.replace(found, beats=dataclasses.replace(found.beats, beats={**found.beats.beats, key: named}))
    again = propose_beats(renamed).apply(renamed)
    assert again.beats.beats[key] == named
    assert dict(again.beats.members) == dict(found.beats.members)
    fresh = with_beats(renamed, count=5)
    assert len({beat.code for beat in fresh.beats.beats.values()}) == 5


def test_a_locked_beat_keeps_its_grids_when_the_others_are_made_anew(town):
    found = with_beats(town)
    key = sorted(found.beats.beats)[2]
    mine = {grid for grid, beat in found.beats.members.items() if beat == key}
    locked = dataclasses.replace(found.beats.beats[key], locked=True)
    held = dataclasses.replace(found, beats=dataclasses.replace(found.beats, beats={**found.beats.beats, key: locked}))
    again = with_beats(held, target_persons=2.6 * 500)
    assert {grid for grid, beat in again.beats.members.items() if beat == key} == mine
    assert again.beats.beats[key] == locked
    assert sum(beat.locked for beat in again.beats.beats.values()) == 1
    assert set(again.beats.members.values()) == set(again.beats.beats)
    assert len(again.beats) == 1 + round((18 - len(mine)) * 300 / 500)


def test_a_river_without_a_bridge_is_crossed_by_no_beat():
    town = planned(block_town(12, 6, river=6))
    found = with_beats(town)
    assert set(pieces(found).values()) == {1}
    assert len(found.beats) == 6


def test_a_bank_with_too_few_persons_joins_over_the_river_and_an_issue_says_so():
    homes = np.full((6, 12), 75.0)
    homes[:, 10:] = 14.0
    town = planned(block_town(12, 6, homes, river=10))
    found = with_beats(town, target_persons=6 * 300 * 2.6)
    (said,) = issues(found, "too small for a beat")
    assert said.x > X + 10 * BLOCK
    assert sorted(pieces(found).values())[-1] == 2


def test_the_number_of_beats_that_is_wished_is_shared_out(town):
    found = with_beats(town, count=4, within="communities", target_persons=2.6 * 1350)
    assert [c.count for c in found.beats.certificates] == [2, 2]


def test_a_community_with_too_few_persons_is_planned_with_its_neighbour():
    homes = np.full((6, 12), 75.0)
    homes[:, 10:] = 10.0
    found = with_beats(planned(block_town(12, 6, homes, split=(10,))), within="communities")
    (said,) = issues(found, "too few for a beat")
    assert said.values["area"] == "社区1"
    assert [c.area for c in found.beats.certificates] == ["社区0"]


def stations(*shapes):
    return StationAreas(np.array(shapes, object), texts(["6208", "6209"][: len(shapes)]), texts(["东", "西"][: len(shapes)]))


def test_police_station_areas_take_the_grids_that_mostly_lie_in_them(town):
    given = dataclasses.replace(town, station_areas=stations(box(0, 0, 8, 6), box(8, 0, 12, 6)))
    found = with_beats(given, within="stations", tolerance=0.5)
    middle = shapely.get_coordinates(shapely.centroid(grid_outlines(given.units, given.grids)))[:, 0]
    for grid, x in zip(grid_ids(given.grids).tolist(), middle.tolist(), strict=True):
        beat = found.beats.beats[found.beats.members[grid]]
        if abs(x - (X + 8 * BLOCK)) > BLOCK:
            assert beat.area == ("东" if x < X + 8 * BLOCK else "西")
    assert all(beat.code.startswith("6208" if beat.area == "东" else "6209") for beat in found.beats.beats.values())
    assert {beat.code[4:] for beat in found.beats.beats.values() if beat.area == "东"} == {f"{n:02d}" for n in range(1, 5)}


def test_without_station_areas_communities_go_to_the_nearest_police_station(town):
    xy = np.array([[X + 3 * BLOCK, Y], [X + 6 * BLOCK, Y + 3 * BLOCK], [X + 9 * BLOCK, Y]])
    depots = Depots(xy, texts(["城关派出所", "巡逻点", "东关派出所"]), texts(["派出所", "post", "派出所"]), np.ones(3, np.int32))
    found = with_beats(dataclasses.replace(town, depots=depots), within="stations")
    assert [c.area for c in found.beats.certificates] == ["城关派出所", "东关派出所"]
    for grid, beat in found.beats.members.items():
        assert found.beats.beats[beat].area == ("城关派出所", "东关派出所")[found.grids.grids[grid].community]


def test_what_cannot_be_done_says_what_to_do(town):
    with pytest.raises(InputError, match=r"sources\.station_areas"):
        with_beats(town, within="stations")
    with pytest.raises(InputError, match="make the grids first"):
        with_beats(dataclasses.replace(town, grids=None))


def test_a_target_of_the_whole_town_makes_one_beat(town):
    found = with_beats(town, target_persons=18 * 300 * 2.6)
    assert list(found.beats.beats.values()) == [Beat("001", found.beats.beats[1].name)]
    assert found.beats.certificates[0].status == "optimal"
