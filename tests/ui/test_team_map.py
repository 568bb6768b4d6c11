"""Communities that are handed out and conflicts on the map: painted in parts as in one piece, where there is room for words."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.model.leases import Handout
from gridplanner.model.merge import Conflict
from gridplanner.model.project import Project
from tests.ui.builders import planned, town
from tests.ui.test_painter import WINDOW, anew, pixels, request, shown_by
from ui.conflict_ground import areas_of_conflicts, box_of_conflict, rows_of, shown_conflicts
from ui.lent import leases_of, lent_of
from ui.map.conflict_layer import conflict_entries, ink
from ui.map.conflicts import MINE, OPEN, THEIRS, Conflicts
from ui.map.lease_layer import head_of, lease_entries
from ui.map.painter import Painter
from ui.map.picture import Picture
from ui.map.regions import Region
from ui.map.view import View
from ui.styles import DARK, LIGHT


@pytest.fixture(scope="module")
def plan() -> Project:
    return planned(town(), wide=3)


def lent(project: Project) -> Project:
    handout = Handout("a" * 32, "b" * 32, "", (str(project.communities.codes[1]),), "desk east", "2099-12-31")
    return dataclasses.replace(project, handouts=(handout,))


def conflicts(project: Project, chosen: int = 0, sides: tuple[int, ...] = (OPEN, THEIRS, MINE)) -> Conflicts:
    found = conflicts_of(project)
    theirs = MoveUnits((14,), 1).apply(project)
    return shown_conflicts(found, areas_of_conflicts(found, project), sides, chosen, project, theirs)


def conflicts_of(project: Project) -> list[Conflict]:
    code = str(project.communities.codes[0])
    return [
        Conflict("u", "units", code, "1 unit went to two grids", "in 05", "in 02", 150.0, 90.0, (14,), (4, 1)),
        Conflict("g", "grid", code, "The name of grid 03", "North", "South", grids=(2,)),
        Conflict("s", "settings", "", "The export settings", "CGCS2000", "WGS 84"),
    ]


@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_what_is_painted_beside_after_an_edit_is_what_a_new_picture_shows(qapp: QApplication, plan: Project, ratio: float) -> None:
    project = lent(plan)
    leases = leases_of(project.communities, project.handouts, "", "en")
    for shown in ({"leases": leases}, {"conflicts": conflicts(plan)}):
        painter, picture = Painter(), Picture()
        shown_by(painter, picture, request(project, DARK, ratio, 2, **shown))
        after = MoveUnits((27,), 4).apply(project)
        wanted = request(after, DARK, ratio, 2, **shown)
        shown_by(painter, picture, wanted)
        assert picture.frame is not None
        assert (pixels(picture.frame.image) == anew(wanted)).all()


def test_only_the_community_that_is_handed_out_is_hatched(qapp: QApplication, plan: Project) -> None:
    project = lent(plan)
    leases = leases_of(project.communities, project.handouts, "", "en")
    assert leases is not None
    wanted = request(plan)
    wide, left, _top = WINDOW.widened(0.15, 1)
    plain, hatched = anew(wanted), anew(request(plan, leases=leases))
    middle = round(left + WINDOW.point_to_screen(360.0, 0.0)[0])  # the limit between the two communities
    differs = plain != hatched
    assert differs[:, middle + 20 :].mean() > 0.1
    assert not differs[:, : middle - 20].any()
    assert lease_entries(request(plan, leases=leases).showing)[0].words == "Handed out"
    assert lease_entries(request(plan, leases=leases, hidden=frozenset({"leases"})).showing) == ()
    assert lent_of(project, 1) == "with desk east until 2099-12-31"
    assert lent_of(project, 0) == ""
    assert lent_of(BranchScenario("B").apply(project), 1) == ""  # the package is of the other plan
    assert wide.width > WINDOW.width


def test_words_stand_at_the_head_of_a_community_where_it_is_widest() -> None:
    fork = np.array([[0, 0], [100, 0], [100, 80], [90, 80], [90, 20], [40, 20], [40, 80], [0, 80], [0, 0]], float)
    assert head_of([fork], 10.0) == (20.0, 70.0, 40.0)
    assert np.isnan(head_of([], 10.0)[2])


def test_a_conflict_shows_its_ground_and_the_grid_on_either_side(plan: Project) -> None:
    shown = conflicts(plan)
    assert plan.units is not None
    assert len(shown.areas) == 3
    assert shown.areas.loops(2) == []  # settings have no ground
    low, high = shown.areas.boxes[0, :2], shown.areas.boxes[0, 2:]
    assert ((low < (150.0, 90.0)) & (high > (150.0, 90.0))).all()
    assert len(shown.mine) > 0
    assert len(shown.theirs) > 0
    assert not np.array_equal(shown.mine, shown.theirs)
    assert len(conflicts(plan, chosen=1).mine) == 0  # a name is about no ground
    assert [row.community for row in rows_of(conflicts_of(plan), plan)] == ["西街社区", "西街社区", "The whole project"]
    assert box_of_conflict(conflicts_of(plan)[2], shown.areas, 2) is None
    showing = request(plan, conflicts=shown).showing
    assert [entry.words for entry in conflict_entries(showing)][:3] == ["Not decided yet", "Mine", "Theirs"]
    assert ink(MINE, LIGHT) != ink(THEIRS, LIGHT)


def test_a_conflict_without_a_place_is_painted_by_nobody_and_breaks_nothing(qapp: QApplication, plan: Project) -> None:
    view = View(360.0, 240.0, 0.8, 200, 150)
    painter, picture = Painter(), Picture()
    shown_by(painter, picture, request(plan, view=view, conflicts=conflicts(plan, chosen=2)))
    assert picture.frame is not None
    assert picture.frame.region != Region(0, 0, 0, 0)
