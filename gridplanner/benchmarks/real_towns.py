"""Case: two real towns, beside METIS community by community with the same numbers of grids."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gridplanner.benchmarks.coarse_city import proven
from gridplanner.benchmarks.instance import instance_of
from gridplanner.benchmarks.judge import judge_ours
from gridplanner.benchmarks.over_seeds import TOWN_PLAN, Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import planned, run_in_own_process
from gridplanner.benchmarks.peer_runs import peer_figures
from gridplanner.benchmarks.table import Row
from gridplanner.settings import GridSettings, ProjectSettings, Settings, SourceSettings

DATA = "GRIDPLANNER_TEST_DATA"  # folder that holds towns/
TOWNS = ("Dreieich", "Liechtenstein")
MEASURES = (*TOWN_PLAN, Measure("none_pct", "communities without a bound", "%", every=True))
BEATEN = ("mean_pct", "worst_pct", "within_pct", "border_km")  # balance and border, each to be no worse than METIS's median


def real_town(name: str, seeds: Sequence[int]) -> list[Row]:
    """Return the rows of a town; none where its data is not on this machine."""
    folder = os.environ.get(DATA)
    if not folder or not Path(folder, "towns", f"{name.lower()}.osm.pbf").exists():
        return []
    runs = [run_in_own_process("real_towns", name=name, seed=seed) for seed in seeds]
    return rows_over_seeds(name, MEASURES, runs, {"none_pct": 0.0, "broken": 0.0, "crossings": 0.0} | metis_bars(runs))


def metis_bars(runs: Sequence[Run]) -> dict[str, float]:
    """Return METIS's medians of balance and border as bars; none where METIS was not there."""
    without = [Run(figures, {}) for run in runs for name, figures in run.peers.items() if name.startswith("METIS")]
    beaten = [measure for measure in TOWN_PLAN if measure.key in BEATEN]
    rows = {row.measure: row.value for row in rows_over_seeds("", beaten, without, {})}
    return {measure.key: rows[measure.name] for measure in beaten if measure.name in rows}


def measure(name: str, seed: int) -> dict[str, Any]:
    """Return the figures of one town, measured in this process."""
    from gridplanner.io.sources import read_sources

    project = read_sources(town_settings(name, Path(os.environ[DATA], "towns"), seed))
    project, ours = planned(project)
    ours |= proven(project) | judge_ours(project)
    return {"ours": ours, "peers": peer_figures(project, instance_of(project), ("METIS",), seed)}


def town_settings(name: str, folder: Path, seed: int) -> Settings:
    """Return the settings that a plan file for the town would give: households and streets, Liechtenstein's municipalities, railway."""
    osm = SourceSettings(str(folder / f"{name.lower()}.osm.pbf"))
    homes = SourceSettings(str(folder / f"{name.lower()}_households.gpkg"), fields={"households": "hh"})
    sources = {"households": homes, "roads": osm}
    if name == "Liechtenstein":
        where = "boundary = 'administrative' AND admin_level = '8' AND name IS NOT NULL"
        sources |= {"communities": replace(osm, where=where, fields={"name": "name"}), "railway": osm}
    crs = {"Dreieich": "EPSG:25832", "Liechtenstein": "EPSG:2056"}[name]
    return Settings(ProjectSettings(name, crs, seed), sources=sources, grids=GridSettings(target_households=300.0))
