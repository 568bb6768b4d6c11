"""Railways from their files to segments: the Golmud scenario, the Qinghai–Tibet line by its stations, two towns of OpenStreetMap."""

from __future__ import annotations

import dataclasses
import itertools
import os
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import timed
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.layers import write_layers
from gridplanner.io.sources import read_sources
from gridplanner.io.vector_files import read_table
from gridplanner.model.mileage import Mileage, read_chainage
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_near import length_of
from gridplanner.plan_file import read_plan
from gridplanner.planning.rail_lines import lines_of
from gridplanner.planning.rail_segments import propose_rail_segments
from gridplanner.rail_settings import RailMark
from gridplanner.settings import ExportSettings, ProjectSettings, RailSettings, Settings, SourceSettings

DATA = "GRIDPLANNER_TEST_DATA"  # folder that holds towns/ and china/
GOLMUD = "Golmud, 230 km, 4 squads, 44 guards"
STEP_SECONDS, EVEN = 0.5, 1.02
STEP = (
    Measure("seconds", "step", "s"),
    Measure("reached", "step with the way counted", "s"),
    Measure("read", "reading", "s"),
)
WAY = 1.0  # km-equivalents of an hour on the way, where it is counted
TIBET = (("Xining–Golmud", "西宁", "格尔木", 0, 814), ("Golmud–Lhasa", "格尔木", "拉萨", 814, 1956))  # with official kilometres
EVERY = 500.0  # metres between places that are read and found again
TOWNS = {"Krems": ("krems.osm.gz", "EPSG:32633", 2, 8), "Liechtenstein": ("liechtenstein.osm.pbf", "EPSG:2056", 2, 6)}
LINE_KM = {"Krems": (4.58,), "Liechtenstein": (9.88,)}  # of main track joined by hand from the files; second tracks and stumps not counted
NOTES = (
    "Golmud: a made line with a short and a long broken chain, stations, bridges, tunnels, crossings, villages and bases. The step is what "
    "`gridplanner run` does for [rail]: lines, mileage, work, access, dividing, rounds, corridor.",
    "Qinghai–Tibet: stations joined by straight lines, measured by the chainages of Xining, Golmud and Lhasa alone.",
    "Towns: where a bridge, in which no segment ends, is longer than a guard's share, no division is even; the least possible says so.",
)


