"""Fields of many grids changed at once: one edit, codes judged together, what is refused said in words."""

import dataclasses

import pytest

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.table_edits import ChangeGrids, refused_codes
from gridplanner.errors import EditRejected
from gridplanner.model.project import Project
from gridplanner.session import Session
from tests.ui.builders import planned, replanned, town


@pytest.fixture
def project() -> Project:
    return planned(town(12, 8, 4))


def codes(project: Project) -> dict[int, str]:
    assert project.grids is not None
    return {key: grid.code for key, grid in project.grids.grids.items()}


def test_many_grids_are_one_step_with_words(project: Project) -> None:
    session = Session(project)
    session.do(ChangeGrids(tuple((grid, (("name", f"网格{grid}"),)) for grid in range(12))))
    assert session.history.present.words == "Change name of 12 grids"
    assert session.project.grids is not None
    assert session.project.grids.grids[7].name == "网格7"
    session.undo()
    assert session.project is project


def test_fields_of_several_kinds_are_named(project: Project) -> None:
    edit = ChangeGrids(((3, (("name", "A"), ("workers", ("Ann", "post 3")), ("locked", True))),))
    assert edit.words == "Change name, people on duty, lock of 1 grid"
    after = edit.apply(project).grids
    assert after is not None
    assert after.grids[3] == dataclasses.replace(project.grids.grids[3], name="A", workers=("Ann", "post 3"), locked=True)  # type: ignore[union-attr]
    assert all(after.grids[key] is grid for key, grid in project.grids.grids.items() if key != 3)  # type: ignore[union-attr]


def test_two_grids_may_exchange_their_codes_and_remember_them(project: Project) -> None:
    was = codes(project)
    after = ChangeGrids(((0, (("code", was[1]),)), (1, (("code", was[0]),)))).apply(replanned(project))
    assert after.grids is not None
    assert (after.grids.grids[0].code, after.grids.grids[1].code) == (was[1], was[0])
    assert after.grids.grids[0].prev_code == was[0]
    assert after.grids.replan is not None
    assert after.grids.replan.codes[:2] == (was[1], was[0])  # what names grids by their codes follows
    back = ChangeGrids(((0, (("code", was[0]),)), (1, (("code", was[1]),)))).apply(after)
    assert back.grids is not None
    assert back.grids.grids[0].prev_code == ""


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("620802100001002", "another grid has it"),
        ("62080210000100", "it has 14 characters"),
        ("62080210000101X", "it must be a digit"),
        ("620802100002099", "not those of community 西街社区"),
        ("620802100009001", "there is no community"),
        ("", "the code is empty"),
    ],
)
def test_a_code_that_cannot_be_is_refused_in_words(project: Project, code: str, why: str) -> None:
    assert codes(project)[0] == "620802100001001"
    assert why in refused_codes(project, {0: code})[0]
    with pytest.raises(EditRejected, match=why):
        ChangeGrids(((0, (("code", code),)),)).apply(project)


def test_a_code_of_a_grid_that_ended_is_not_given_again(project: Project) -> None:
    plan = project.grids
    assert plan is not None
    gone = codes(project)[3]
    merged = MoveUnits(tuple((plan.labels == 3).nonzero()[0].tolist()), 0).apply(project)
    assert "not given again" in refused_codes(merged, {0: gone})[0]


def test_where_codes_have_a_layout_of_their_own_the_next_may_too(project: Project) -> None:
    plan = project.grids
    assert plan is not None
    own = {key: dataclasses.replace(grid, code=f"A-{key:02d}") for key, grid in plan.grids.items()}
    other = dataclasses.replace(project, grids=dataclasses.replace(plan, grids=own))
    assert refused_codes(other, {0: "A-99"}) == {}
    assert "another grid" in refused_codes(other, {0: "A-03"})[0]


def test_unknown_grids_and_fields_are_refused(project: Project) -> None:
    with pytest.raises(EditRejected, match="no grid 99"):
        ChangeGrids(((99, (("name", "A"),)),)).apply(project)
    with pytest.raises(EditRejected, match="community"):
        ChangeGrids(((0, (("community", 1),)),)).apply(project)
