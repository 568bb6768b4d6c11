"""The planner's hand on beats and zones: whole grids change group, figures follow, what is locked stays, and grid edits keep both plans."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gridplanner.edits.cut_edits import CutUnits
from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.group_edits import LockGroups, MergeGroups, MovePieces, RenameGroup, SplitOff
from gridplanner.edits.new_grid import with_new_grid
from gridplanner.errors import EditRejected
from gridplanner.model.beats import Beat
from gridplanner.model.freshness import stale_plans
from gridplanner.model.group_loads import loads_of
from gridplanner.model.group_sides import Ground, borders_of_groups
from gridplanner.model.groups import groups_of
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.units import unit_areas
from tests.grouped_town import quartered
from tests.ui.builders import planned, town


def persons_by_beat(project: Project) -> dict[int, float]:
    """Return the persons of each beat, counted address by address."""
    assert project.units is not None
    assert project.grids is not None
    assert project.beats is not None
    found = dict.fromkeys(project.beats.beats, 0.0)
    for unit, persons in zip(project.units.address_unit.tolist(), project.households.persons.tolist(), strict=True):
        found[project.beats.members[int(project.grids.labels[unit])]] += persons
    return found


def test_moving_grids_changes_two_beats_and_proves_their_areas_no_longer() -> None:
    project = quartered()
    after = MovePieces("beats", (2, 6), 1).apply(project)
    assert after.beats is not None
    assert {grid for grid, beat in after.beats.members.items() if beat == 1} == {0, 1, 2, 4, 5, 6}
    assert loads_of(after, "beats") == pytest.approx(persons_by_beat(after))
    assert [(proof.area, proof.status, proof.why, proof.tightest) for proof in after.beats.certificates] == [
        ("west", "none", "edited", 0.1), ("east", "none", "edited", 0.1),
    ]  # fmt: skip
    west = MovePieces("beats", (8,), 1).apply(project)
    assert west.beats is not None
    assert [proof.status for proof in west.beats.certificates] == ["none", "optimal"]
    assert "beats" not in stale_plans(after)
    assert project.beats is not None
    assert project.beats.members[2] == 2  # the project before is as it was


def test_moving_grids_between_zones_brings_workload_and_minutes_up_to_date() -> None:
    project = quartered()
    after = MovePieces("zones", (2,), 1).apply(project)
    assert after.zones is not None
    assert after.units is not None
    groups = groups_of(after, "zones")
    assert groups is not None
    work = [float((1.0 + np.flatnonzero(groups.of_unit == zone) % 3).sum()) for zone in after.zones.zones]
    assert after.zones.workload.tolist() == pytest.approx(work)
    assert (after.zones.chosen, len(after.zones.choices)) == (-1, 2)
    assert after.zones.certificate is not None
    assert after.zones.certificate.why == "edited"
    assert len(after.zones.p90) == 4
    assert list(loads_of(after, "zones").values()) == pytest.approx(work)


def test_a_group_that_loses_everything_ends_and_a_split_one_begins_with_the_next_code() -> None:
    project = quartered()
    after = MovePieces("beats", (2, 3, 6, 7), 1).apply(project)
    assert after.beats is not None
    assert sorted(after.beats.beats) == [1, 3, 4]
    split = SplitOff("beats", (0, 4)).apply(project)
    assert split.beats is not None
    assert split.beats.beats[5] == Beat("005", "west beat 1", "west")
    assert {grid for grid, beat in split.beats.members.items() if beat == 5} == {0, 4}
    zones = SplitOff("zones", (0, 4)).apply(project).zones
    assert zones is not None
    assert (zones.zones[5].code, len(zones.workload), len(zones.p90)) == ("05", 5, 5)
    with pytest.raises(EditRejected, match="leave it one"):
        SplitOff("beats", (0, 1, 4, 5)).apply(project)


def test_merging_takes_neighbours_only_one_after_another() -> None:
    project = quartered()
    after = MergeGroups("zones", 1, (4, 2), ("01", "04", "02")).apply(project)
    assert after.zones is not None
    assert list(after.zones.zones) == [1, 3]
    assert after.zones.workload.sum() == pytest.approx(project.zones.workload.sum())  # type: ignore[union-attr]
    with pytest.raises(EditRejected, match="zone 04 does not touch"):
        MergeGroups("zones", 1, (4,)).apply(MergeGroups("zones", 2, (3,)).apply(apart(project)))


def apart(project: Project) -> Project:
    """Return the town with zones as four columns, so that the first and the last do not touch."""
    assert project.zones is not None
    columns = {grid: grid % 4 + 1 for grid in range(16)}
    return dataclasses.replace(project, zones=dataclasses.replace(project.zones, members=columns))


@pytest.mark.parametrize("kind", ["beats", "zones"])
def test_what_is_locked_neither_gains_nor_loses(kind: str) -> None:
    project = LockGroups(kind, (2,)).apply(quartered())
    refused: tuple[Edit, ...] = (
        MovePieces(kind, (2,), 1), MovePieces(kind, (1,), 2), SplitOff(kind, (2,)), MergeGroups(kind, 1, (2,)), MergeGroups(kind, 2, (1,)),
    )  # fmt: skip
    for edit in refused:
        with pytest.raises(EditRejected, match="is locked"):
            edit.apply(project)
    assert MovePieces(kind, (2,), 1).apply(LockGroups(kind, (2,), locked=False).apply(project)) is not project


def test_names_and_codes_are_given_once_and_make_nothing_stale() -> None:
    project = quartered()
    after = RenameGroup("beats", 1, "K1", " Old town ").apply(project)
    assert after.beats is not None
    assert (after.beats.beats[1].code, after.beats.beats[1].name) == ("K1", "Old town")
    assert fingerprint(after.beats) == fingerprint(project.beats)
    for code in ("002", " "):
        with pytest.raises(EditRejected, match=r"taken|empty"):
            RenameGroup("beats", 1, code, "Old town").apply(project)


@pytest.mark.parametrize(
    "edit",
    [
        MovePieces("beats", (99,), 1),
        MovePieces("beats", (), 1),
        MovePieces("zones", (1,), 9),
        LockGroups("zones", (9,)),
        MergeGroups("beats", 1, ()),
    ],
)
def test_what_is_not_there_is_refused(edit: Edit) -> None:
    with pytest.raises(EditRejected):
        edit.apply(quartered())
    with pytest.raises(EditRejected):
        edit.apply(planned(town()))


def test_a_new_grid_goes_to_the_beat_and_zone_of_the_one_it_came_from_and_both_plans_are_stale() -> None:
    project = quartered()
    assert project.grids is not None
    units = np.flatnonzero(project.grids.labels == 5)[:2]
    after = with_new_grid(project, units)
    assert after.beats is not None
    assert after.zones is not None
    assert (after.beats.members[16], after.zones.members[16]) == (1, 1)
    assert stale_plans(after) >= {"beats", "zones"}
    assert sum(loads_of(after, "beats").values()) == pytest.approx(sum(loads_of(project, "beats").values()))
    gone = MoveUnits(tuple(np.flatnonzero(project.grids.labels == 5).tolist()), 4).apply(project)
    fresh = with_new_grid(gone, np.flatnonzero(gone.grids.labels == 4)[:2])  # type: ignore[union-attr]
    assert fresh.grids is not None
    assert 5 not in fresh.grids.grids  # the id of a grid that ended is not given again


def test_zones_of_blocks_move_unit_by_unit_and_follow_a_cut() -> None:
    project = quartered("blocks")
    groups = groups_of(project, "zones")
    assert groups is not None
    assert groups.by_units
    edge = int(np.flatnonzero(groups.of_unit == 2)[0])
    after = MovePieces("zones", (edge,), 1).apply(project)
    assert after.zones is not None
    assert (after.zones.labels[edge], after.zones.members) == (1, {})
    xy = project.units.xy  # type: ignore[union-attr]
    middle = float(np.median(xy[:, 1])) + 7.0
    line = ((float(xy[:, 0].min()) - 50, middle), (float(xy[:, 0].max()) + 50, middle))
    cut = CutUnits((line,)).apply(after)
    assert cut.units is not None
    assert cut.zones is not None
    assert len(cut.zones.labels) == len(cut.units) > len(project.units)  # type: ignore[arg-type]
    assert cut.zones.ground is not None
    assert cut.zones.ground.work.sum() == pytest.approx(after.zones.ground.work.sum())  # type: ignore[union-attr]
    ground = np.bincount(cut.zones.labels, unit_areas(cut.units))
    assert ground == pytest.approx(np.bincount(after.zones.labels, unit_areas(after.units)), rel=1e-4)  # type: ignore[arg-type]
    assert "zones" not in stale_plans(cut)
    assert list(loads_of(cut, "zones").values()) == pytest.approx(list(loads_of(after, "zones").values()))


def test_zones_of_beats_move_in_whole_beats() -> None:
    project = quartered("beats")
    groups = groups_of(project, "zones")
    assert groups is not None
    one = int(np.flatnonzero(groups.of_unit == 1)[0])
    assert set(groups.units_with([one]).tolist()) == set(np.flatnonzero(groups.of_unit == 1).tolist())


def test_pieces_and_neighbours_of_groups_are_those_of_the_drawing() -> None:
    project = quartered()
    groups = groups_of(project, "beats")
    assert groups is not None
    assert project.units is not None
    near = borders_of_groups(project.units, groups.of_unit)
    assert near == {1: frozenset({2, 3}), 2: frozenset({1, 4}), 3: frozenset({1, 4}), 4: frozenset({2, 3})}
    ground = Ground(project.units)
    assert [ground.pieces(groups.of_unit == beat) for beat in range(1, 5)] == [1, 1, 1, 1]
    assert ground.pieces(np.isin(groups.of_unit, [1, 4])) == 2
    assert ground.pieces(groups.of_unit == 9) == 0
    blocked = dataclasses.replace(project.units, blocked=np.ones(len(project.units.ends), bool))
    assert Ground(blocked).pieces(groups.of_unit == 1) == int((groups.of_unit == 1).sum())
    grids = {grid for grid, beat in project.beats.members.items() if beat == 1} if project.beats is not None else set()
    assert Ground(blocked).pieces(groups.of_unit == 1, groups.whole) == len(grids)  # a grid is one, whatever lies between its units
