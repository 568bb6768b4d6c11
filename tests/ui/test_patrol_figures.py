"""What a patrol plan comes to, in words and rows: what is on no route, and which streets wait longest."""

import dataclasses

import numpy as np
import pytest

from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_coverage import coverage_of_week
from gridplanner.model.project import Project
from tests.patrol_town import made_plan
from ui.coverage_rows import street_rows
from ui.patrol_figures import result_words


@pytest.fixture(scope="module")
def town() -> Project:
    return made_plan()


def plan_of(project: Project) -> PatrolPlan:
    assert project.patrol is not None
    return project.patrol


def test_streets_are_listed_by_their_longest_wait_and_missed_ones_are_marked(town: Project) -> None:
    week = coverage_of_week(town)
    assert week is not None
    rows = street_rows(town, week)
    assert rows.names == ["二街", "五街"]
    assert rows.hours.tolist() == sorted(rows.hours.tolist(), reverse=True)
    assert rows.metres.tolist() == [1000.0, 1000.0]
    assert not rows.missed.any()
    plan = plan_of(town)
    times = plan.streets.times.copy()
    third = np.flatnonzero(plan.streets.names == "三街")
    times[third] = 1
    more = dataclasses.replace(town, patrol=dataclasses.replace(plan, streets=dataclasses.replace(plan.streets, times=times)))
    found = street_rows(more, week)
    at = found.names.index("三街")
    assert found.missed.tolist() == [name == "三街" for name in found.names]
    assert sorted(found.edges[at].tolist()) == third.tolist()


def test_what_planning_came_to_is_said_with_what_is_left_out(town: Project) -> None:
    assert result_words(town) == "Done: 4 patrol routes; up to 2 variants"
    lost = Issue(Level.WARNING, "unserved", "{zone} {name}", {"zone": "西区", "name": "三街"}, "routes", "X01")
    plan = dataclasses.replace(plan_of(town), issues=(lost, Issue(Level.INFO, "cut_short", "early")))
    words = result_words(dataclasses.replace(town, patrol=plan))
    assert words.split("; ") == [
        "Done: 4 patrol routes", "up to 2 variants", "1 street or site is on no route, see the findings",
        "the search was stopped early in 1 zone",
    ]  # fmt: skip
    assert result_words(Project()) == ""
