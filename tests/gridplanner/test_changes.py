"""The change log: what became what, compactly, and nothing that is nobody's business."""

import dataclasses

import numpy as np
import pytest
from duty_town import duty_town
from edit_moves import STRATEGIES
from guarded_line import guarded

from gridplanner.edits.cut_edits import SplitGrid
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.group_edits import LockGroups, MovePieces
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.merge_edits import MergeGrids
from gridplanner.edits.rail_edits import GiveSegments, MoveBreak
from gridplanner.edits.rule_edits import KeepTogether, Release
from gridplanner.edits.scenario_edits import AdoptMaster, BranchScenario, DeleteScenario, RenameScenario, SwitchScenario
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import EditRejected
from gridplanner.i18n import set_language
from gridplanner.model.change_line import LONGEST, MOST, ChangeLine
from gridplanner.model.change_words import FIELDS, WHATS, line_words
from gridplanner.model.changes import Change, changes_between
from gridplanner.model.leases import Handout
from gridplanner.model.project import Provenance
from gridplanner.model.setting_changes import without_secrets
from gridplanner.session import Session
from gridplanner.settings import ExportSettings, GridSettings, RosterPerson, RosterSettings, SourceSettings
from tests.ui.builders import planned, town


@pytest.fixture(scope="module")
def project():
    return planned(town())


def made_by(edit, project):
    return [(line.what, line.field, line.before, line.after) for line in changes_between(project, edit.apply(project))]


def codes(project, *grids):
    return [project.grids.grids[grid].code for grid in grids]


def test_units_that_moved_are_counted_from_grid_to_grid(project):
    one, other = codes(project, 1, 0)
    after = MoveUnits((4, 5), 0).apply(project)
    homes = int(project.households.households[np.isin(project.units.address_unit, (4, 5))].sum())
    line = ChangeLine("units", f"units=2 households={homes}", "grid", one, other)
    assert changes_between(project, after) == (line,)
    assert changes_between(after, project) == (dataclasses.replace(line, before=other, after=one),)


def test_a_merger_says_into_what_and_a_split_from_what(project):
    one, other = codes(project, 3, 0)
    assert ("grid", "merged", one, other) in made_by(MergeGrids(0, (3,)), project)
    line = ((130.0, -50.0), (130.0, 900.0))
    found = made_by(SplitGrid(0, line), project)
    began = [part for part in found if part[:2] == ("grid", "begun")]
    assert len(began) == 1
    assert began[0][3].startswith(other[:12])
    assert any(part[:2] == ("units", "cut") for part in found)


def test_fields_of_a_grid_are_told_and_people_only_counted(project):
    fields = (("name", "北里"), ("workers", ("王某", "李某")))
    found = changes_between(project, ChangeGrids(((2, fields),)).apply(project))
    assert {(line.field, line.before, line.after) for line in found} == {("name", "", "北里"), ("workers", "0", "2")}
    assert "某" not in str(found)
    assert made_by(LockGrids((2,)), project) == [("grid", "locked", "no", "yes")]


def test_a_plan_made_anew_is_told_as_a_whole():
    project = planned(town(24, 16), columns=24, wide=2)
    after = dataclasses.replace(project, grids=dataclasses.replace(project.grids, labels=project.grids.labels[::-1].copy()))
    lines = changes_between(project, after)
    assert [line.what for line in lines] == ["grids", "units"]
    assert (lines[0].before, lines[0].after) == ("96", "96")
    none = dataclasses.replace(project, grids=None)
    assert changes_between(none, project) == (ChangeLine("grids", "", "number", "0", "96"),)


def test_settings_are_told_key_by_key_and_never_a_secret(project):
    assert made_by(ChangeSettings("grids", GridSettings(target_households=250.0)), project) == [("setting", "value", "300", "250")]
    assert made_by(ChangeSettings("export", ExportSettings(postgis="town")), project) == [("setting", "value", "", "town")]
    for folder in ("/home/ann/", "C:\\Users\\ann\\", "../ann/"):
        found = made_by(ChangeSettings("export", ExportSettings(profile=f"{folder}own.toml")), project)
        assert found == [("setting", "value", "standard", "own.toml")]
    skills = ChangeSettings("roster", RosterSettings(skill_demand={"early": {"driver": 2}}))
    assert made_by(skills, ChangeSettings("roster", RosterSettings()).apply(project)) == [("setting", "value", "", "driver 2")]
    for text in (
        "host=db user=ann password = hunter2",
        "postgresql://ann:hu@hunter2@db/town",
        "postgis:/a:hunter2@db",
        "pwd='x hunter2'",
        "key=4hunter2",
    ):
        assert "hunter2" not in without_secrets(text)
    for text in ("unknown key: colour, at 12:30, a@b", "write KEY=FILE,CODE,TO"):
        assert without_secrets(text) == text
    people = RosterSettings(people=(RosterPerson("W-1"), RosterPerson("W-2")))
    before = ChangeSettings("roster", RosterSettings()).apply(project)
    assert "W-1" not in str(changes_between(before, ChangeSettings("roster", people).apply(project)))


