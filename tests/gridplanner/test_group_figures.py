"""Whatever the hand does to beats, zones and their grids: figures equal those from scratch, nothing is lost, and undo is exact."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.grid_plan_edits import ReplaceGrids
from gridplanner.edits.group_edits import LockGroups, MergeGroups, MovePieces, SplitOff
from gridplanner.edits.new_grid import with_new_grid
from gridplanner.edits.zone_edits import ChooseZones
from gridplanner.errors import EditRejected
from gridplanner.model.freshness import stale_plans
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.group_loads import loads_of
from gridplanner.model.groups import groups_of, plan_groups
from gridplanner.model.project import Project
from gridplanner.model.zone_choice import choices_fit
from gridplanner.model.zone_figures import zone_amounts
from gridplanner.planning.units import propose_units
from gridplanner.session import Session
from tests.block_town import block_town
from tests.grouped_town import quartered


@dataclasses.dataclass(frozen=True)
class NewGrid:
    """Make a grid of some units, as the tools for grids do."""

    units: tuple[int, ...]
    words = "new grid"

    def apply(self, project: Project) -> Project:
        return with_new_grid(project, np.array(self.units))


def any_edit(project: Project, rng: np.random.Generator) -> Edit:
    """Return an edit of beats, zones or grids that may well be refused."""
    assert project.grids is not None
    kind = str(rng.choice(["beats", "zones"]))
    known, grids = list(plan_groups(project, kind)), list(project.grids.grids)
    some = tuple(int(grid) for grid in rng.choice(grids, rng.integers(1, 4), replace=False))
    one, other = (int(rng.choice(known)) for _turn in range(2))
    units = np.flatnonzero(project.grids.labels == rng.choice(grids))
    few = tuple(units[: rng.integers(1, len(units) + 1)].tolist())
    edits: tuple[Edit, ...] = (
        MovePieces(kind, some, one), SplitOff(kind, some), MergeGroups(kind, one, (other,)),
        LockGroups(kind, (one,), bool(rng.integers(2))), MoveUnits(few, int(rng.choice(grids))), NewGrid(few),
        ChooseZones(int(rng.integers(2))),
    )  # fmt: skip
    return edits[rng.choice(len(edits), p=[0.35, 0.1, 0.1, 0.15, 0.15, 0.1, 0.05])]


def compare_with_scratch(project: Project) -> None:
    """Compare what the model says of beats and zones with sums over addresses and units, one by one."""
    assert project.units is not None
    assert project.grids is not None
    assert project.beats is not None
    assert project.zones is not None
    assert project.zones.ground is not None
    persons = dict.fromkeys(project.beats.beats, 0.0)
    for unit, count in zip(project.units.address_unit.tolist(), project.households.persons.tolist(), strict=True):
        persons[project.beats.members[int(project.grids.labels[unit])]] += count
    assert loads_of(project, "beats") == pytest.approx(persons)
    work = dict.fromkeys(project.zones.zones, 0.0)
    for unit, amount in enumerate(project.zones.ground.work.tolist()):
        work[project.zones.members[int(project.grids.labels[unit])]] += amount
    assert loads_of(project, "zones") == pytest.approx(work)
    told, _p90 = zone_amounts(project, project.zones)
    assert told.tolist() == pytest.approx(list(work.values()))
    for kind in ("beats", "zones"):
        groups = groups_of(project, kind)
        assert groups is not None
        assert set(np.unique(groups.of_unit).tolist()) <= set(groups.known)
        codes = [known.code for known in groups.known.values()]
        assert len(set(codes)) == len(codes)


def held_by(project: Project, kind: str) -> dict[int, frozenset[int]]:
    """Return the units of each locked group."""
    groups = groups_of(project, kind)
    assert groups is not None
    return {key: frozenset(np.flatnonzero(groups.of_unit == key).tolist()) for key in groups.known if groups.locked(key)}


@pytest.mark.parametrize("seed", range(6))
def test_figures_after_any_edits_equal_those_from_scratch_and_undo_brings_back_the_very_same(seed: int) -> None:
    rng, session = np.random.default_rng(seed), Session(quartered())
    seen, done = [session.project], 0
    for _turn in range(60):
        edit = any_edit(session.project, rng)
        before = session.project
        try:
            session.do(edit)
        except EditRejected:
            assert session.project is before
            continue
        done += 1
        compare_with_scratch(session.project)
        of_groups = isinstance(edit, MovePieces | SplitOff | MergeGroups | ChooseZones)
        if of_groups:
            for kind in ("beats", "zones"):
                assert held_by(before, kind) == held_by(session.project, kind)
        if isinstance(edit, ChooseZones) or (of_groups and edit.kind == "zones"):
            assert session.project.zones is not None
            work = session.project.zones.workload  # what is stored follows edits of zones; after edits of grids it is computed anew
            assert work.tolist() == pytest.approx(list(loads_of(session.project, "zones").values()))
        seen.append(session.project)
    assert done > 20
    for project in reversed(seen[:-1]):
        session.undo()
        assert session.project is project
    for project in seen[1:]:
        session.redo()
        assert session.project is project


def other_grids(project: Project, labels: np.ndarray) -> ReplaceGrids:  # type: ignore[type-arg]
    """Return the edit that puts other grids in the place of those that there are."""
    assert project.units is not None
    known = {int(grid): Grid(int(project.units.community[np.flatnonzero(labels == grid)[0]]), f"{grid:03d}") for grid in np.unique(labels)}
    return ReplaceGrids("Divide", {"grids": GridPlan(labels.astype(np.int32), known)})


def test_beats_and_zones_stay_where_they_were_when_the_grids_are_numbered_otherwise() -> None:
    project = quartered()
    assert project.grids is not None
    after = other_grids(project, 16 - project.grids.labels).apply(project)
    for kind in ("beats", "zones"):
        was, now = groups_of(project, kind), groups_of(after, kind)
        assert was is not None
        assert now is not None
        assert np.array_equal(was.of_unit, now.of_unit)
    assert stale_plans(after) >= {"beats", "zones"}
    assert after.zones is not None
    assert after.zones.choices == ()  # they spoke of other grids
    assert project.zones is not None
    assert after.zones.workload.tolist() == pytest.approx(project.zones.workload.tolist())
    same = other_grids(project, project.grids.labels).apply(project)
    assert (same.beats, same.zones) == (project.beats, project.zones)


def test_of_larger_grids_each_goes_to_the_beat_that_most_households_were_in_and_a_beat_without_any_ends() -> None:
    project = LockGroups("beats", (4,)).apply(quartered())
    assert project.grids is not None
    row, column = np.divmod(np.arange(96), 12)
    halves = np.where(column < 6, 1, 2 + row // 4)  # the western half is one grid
    after = other_grids(project, halves).apply(project)
    assert after.beats is not None
    assert after.units is not None
    persons = loads_of(project, "beats")
    homes = np.bincount(after.units.address_unit, after.households.households, minlength=96)
    west = {beat: homes[(halves == 1) & (groups_of(project, "beats").of_unit == beat)].sum() for beat in (1, 3)}  # type: ignore[union-attr]
    winner = max(west, key=lambda beat: west[beat])
    assert after.beats.members == {1: winner, 2: 2, 3: 4}
    assert sorted(after.beats.beats) == sorted({winner, 2, 4})
    assert after.beats.beats[4].locked
    assert sum(loads_of(after, "beats").values()) == pytest.approx(sum(persons.values()))
    assert len(after.zones.workload) == len(after.zones.zones)  # type: ignore[union-attr]


def test_plans_of_zones_are_refused_for_as_many_grids_that_are_others() -> None:
    project = quartered()
    assert project.grids is not None
    assert project.zones is not None
    assert choices_fit(project, project.zones)
    five = np.flatnonzero(project.grids.labels == 5)
    split = with_new_grid(project, five[:2])
    merged = MoveUnits(tuple(five[2:].tolist()), 4).apply(split)  # sixteen again, but 5 ended and 16 is new
    assert merged.grids is not None
    assert len(merged.grids) == len(project.grids)
    assert merged.zones is not None
    assert not choices_fit(merged, merged.zones)
    with pytest.raises(EditRejected, match="other grids"):
        ChooseZones(1).apply(merged)


def test_a_new_zone_takes_no_id_of_another_plan_and_one_that_comes_back_no_code_that_is_used() -> None:
    project = MergeGroups("zones", 3, (4,)).apply(quartered())
    split = SplitOff("zones", (0,)).apply(project)
    assert split.zones is not None
    assert sorted(split.zones.zones) == [1, 2, 3, 5]
    assert split.zones.zones[5].code == "04"
    back = ChooseZones(1).apply(split).zones
    assert back is not None
    assert [(key, zone.code) for key, zone in back.zones.items()] == [(1, "01"), (2, "02"), (3, "03"), (4, "04")]
    locked = LockGroups("zones", (5,)).apply(split)
    with pytest.raises(EditRejected, match="locked zone would change"):
        ChooseZones(1).apply(locked)


def test_beats_named_by_area_are_followed_in_their_own_area() -> None:
    project = quartered()
    assert project.beats is not None
    names = {1: ("62080251000001", "west"), 3: ("62080251000002", "west"), 2: ("62080252000001", "east"), 4: ("62080252000002", "east")}
    beats = {
        key: dataclasses.replace(project.beats.beats[key], code=code, name=f"{area} beat {code[-1]}") for key, (code, area) in names.items()
    }
    project = dataclasses.replace(project, beats=dataclasses.replace(project.beats, beats=beats))
    made = SplitOff("beats", (0,)).apply(project).beats
    assert made is not None
    assert (made.beats[5].code, made.beats[5].name) == ("62080251000003", "west beat 3")


def test_other_units_take_beats_and_zones_with_them() -> None:
    project = block_town(4, 3)
    project = propose_units(project).apply(project)
    assert project.units is not None
    given = quartered("blocks")
    count = len(project.units)
    assert given.zones is not None
    zones = dataclasses.replace(given.zones, labels=np.ones(count, np.int32))
    project = dataclasses.replace(project, beats=given.beats, zones=zones)
    again = propose_units(project).apply(project)
    assert again.beats is project.beats  # the same units: nothing is lost
    fewer = dataclasses.replace(project, units=dataclasses.replace(project.units, blocked=~project.units.blocked))
    after = propose_units(fewer).apply(fewer)
    assert (after.beats, after.zones, after.grids) == (None, None, None)
