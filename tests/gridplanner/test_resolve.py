import dataclasses
import itertools

import numpy as np
import pytest

from algorithms.districting.problem import evaluate
from algorithms.graph.components import components
from algorithms.progress import Cancelled, Progress
from gridplanner.edits.divide_edits import DivideGrids
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import KeepTogether
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import EditRejected, InputError, NoPlanFound
from gridplanner.model.grids import Certificate
from gridplanner.model.neighbourhood import neighbourhood_of
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.planning.effort import params_of
from gridplanner.planning.resolve import _Here, propose_resolve
from gridplanner.settings import GridSettings
from tests.ui.builders import planned, town

# Units 0–47 in rows of 8, grids of two columns and three rows; columns 0–3 are one community.
#   0  0  1  1 | 2  2  3  3     rows 0–2
#   4  4  5  5 | 6  6  7  7     rows 3–5


@pytest.fixture(scope="module")
def project() -> Project:
    made = planned(town(8, 6, 30), 8, 2, 3)
    mean = float(made.households.households.sum()) / 8
    return dataclasses.replace(
        made,
        settings=dataclasses.replace(made.settings, grids=GridSettings(target_households=mean, effort="quick", valid_from="2026-05-01")),
    )


def labels_of(project: Project) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    assert project.grids is not None
    return np.asarray(project.grids.labels)


def test_the_chosen_grids_are_divided_anew_and_all_others_stay_the_very_same(project: Project) -> None:
    bad = MoveUnits((16, 17), 4).apply(project)  # 0 loses a row to 4
    found = propose_resolve(bad, (0, 4))
    after = found.edit.apply(bad)
    assert bad.grids is not None
    assert after.grids is not None
    old, new = labels_of(bad), labels_of(after)
    others = ~np.isin(old, (0, 4))
    assert np.array_equal(old[others], new[others])
    assert set(after.grids.grids) == set(bad.grids.grids)
    assert all(after.grids.grids[key] is grid for key, grid in bad.grids.grids.items() if key not in {0, 4})
    assert {after.grids.grids[key].code for key in (0, 4)} == {bad.grids.grids[key].code for key in (0, 4)}
    figures = grid_figures(after)
    spread = {int(g): abs(float(d)) for g, d in zip(figures.ids, figures.deviation, strict=True)}
    before = grid_figures(bad)
    assert max(spread[0], spread[4]) < float(np.abs(before.deviation[np.isin(before.ids, (0, 4))]).max())
    for key in (0, 4):
        ground = neighbourhood_of(after, (key,))
        assert ground.parts(ground.places(key)) == 1
    assert found.status == "optimal"
    assert found.edit.words == "Divide 2 grids anew into 2"
    again = propose_resolve(bad, (4, 0))
    assert np.array_equal(again.edit.labels, found.edit.labels)


def test_a_split_is_the_best_of_all_by_enumeration_and_the_larger_part_keeps_the_code(project: Project) -> None:
    found = propose_resolve(project, (0,), 2)
    after = found.edit.apply(project)
    assert project.grids is not None
    assert after.grids is not None
    assert project.units is not None
    here = _Here(project, project.units, project.grids, (0,))
    problem = here.divided(2)
    params = params_of(here.project.settings.grids, 6)
    mine = np.flatnonzero(here.mine)
    pieces = here.given.rows[mine]
    first = np.concatenate(([0], np.cumsum(problem.districts)))
    region = int(problem.region[pieces[0]])
    base = first[problem.region].astype(np.int32)
    best = np.inf
    for bits in itertools.product((0, 1), repeat=len(pieces) - 1):
        side = np.array([0, *bits])
        pairs = problem.adjacency
        labels = base.copy()
        labels[pieces] = first[region] + side
        same = pairs.crossable & (labels[pairs.low] == labels[pairs.high])
        part = components(len(labels), pairs.low[same], pairs.high[same])[pieces]
        if side.sum() > 0 and len(np.unique(part)) == 2:
            best = min(best, float(evaluate(problem, labels, params).cost[first[region] : first[region] + 2].sum()))
    labels = base.copy()
    labels[pieces] = first[region] + (found.edit.labels != found.edit.labels[0])
    assert float(evaluate(problem, labels, params).cost[first[region] : first[region] + 2].sum()) == pytest.approx(best)
    assert found.status == "optimal"
    new = max(after.grids.grids)
    assert new == 8
    households = dict(zip(grid_figures(after).ids.tolist(), grid_figures(after).households.tolist(), strict=True))
    assert households[0] >= households[new]
    assert after.grids.grids[0].code == project.grids.grids[0].code
    assert after.grids.grids[new].code not in {grid.code for grid in project.grids.grids.values()}
    assert after.grids.grids[new].prev_code == project.grids.grids[0].code
    assert after.grids.grids[new].valid_from == "2026-05-01"
    assert found.edit.words == "Split grid 620802100001001 into 2 grids"


