"""The town that durability is measured on: a real one where its data is on this machine, else the sample town."""

from __future__ import annotations

import os
from pathlib import Path

from gridplanner.benchmarks.own_process import planned
from gridplanner.benchmarks.real_towns import DATA, town_settings
from gridplanner.io.project_file import save_project
from gridplanner.io.sources import read_sources
from gridplanner.plan_file import read_plan

TOWN = "Dreieich"


def town_file(folder: Path) -> tuple[str, Path]:
    """Return the name of the town, and a file in `folder` with its project, planned."""
    data = os.environ.get(DATA)
    if data and Path(data, "towns", f"{TOWN.lower()}.osm.pbf").exists():
        name, settings = TOWN, town_settings(TOWN, Path(data, "towns"), 1)
    else:
        from sample_data import SAMPLE_PLAN

        name, settings = "sample town", read_plan(SAMPLE_PLAN)
    project, _work = planned(read_sources(settings))
    path = folder / "town.gridplan"
    save_project(project, path)
    return name, path
