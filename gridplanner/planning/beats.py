"""Grids to police beats: whole grids of about as many persons, in their area, connected, proven best where that can be done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.districting.even_groups import EvenGroups, EvenParams, solve_even_groups
from algorithms.districting.problem import DistrictingParams, DistrictingProblem
from algorithms.districting.regions import share_of
from algorithms.progress import SILENT, Progress, Span
from algorithms.sums import group_sums
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.band import Band
from gridplanner.model.beats import BeatCertificate, BeatPlan
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_outlines, grid_rows
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.planning.beat_areas import BeatAreas, beat_areas
from gridplanner.planning.beat_names import named_beats
from gridplanner.planning.borders import borders_of
from gridplanner.planning.parts import Regions, land_of, problem_of, regions_of
from gridplanner.settings import BeatSettings

COST = DistrictingParams(border=20.0, rounds=100, replicas=8, cycles=2, halvings=20, columns=200_000, search=6.0)
PARAMS = EvenParams(cost=COST)


@dataclass(frozen=True, eq=False)
class BeatProblem:
    """What the beats are made from: the grids' areas, persons and locks, and the districting problem with its regions.

    `area_of_region` (r,) is the area of each region, -1 for that of a locked beat; `locked` maps those regions to beat ids.
    """

    areas: BeatAreas
    persons: Floats
    problem: DistrictingProblem
    regions: Regions
    area_of_region: Ints
    locked: dict[int, int]
    outlines: Texts


def propose_beats(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that groups grids into police beats of about as many persons.

    Locked beats keep their grids. Raises InputError where there are no grids, nobody lives in them, or the areas wished for are not
    given.
    """
    settings = project.settings.beats or BeatSettings()
    given = beat_problem(project, settings)
    label = np.full(len(given.persons), -1, np.int32)
    locked: dict[int, int] = {}
    count = 0
    for region, key in given.locked.items():
        label[given.regions.region == region] = count
        locked[count] = key
        count += 1
    certificates: list[BeatCertificate] = []
    issues = list(given.areas.issues)
    for number in range(len(given.areas)):
        mine = np.flatnonzero(given.area_of_region == number).astype(np.int32)
        if not len(mine):
            continue
        share = share_of(given.problem, mine)
        span = Span(progress, number / len(given.areas), (number + 1) / len(given.areas))
        span.report(0.0, _("Grouping {n} grids into {k} beats").format(n=len(share.units), k=int(share.problem.districts.sum())))
        found = solve_even_groups(share.problem, _points(settings.tolerance), PARAMS, project.settings.project.seed, span)
        label[share.units] = count + found.labels
        count += int(share.problem.districts.sum())
        name = str(given.areas.names[number])
        certificates.append(_certificate(name, found, int(share.problem.districts.sum())))
        issues += _findings(name, found, share.problem, settings, given.outlines[share.units])
    issues += _joined(given, settings)
    if progress.should_finish():
        text = N_("The search for beats was stopped early; the best so far was kept")
        issues.append(Issue(Level.INFO, "cut_short", text, {}, "beats"))
    members, beats = named_beats(project, given.areas, label, given.persons, locked)
    plan = BeatPlan(members, beats, tuple(certificates), tuple(issues), made_from(project, "beats"))
    text = N_("Group {n} grids into {k} police beats")
    places = {"n": len(members), "k": len(beats)}
    return Replace(text, {"beats": plan}, needs(project, "grids", "households", "station_areas", "depots", "beats"), places)


def beat_problem(project: Project, settings: BeatSettings) -> BeatProblem:
    """Return what the beats of a project are made from; raises InputError as `propose_beats` does."""
    if project.units is None or project.grids is None:
        raise InputError(_("There are no grids to make beats of yet; make the grids first"))
    persons = grid_figures(project).persons
    if not persons.sum() > 0:
        raise InputError(_("Nobody lives in the grids, so there is nothing to make beats of; add a household layer"))
    units, ids = project.units, grid_ids(project.grids)
    areas = beat_areas(project, settings, persons)
    row, keys = areas.row.copy(), _locked_keys(project)
    for number, key in enumerate(keys):
        assert project.beats is not None
        row[[project.beats.members.get(g) == key for g in ids.tolist()]] = len(areas) + number
    outlines = grid_outlines(units, project.grids)
    community = np.array([project.grids.grids[g].community for g in ids.tolist()], np.int32)
    land = land_of(units, grid_rows(project.grids), outlines, row, borders_of(units, project.settings.grids), community)
    loads = (persons / settings.target_persons)[None]
    low, high = 1 - settings.tolerance, 1 + settings.tolerance
    regions = regions_of(land, loads, Band(None, settings.target_persons, low, high))
    area_of = np.zeros(len(regions.load), np.int32)
    area_of[regions.region] = row
    locked = {region: keys[area - len(areas)] for region, area in enumerate(area_of.tolist()) if area >= len(areas)}
    area_of[area_of >= len(areas)] = -1
    districts = _numbers(settings, regions, area_of, len(areas), len(keys))
    problem = problem_of(land, regions, loads, districts, (low, high))
    return BeatProblem(areas, persons, problem, regions, area_of, locked, outlines)