def test_fewer_grids_end_one_of_them_and_grids_of_two_communities_are_divided_apart(project: Project) -> None:
    found = propose_resolve(project, (0, 1, 4), 2)
    plan = found.edit.apply(project).grids
    assert plan is not None
    assert len(plan.grids) == 7
    assert len(plan.retired) == 1
    assert plan.retired[0].successors
    both = propose_resolve(project, (0, 3), 4).edit.apply(project)
    assert both.grids is not None
    assert both.units is not None
    for key, grid in both.grids.grids.items():
        assert set(both.units.community[labels_of(both) == key].tolist()) == {grid.community}
    assert len(both.grids.grids) == 10


def test_what_cannot_be_is_refused_in_words(project: Project) -> None:
    with pytest.raises(InputError, match="locked"):
        propose_resolve(LockGrids((0,)).apply(project), (0, 1))
    with pytest.raises(InputError, match="no grid 99"):
        propose_resolve(project, (99,))
    with pytest.raises(InputError, match="Select"):
        propose_resolve(project, ())
    with pytest.raises(NoPlanFound, match="lies in 2 parts"):
        propose_resolve(project, (0, 5), 1)  # they touch in a corner only
    with pytest.raises(NoPlanFound, match="only 6 units"):
        propose_resolve(project, (0,), 7)


def test_the_edit_is_refused_where_its_grids_are_others_by_now(project: Project) -> None:
    edit = propose_resolve(project, (0, 1)).edit
    with pytest.raises(EditRejected, match="run it again"):
        edit.apply(MoveUnits((0,), 4).apply(project))
    with pytest.raises(EditRejected, match="run it again"):
        edit.apply(MoveUnits((24,), 0).apply(project))
    with pytest.raises(EditRejected, match="locked"):
        edit.apply(LockGrids((1,)).apply(project))
    elsewhere = edit.apply(MoveUnits((6,), 2).apply(project))  # in the other community: nothing to do with it
    assert labels_of(elsewhere)[6] == 2


def test_rules_hold_and_what_was_proven_of_the_community_is_proven_no_longer(project: Project) -> None:
    assert project.grids is not None
    proven = tuple(Certificate(row, "balance+border", "optimal", 1.0, 1.0, "columns") for row in range(2))
    ruled = KeepTogether((8, 16, 24)).apply(dataclasses.replace(project, grids=dataclasses.replace(project.grids, certificates=proven)))
    after = propose_resolve(ruled, (0, 4)).edit.apply(ruled)
    assert len(set(labels_of(after)[[8, 16, 24]].tolist())) == 1
    assert after.grids is not None
    assert [certificate.status for certificate in after.grids.certificates] == ["none", "optimal"]
    whole = propose_resolve(ruled, (0, 1, 4, 5)).edit.apply(ruled).grids
    assert whole is not None
    assert whole.certificates[0].status in {"optimal", "gap"}


def test_it_can_be_cancelled_and_told_to_finish(project: Project) -> None:
    class Impatient(Progress):
        def is_cancelled(self) -> bool:
            return True

    class Hasty(Progress):
        def should_finish(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        propose_resolve(project, (0, 4), progress=Impatient())
    found = propose_resolve(project, (0, 4), progress=Hasty())
    assert isinstance(found.edit, DivideGrids)
    assert set(found.edit.labels.tolist()) == {0, 4}


@pytest.mark.parametrize(
    "meanwhile",
    [
        ChangeGrids(((0, (("name", "东"), ("workers", ("甲",)))),)),  # what was typed would be lost
        ChangeGrids(((1, (("code", "620802100001007"),)),)),  # the code that the new grid was to get
        KeepTogether((0, 1, 8)),
    ],
)
def test_what_was_changed_while_it_was_computed_is_not_overwritten(project: Project, meanwhile: ChangeGrids | KeepTogether) -> None:
    edit = propose_resolve(project, (0,), 2).edit
    assert "620802100001007" in {grid.code for grid in edit.grids.values()}
    with pytest.raises(EditRejected, match="run it again"):
        edit.apply(meanwhile.apply(project))
    other = ChangeGrids(((7, (("name", "西"),)),)).apply(project)
    after = edit.apply(other).grids
    assert after is not None
    assert after.grids[7].name == "西"