def golmud_rows(_quick: bool, seeds: int, _progress: Progress = SILENT) -> list[Row]:
    """Return the rows of the Golmud scenario; the step is timed once for each seed (it has none: its plan is the same every time)."""
    from sample_data import SAMPLE_PLAN

    settings = read_plan(SAMPLE_PLAN.with_name("golmud.toml"))
    runs = []
    project, plan = Project(), None
    for _seed in range(seeds):
        project, read = timed(lambda: read_sources(settings))
        edit, seconds = timed(partial(propose_rail_segments, project))
        counted = with_rail(project, access_weight=WAY)
        runs.append(Run({"seconds": seconds, "reached": timed(partial(propose_rail_segments, counted))[1], "read": read}, {}))
        plan = edit.values["rail"]
    assert isinstance(plan, RailPlan)
    asked, work = project.settings.rail or RailSettings(), np.array([segment.workload for segment in plan.segments])
    squads = np.bincount([segment.squad - 1 for segment in plan.segments], minlength=asked.squads)
    ends = [abs(read_chainage(asked.start)[1] - plan.segments[0].start), abs(read_chainage(asked.stop)[1] - plan.segments[-1].stop)]
    chains = sum(len(line.mileage.breaks) for line in plan.lines)
    proof = plan.proofs[0]
    return [
        *rows_over_seeds(GOLMUD, STEP, runs, {"seconds": STEP_SECONDS}),
        at_most(GOLMUD, "work max ÷ mean", float(work.max() / work.mean()), EVEN),
        at_most(GOLMUD, "least possible ÷ mean, proven", proof.bound / proof.mean, None),
        at_most(GOLMUD, "segments missing or too many", abs(len(plan) - asked.guards), 0),
        at_most(GOLMUD, "squads with more or fewer guards", int((squads != asked.guards // asked.squads).sum()), 0),
        at_most(GOLMUD, "gap or overlap", gap(plan), 1.0, "m"),
        at_most(GOLMUD, "ends beside from and to", max(ends), 1.0, "m"),
        at_most(GOLMUD, "broken chains not found", abs(chains - len(asked.breaks)), 0),
        at_most(GOLMUD, "mean length", sum(length_of(line) for line in plan.lines) / 1000 / len(plan), None, "km"),
    ]


def with_rail(project: Project, **changes: object) -> Project:
    """Return a project with other settings of [rail]."""
    rail = dataclasses.replace(project.settings.rail or RailSettings(), **changes)  # type: ignore[arg-type]
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, rail=rail))


def gap(plan: RailPlan) -> float:
    """Return the metres by which segments miss one another and the ends of their lines at most."""
    worst = 0.0
    for row, line in enumerate(plan.lines):
        mine = [plan.segments[i] for i in plan.of_plan(plan.plans[0]) if plan.segments[i].line == row]
        ends = [0.0, *(place for segment in mine for place in (segment.low, segment.high)), length_of(line)]
        worst = max(worst, *(abs(a - b) for a, b in zip(ends[::2], ends[1::2], strict=True)))
        worst = max(worst, *(float(np.hypot(*(a.coords[-1] - b.coords[0]))) for a, b in itertools.pairwise(mine)), 0.0)
    return worst


def tibet_rows(_quick: bool, _seeds: int, _progress: Progress = SILENT) -> list[Row]:
    """Return the rows of the Qinghai–Tibet line; raises InputError where its data are not on this machine."""
    folder = _folder("china")
    files = {"railway": "qinghai_tibet_railway_approx.geojson", "stations": "qinghai_tibet_railway_stations_ordered.geojson"}
    sources = {key: SourceSettings(str(folder / file), fields={"name": "name"}) for key, file in files.items()}
    project = read_sources(Settings(ProjectSettings("Qinghai–Tibet", "EPSG:4540", 1), sources=sources))
    names = dict(zip(("Xining-Golmud", "Golmud-Lhasa"), TIBET, strict=True))
    drawn = {next(key for key in names if str(name).endswith(key)): str(name) for name in project.railway.names}
    marks = [
        RailMark(f"K{km}+000", name=station, line=drawn[key])
        for key, (_case, first, last, start, stop) in names.items()
        for station, km in ((first, start), (last, stop))
    ]
    (lines, _issues), seconds = timed(lambda: lines_of(with_rail(project, marks=tuple(marks))))
    rows = []
    for key, (case, _first, _last, start, stop) in names.items():
        mileage = next(line.mileage for line in lines if line.name == drawn[key])
        rows += mileage_rows(f"{case}, official {stop - start:,} km", mileage, float(stop - start))
    return [*rows, at_most("Qinghai–Tibet", "lines put together and measured", seconds, None, "s")]


def mileage_rows(case: str, mileage: Mileage, km: float) -> list[Row]:
    """Return what a calibrated line reads from end to end, whether it always rises, and whether what is read is found again."""
    length = float(mileage.along[-1])
    places = np.append(np.arange(0.0, length, EVERY), length)
    read = mileage.readings(places)
    found = [mileage.nearest(mileage.text(float(place))).along for place in places]
    total = (read[-1] - read[0]) / 1000
    return [
        at_most(case, "as drawn", length / 1000, None, "km"),
        at_most(case, "chainage from end to end", float(total), None, "km"),
        at_most(case, "beside the official total", float(abs(total - km)) * 1000, 1.0, "m"),
        at_least(case, f"least rise in {EVERY:g} m", float(np.diff(read[:-1]).min()), 1.0, "m"),
        at_most(case, "place → chainage → place", float(np.abs(np.array(found) - places).max()), 1.0, "m"),
    ]


def town_rows(_quick: bool, _seeds: int, _progress: Progress = SILENT) -> list[Row]:
    """Return the rows of the towns; raises InputError where their data are not on this machine."""
    folder, rows = _folder("towns"), []
    for name, (file, crs, squads, guards) in TOWNS.items():
        osm = SourceSettings(str(folder / file))
        rail = RailSettings(squads=squads, guards=guards)
        settings = Settings(
            ProjectSettings(name, crs, 1), {"roads": osm, "railway": osm}, rail=rail, export=ExportSettings(formats=("gpkg",))
        )
        project = read_sources(settings)
        edit, seconds = timed(partial(propose_rail_segments, project))
        project = edit.apply(project)
        plan = project.rail
        assert plan is not None
        lengths = sorted((length_of(line) / 1000 for line in plan.lines), reverse=True)
        off = max(abs(ours - theirs) for ours, theirs in itertools.zip_longest(lengths, LINE_KM[name], fillvalue=0.0))
        work = np.array([segment.workload for segment in plan.segments])
        case = f"{name}, {guards} guards"
        rows += [
            at_most(case, "main line", sum(lengths), None, "km"),
            at_most(case, "beside its true length", 1000 * off, 10.0, "m"),
            at_most(case, "segments missing or too many", abs(len(plan) - guards), 0),
            at_most(case, "gap or overlap", gap(plan), 1.0, "m"),
            at_most(case, "exported: missing, or not where the last ends", exported_wrong(project), 0),
            at_most(case, "work max ÷ mean", float(work.max() / work.mean()), None),
            at_most(case, "above the least possible", max(0.0, 100 * (float(work.max()) / plan.proofs[0].bound - 1)), 1.0, "%"),
            at_most(case, "step", seconds, None, "s"),
        ]
    return rows


def exported_wrong(project: Project) -> int:
    """Return how many segments the exported layer lacks, or does not begin at the chainage at which the one before it ends."""
    with tempfile.TemporaryDirectory() as folder:
        files = write_layers(project, Path(folder))
        path = next(file for file in files if file.suffix == ".gpkg")
        table = read_table(path, "railsegs", ["line", "from_km", "to_km"], places=False)
    line, start, stop = (table.columns[name].astype(str) for name in ("line", "from_km", "to_km"))
    follows = [line[i] != line[i + 1] or stop[i] == start[i + 1] for i in range(len(line) - 1)]
    plan = project.rail
    return abs(len(line) - (len(plan) if plan is not None else 0)) + follows.count(False)


def _folder(name: str) -> Path:
    folder = Path(os.environ.get(DATA, ""), name)
    if not os.environ.get(DATA) or not folder.is_dir():
        raise InputError(_("the railways are not here: set {name} to the folder that holds {folder}/").format(name=DATA, folder=name))
    return folder
