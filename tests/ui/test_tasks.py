import dataclasses
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.edits.rule_edits import KeepTogether
from gridplanner.edits.scenario_edits import BranchScenario, SwitchScenario
from gridplanner.io.vector_files import write_gpkg_layer
from gridplanner.model.freshness import stale_plans
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings, ProjectSettings, Settings, SourceSettings
from tests.ui.builders import town
from ui.tasks import import_sources, propose, replan

FIELDS = {"communities": {"code": "code", "name": "name"}, "households": {"households": "hh", "persons": "pop", "address": "addr"}}


def write_town(folder: Path, *, grown: bool = False) -> Settings:
    """Write the made town's areas, streets and addresses; grown: every address in its south-west holds three times as many."""
    for file in folder.glob("*.gpkg"):
        file.unlink()
    project = town()
    homes, roads, areas = project.households, project.roads, project.communities
    more = np.where(grown & (homes.xy < 150).all(axis=1), 3.0, 1.0)
    lines = shapely.linestrings(roads.lines.coords, indices=np.repeat(np.arange(len(roads)), np.diff(roads.lines.offsets)))
    write_gpkg_layer(
        folder / "households.gpkg", "households", shapely.points(homes.xy),
        {"hh": homes.households * more, "pop": homes.persons, "addr": homes.address}, geometry="Point", crs=project.crs,
    )  # fmt: skip
    write_gpkg_layer(
        folder / "roads.gpkg", "roads", lines, {"class": roads.highway, "name": roads.names}, geometry="LineString", crs=project.crs
    )
    write_gpkg_layer(
        folder / "communities.gpkg", "communities", areas.polygons, {"code": areas.codes, "name": areas.names}, geometry="Polygon",
        crs=project.crs,
    )  # fmt: skip
    fields = {**FIELDS, "roads": {"class": "class", "name": "name"}}
    sources = {name: SourceSettings(path=str(folder / f"{name}.gpkg"), fields=fields[name]) for name in fields}
    return Settings(
        ProjectSettings(crs=project.crs), sources, GridSettings(target_households=300.0, tolerance=0.2, effort="quick", prove=False)
    )


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """Return the town as the window has it after import and partition."""
    project = import_sources(Project(), write_town(tmp_path)).apply(Project())
    for edit in propose(project, ["units", "grids"]):
        project = edit.apply(project)
    return project


def test_other_households_leave_the_plan_to_be_replanned(made: Project, tmp_path: Path) -> None:
    after = import_sources(made, write_town(tmp_path, grown=True)).apply(made)
    assert after.grids is made.grids
    assert after.units is not None
    assert np.array_equal(after.units.address_unit, made.units.address_unit)  # type: ignore[union-attr]
    assert {"units", "grids"} <= stale_plans(after)
    found = replan(after)
    again = found.edit.apply(after)
    assert not stale_plans(again)
    assert 0 < found.share < 0.5
    assert found.changed > 0
    assert found.fresh > 0  # more households, more grids
    assert found.ended == 0


def test_other_households_are_those_of_every_scenario(made: Project, tmp_path: Path) -> None:
    branched = BranchScenario("B").apply(made)
    for edit in propose(branched, ["units"]):
        branched = edit.apply(branched)  # units of its own
    both = BranchScenario("C").apply(branched)
    after = import_sources(both, write_town(tmp_path, grown=True)).apply(both)
    assert after.scenarios[1].units is after.units
    for name in ("", "B", "C"):
        there = SwitchScenario(name).apply(after)
        assert there.units is not None
        assert len(there.units.address_unit) == len(there.households)
        assert "units" in stale_plans(there)
    same = import_sources(both, write_town(tmp_path)).apply(both)
    assert same.scenarios is both.scenarios


def test_nothing_new_changes_nothing(made: Project, tmp_path: Path) -> None:
    again = import_sources(made, write_town(tmp_path)).apply(made)
    assert again.units is made.units
    assert again.grids is made.grids
    found = replan(again)
    assert (found.moved, found.changed, found.fresh, found.ended) == (0.0, 0, 0, 0)


def test_rules_made_by_hand_stay_when_data_is_imported(made: Project, tmp_path: Path) -> None:
    assert made.units is not None
    ruled = KeepTogether((0, 1), "two").apply(made)
    after = import_sources(ruled, write_town(tmp_path, grown=True)).apply(ruled)
    assert after.rules.keep.names.tolist() == ["two"]
    settings = write_town(tmp_path)
    area = tmp_path / "estates.gpkg"
    box = np.array([shapely.box(200, 100, 330, 260)], object)
    write_gpkg_layer(area, "estates", box, {"name": np.array(["estate"], object)}, geometry="Polygon", crs=made.crs)
    sources = {**settings.sources, "estates": SourceSettings(path=str(area), fields={"name": "name"})}
    both = import_sources(ruled, dataclasses.replace(settings, sources=sources)).apply(ruled)
    assert both.rules.keep.names.tolist() == ["estate", "two"]
    assert both.rules.keep.cuts.tolist() == [True, False]
    assert "units" in stale_plans(both)