def test_layers_are_told_by_their_rows_and_the_name_of_their_file(project):
    fields = [part.name for part in dataclasses.fields(project.households)[:4]]
    homes = dataclasses.replace(project.households, **{name: getattr(project.households, name)[:-3] for name in fields})
    source = dataclasses.replace(project.settings, sources={"households": SourceSettings(path="/home/ann/secret/homes.csv")})
    came = (Provenance("households", "/home/ann/secret/homes.csv", "homes", 9, "EPSG:4326"),)
    lines = changes_between(project, dataclasses.replace(project, households=homes, settings=source, provenance=came))
    count = len(project.households)
    assert ChangeLine("layer", "households", "rows", str(count), str(count - 3)) in lines
    assert ChangeLine("layer", "households", "file", "", "homes.csv") in lines
    assert "ann" not in str(lines)


def test_rules_come_and_go_by_name(project):
    kept = KeepTogether((1, 2), "大院").apply(project)
    assert made_by(KeepTogether((1, 2), "大院"), project) == [("rule", "begun", "", "大院")]
    assert made_by(Release("keep", 0), kept) == [("rule", "ended", "大院", "")]


def test_a_switch_of_scenarios_is_nobodys_change(project):
    begun = BranchScenario("B").apply(project)
    assert [line.field for line in changes_between(project, begun)] == ["begun", "active"]
    moved = MoveUnits((4,), 0).apply(begun)
    assert made_by(SwitchScenario(""), moved) == [("scenario", "active", "B", "")]
    assert ("scenario", "renamed", "B", "C") in made_by(RenameScenario("B", "C"), moved)
    assert ("scenario", "master", "", "B") in made_by(AdoptMaster("B"), moved)
    assert ("scenario", "ended", "B", "") in made_by(DeleteScenario("B"), moved)


def test_beats_zones_and_segments_are_told(project):
    town = duty_town()
    first = min(town.beats.members)
    line = ("grid", "beat", "001", "002")
    assert line in made_by(MovePieces("beats", (first,), 2), town)
    assert ("zone", "locked", "no", "yes") in made_by(LockGroups("zones", (1,)), town)
    rail = guarded()
    moved = made_by(MoveBreak(0, rail.rail.segments[0].high + 200.0), rail)
    limits = [part for part in moved if part[1] == "limits"]
    assert len(limits) == 2
    assert all("K8" in part[2] and part[2] != part[3] for part in limits)
    assert any(part[:2] == ("segment", "squad") for part in made_by(GiveSegments((0,), 2), rail))


def test_a_package_is_told_without_who_has_it(project):
    handout = Handout("ab" * 16, "cd" * 16, "", ("620802100001",), "王某", "2026-12-01")
    lines = changes_between(project, dataclasses.replace(project, handouts=(handout,)))
    assert lines == (ChangeLine("package", "ababab", "begun", "", "620802100001 – 2026-12-01"),)


def test_however_much_changes_the_lines_are_few_and_short():
    project = planned(town(24, 16), columns=24, wide=8, high=4)
    grids = {key: dataclasses.replace(grid, code=f"x{key}", name="长" * 1_000, locked=True) for key, grid in project.grids.grids.items()}
    lines = changes_between(project, dataclasses.replace(project, grids=dataclasses.replace(project.grids, grids=grids)))
    assert len(lines) == MOST
    assert lines[-1].what == "more"
    assert int(lines[-1].ref) == 3 * len(grids) - MOST + 1
    assert max(len(line.after) for line in lines) <= LONGEST


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_hand_does_there_are_lines_for_it_in_both_languages(seed, project):
    rng = np.random.default_rng(seed)
    now, said = project, 0
    for _step in range(25):
        move = STRATEGIES[rng.integers(len(STRATEGIES))][0]
        try:
            after = move(now, rng).apply(now)
        except (EditRejected, ValueError, IndexError):
            continue
        lines = changes_between(now, after)
        assert len(lines) <= MOST
        assert changes_between(after, after) == ()
        for line in lines:
            said += 1
            assert line.what in WHATS
            assert line.field in FIELDS
            for language in ("en", "zh_CN"):
                set_language(language)
                assert line_words(line)
            set_language("en")
        now = after
    assert said


def test_the_session_logs_what_was_done_undone_and_redone(project):
    session = Session(project)
    session.do(MoveUnits((4,), 0))
    session.undo()
    session.redo()
    assert [(change.number, change.way) for change in session.log] == [(1, "done"), (2, "undone"), (3, "redone")]
    assert session.log[0].lines == session.log[2].lines
    assert session.log[1].lines[0].before == session.log[0].lines[0].after
    log = (Change(7, 1.0, "north@desk", "Move 1 unit to grid 3"),)
    session.open(project, saved=True, log=log)
    assert session.earlier == log
    session.do(MoveUnits((4,), 0))
    assert [change.number for change in session.log] == [7, 8]
