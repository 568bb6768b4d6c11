"""A railway that is read again from its file keeps its guard segments, in every scenario."""

from pathlib import Path

import numpy as np
import shapely

from gridplanner.edits.rail_edits import RecodeSegment
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.io.vector_files import write_gpkg_layer
from gridplanner.model.project import Project
from gridplanner.settings import ProjectSettings, RailSettings, Settings, SourceSettings
from tests.guarded_line import kilometres, plan_of
from ui.tasks import import_sources, propose

CRS = "EPSG:4540"
EAST = 500_000.0


def write_line(folder: Path, north: float) -> Settings:
    """Write a line of 10 km and its kilometre posts, so many metres north of the first place."""
    for file in folder.glob("*.gpkg"):
        file.unlink()
    ends = np.array([[EAST, 4_000_000.0 + north], [EAST + 10_000.0, 4_000_000.0 + north]])
    line = np.array([shapely.linestrings(ends)], object)
    columns = {"name": np.array(["青藏线"], object)}
    write_gpkg_layer(folder / "railway.gpkg", "railway", line, columns, geometry="LineString", crs=CRS)
    posts = kilometres()
    write_gpkg_layer(
        folder / "posts.gpkg", "posts", shapely.points(posts.xy + np.array([EAST, 4_000_000.0])), {"km": posts.chainage / 1000},
        geometry="Point", crs=CRS,
    )  # fmt: skip
    sources = {
        "railway": SourceSettings(path=str(folder / "railway.gpkg"), fields={"name": "name"}),
        "rail_posts": SourceSettings(path=str(folder / "posts.gpkg"), fields={"chainage_km": "km"}),
    }
    return Settings(ProjectSettings(crs=CRS), sources, rail=RailSettings(squads=2, guards=4))


def test_segments_follow_their_line_in_every_scenario(tmp_path: Path) -> None:
    project = import_sources(Project(), write_line(tmp_path, 0.0)).apply(Project())
    for edit in propose(project, ["rail"]):
        project = edit.apply(project)
    project = BranchScenario("冬季").apply(RecodeSegment(0, "桥头").apply(project))
    same = import_sources(project, write_line(tmp_path, 0.0)).apply(project)
    assert same.rail is project.rail
    after = import_sources(project, write_line(tmp_path, 30.0)).apply(project)
    for plan in (plan_of(after), *(other.rail for other in after.scenarios)):
        assert plan is not None
        assert [segment.code for segment in plan.segments] == ["桥头", "1-02", "2-01", "2-02"]
        assert plan.segments[0].coords[0].tolist() == [EAST, 4_000_030.0]
        assert {issue.kind for issue in plan.issues} >= {"moved"}