def _locked_keys(project: Project) -> list[int]:
    """Return the ids of the locked beats of which a grid is still there."""
    plan = project.beats
    if plan is None or project.grids is None:
        return []
    live = {plan.members.get(g) for g in project.grids.grids}
    return sorted(key for key, beat in plan.beats.items() if beat.locked and key in live)


def _numbers(settings: BeatSettings, regions: Regions, area_of: Ints, areas: int, locked: int) -> Ints:
    """Return how many beats each region gets: in each area the number nearest to persons ÷ target, or its share of the count wished.

    Regions of an area share its number by largest remainder, one each at least and as many as they have grids at most.
    """
    free = area_of >= 0
    size = np.bincount(regions.region)
    numbers = np.ones(len(size), np.int32)
    load = group_sums(area_of[free], regions.load[free], areas)
    room = np.bincount(area_of[free], size[free], minlength=areas).astype(np.int64)
    parts = np.bincount(area_of[free], minlength=areas)
    live = np.flatnonzero(parts > 0)
    if not len(live):
        return numbers
    wanted = np.zeros(areas, np.int64)
    if settings.count:
        wanted[live] = _shared(load[live], parts[live], room[live], settings.count - locked)
    else:
        wanted[live] = np.clip(np.ceil(load[live] - 0.5), parts[live], room[live])
    for area in live.tolist():
        mine = np.flatnonzero(area_of == area)
        numbers[mine] = _shared(regions.load[mine], np.ones(len(mine), np.int64), size[mine], int(wanted[area]))
    return numbers


def _shared(load: Floats, least: Ints, most: Ints, count: int) -> Ints:
    """Return whole numbers that come to `count` as far as `least` and `most` let them, near the shares of the load (largest remainder)."""
    quota = load / max(float(load.sum()), 1e-12) * count
    given = np.clip(np.floor(quota), least, most)
    while given.sum() < count and np.any(given < most):
        given[np.argmax(np.where(given < most, quota - given, -np.inf))] += 1
    while given.sum() > count and np.any(given > least):
        given[np.argmin(np.where(given > least, quota - given, np.inf))] -= 1
    return np.asarray(given, np.int32)


def _points(tolerance: float) -> int:
    """Return a tolerance in whole points of a per cent, rounded down: what is promised is kept."""
    return max(int(np.floor(100 * tolerance + 1e-9)), 1)


def _certificate(area: str, found: EvenGroups, count: int) -> BeatCertificate:
    tight = None if found.tightest is None else found.tightest / 100
    excluded = None if found.excluded is None else found.excluded / 100
    bound = found.value if found.status == "optimal" else found.bound
    return BeatCertificate(
        area, found.status, found.value, bound, count, found.points / 100, tight, excluded, columns=found.groups, why=found.why
    )


def _findings(area: str, found: EvenGroups, problem: DistrictingProblem, settings: BeatSettings, outlines: Texts) -> list[Issue]:
    """Return what is to be said of the tolerance of an area's plan."""
    wished = _points(settings.tolerance)
    said = {
        "k": int(problem.districts.sum()), "wished": f"{wished} %", "kept": f"{found.points} %", "target": f"{settings.target_persons:g}",
        "tightest": f"{found.tightest} %", "excluded": f"{found.excluded} %", "area": area,
    }  # fmt: skip
    level, text = Level.INFO, ""
    if found.points > wished:
        level = Level.WARNING
        text = N_("No plan of {k} beats within {wished} of {target} persons was found; this one keeps {kept}")
        if found.tightest is not None:
            text = N_(
                "No {k} beats keep within {wished} of {target} persons: {excluded} is proven impossible, and this plan keeps {kept}, "
                "the tightest there is; another number of beats or another target may do better"
            )
        elif found.excluded is not None and found.excluded >= wished:
            text = N_("No {k} beats keep within {wished} of {target} persons: {excluded} is proven impossible; this plan keeps {kept}")
    elif found.tightest is not None and found.excluded is not None:
        text = N_("{k} beats could all be within {tightest} of {target} persons; {excluded} is proven impossible")
    if not text:
        return []
    place = outlines[int(np.argmax(problem.weight[:, 0]))] if level is Level.WARNING else None
    x, y = (None, None) if place is None else shapely.get_coordinates(shapely.point_on_surface(place))[0].round(2).tolist()
    return [Issue(level, "beats", text, said, "beats", area, x, y)]


def _joined(given: BeatProblem, settings: BeatSettings) -> list[Issue]:
    """Return an issue for every part of an area that is too small for a beat and nothing joins to the rest."""
    issues = []
    for _area, loads, grid in given.regions.joined:
        text = N_("A part with {n} persons that no crossable border joins to the rest is too small for a beat; it is in the nearest one")
        x, y = shapely.get_coordinates(shapely.point_on_surface(given.outlines[grid]))[0].round(2).tolist()
        issues.append(Issue(Level.INFO, "beats", text, {"n": f"{max(loads) * settings.target_persons:.0f}"}, "beats", "", x, y))
    return issues
