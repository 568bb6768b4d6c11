"""What stands along the railway on the map, without a window: ticks, broken chains, stations, colours of segments."""

import itertools

import pytest

from gridplanner.model.project import Project
from tests.ui.rail_line import rail_line
from ui.map.rail_strokes import segment_colours
from ui.map.rail_ticks import chains_of, stations_of, ticks_of
from ui.styles import DARK, LIGHT


@pytest.fixture(scope="module")
def project() -> Project:
    return rail_line()


def test_ticks_stand_at_readings_and_chains_at_their_places(project: Project) -> None:
    plan = project.rail
    assert plan is not None
    line = plan.lines[0]
    marks = ticks_of(line.mileages[0], 1000.0)
    assert dict(zip(marks.words.tolist(), marks.along.tolist(), strict=True))["K104"] == pytest.approx(3980.0)
    assert [along for word, along in zip(marks.words, marks.along, strict=True) if word == "K109"] == pytest.approx([8980.0, 9280.0])
    assert chains_of(line.mileages[0]).words.tolist() == ["K103+000 = K103+020", "K109+020 = K108+720"]
    assert stations_of(line, project.stations).words.tolist() == ["西站", "中站"]


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_segments_that_meet_differ_in_colour(project: Project, look: object) -> None:
    plan = project.rail
    assert plan is not None
    for choice in ("day", "night"):
        colours = segment_colours(plan, choice, look)  # type: ignore[arg-type]
        rows = plan.of_plan(choice)
        assert all(colours[a].name() != colours[b].name() for a, b in itertools.pairwise(rows))
