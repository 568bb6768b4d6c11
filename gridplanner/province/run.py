"""A plan file over a province: chunk by chunk, in memory that the largest chunk needs, not the province."""

from __future__ import annotations

import dataclasses
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, cast

from algorithms.progress import Cancelled, Progress, Span
from gridplanner import __version__
from gridplanner.code_profiles import profile_of
from gridplanner.errors import GridplannerError, InputError
from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.file_names import file_stem
from gridplanner.io.ground_parts import GROUND, open_ground
from gridplanner.io.growing_export import GrowingExport, check_growing
from gridplanner.io.household_spool import keep_census, kept_census, take_census
from gridplanner.io.kept_values import keep_value, kept_value, work_name
from gridplanner.io.layer_parts import open_parts
from gridplanner.io.layers import check_export
from gridplanner.io.open_source import READ, open_sources
from gridplanner.io.osm import is_osm
from gridplanner.io.read_areas import read_communities, read_district
from gridplanner.io.reading import Reading
from gridplanner.io.sources import left_as_is
from gridplanner.model.check import check
from gridplanner.model.issues import Issue, Level
from gridplanner.planning.chunk_plan import ChunkPlan, forget_derived, plan_chunk, with_plan
from gridplanner.planning.chunks import MOST, chunks_of
from gridplanner.planning.seams import joined_rims
from gridplanner.province.figures import ProvinceFigures
from gridplanner.province.parts import Parts
from gridplanner.settings import Settings

SKIPPED = ("zones", "patrol", "rail")
_AREAS = ("communities", "district")
_RULES = ("current_grids", "estates", "exclusive", "groups", "fixed_lines", "must_stay")
_WORK = ".streamed-"


def run_province(
    settings: Settings, folder: Path, progress: Progress, say: Callable[[str], None], workers: Executor | None = None
) -> dict[str, Any]:
    """Plan the grids of a province chunk by chunk, write the exports to `folder` and return the summary; `workers` plan chunks too.

    Each chunk, a group of neighbouring communities, is planned as if it were alone, so its plan depends on nothing else; all of them
    meet exactly. What was planned before an interruption is kept in `folder` and not planned again. There is no project file, and no
    patrol zones, routes or guard segments. Raises InputError for what only a plan in one piece can follow, NoPlanFound, or Cancelled,
    also where the listener asks to finish; earlier exports are then as they were.
    """
    check_export(settings.export)
    check_growing(settings.export)
    _check_wishes(settings)
    seconds: dict[str, float] = {}
    start = time.perf_counter()

    def lap(step: str, words: str) -> None:
        nonlocal start
        seconds[step], start = time.perf_counter() - start, time.perf_counter()
        say(f"{words}  ({seconds[step]:.1f} s)")

    bare = dataclasses.replace(settings, zones=None, patrol=None, rail=None)
    work = _work_folder(folder, settings)
    reading = Reading(as_is=left_as_is(bare))
    parts = _opened(bare, work, reading, Span(progress, 0.0, 0.1))
    census = parts.census
    text = _("Read: {n} addresses with {hh} households in {c} communities; {chunks} chunks")
    lap("read", text.format(n=census.read[0], hh=f"{census.read[1]:.0f}", c=len(parts.communities), chunks=len(parts)))
    try:
        _plan(parts, Span(progress, 0.1, 0.6), say, workers)
    except Cancelled:
        say(_("The chunks that are planned are kept; the same command goes on with them"))
        raise
    lap("plan", _("Planned: {n} chunks").format(n=len(parts)))
    with GrowingExport(bare, parts.crs, folder, census.whole) as export:
        figures = _write(parts, export, Span(progress, 0.6, 1.0))
        export.add_issues(figures.new_issues((*reading.issues, *_notes(settings, parts, folder))))
        lap("export", _("Export written"))
        summary = figures.summary(settings, parts.crs, seconds, census.read[1], len(parts))
        try:
            export.finish(summary)
        except OSError as why:
            text = _("{folder}: the export cannot be written: {why}; is the disk full, or one of its files open elsewhere?")
            raise InputError(text.format(folder=folder, why=why)) from None
    shutil.rmtree(work, ignore_errors=True)
    return summary


def _check_wishes(settings: Settings) -> None:
    """Raise InputError for what a plan in chunks cannot follow, and where it has nothing to start from."""
    for key in ("communities", "households"):
        if key not in settings.sources:
            raise InputError(_("--stream needs [sources.{key}]").format(key=key))
    if settings.grids is None:
        raise InputError(_("--stream makes grids, and the plan file has no [grids]"))
    for key in _RULES:
        if key in settings.sources:
            text = _("--stream does not follow [sources.{key}]; leave it out, or plan in one piece without --stream")
            raise InputError(text.format(key=key))
    if settings.grids.rural:
        raise InputError(_("--stream does not follow [grids] rural; leave it out, or plan in one piece without --stream"))
    if is_osm(settings.sources["households"].path):
        text = _("{file}: --stream reads households from a layer only; save them as a GeoPackage first")
        raise InputError(text.format(file=settings.sources["households"].path))


def _work_folder(folder: Path, settings: Settings) -> Path:
    """Return the folder of working files, with what an interrupted run of the same plan left there; those of other plans are removed."""
    work = folder / f"{_WORK}{work_name(settings, __version__)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"{_WORK}*"):
            if left != work:
                shutil.rmtree(left, ignore_errors=True)
        work.mkdir(exist_ok=True)
    except OSError as why:
        raise InputError(_("{folder}: cannot be written: {why}; choose another folder").format(folder=folder, why=why)) from None
    return work


def _opened(settings: Settings, work: Path, reading: Reading, progress: Progress) -> Parts:
    """Return the province in chunks: communities read and cleaned as one, addresses counted and spooled."""
    addresses = open_parts("households", settings.sources["households"], reading)
    wanted = settings.project.crs.strip()
    given = wanted.lower() not in {"", "auto"}
    reading.crs = systems.check_projected(wanted) if given else systems.auto_crs(*addresses.centre())
    areas = {key: settings.sources[key] for key in _AREAS if key in settings.sources}
    opened = open_sources(dataclasses.replace(settings, sources=areas), reading, Span(progress, 0.0, 0.1))
    district = read_district(opened["district"].table, reading) if "district" in opened else None
    communities = read_communities(opened["communities"].table, opened["communities"].fields, district, reading)
    census, said = kept_census(work / "census.npz"), kept_value(work / "issues")
    if census is None or said is None:
        census = take_census(addresses, communities, work / "addresses.bin", reading, Span(progress, 0.1, 1.0))
        keep_value(work / "issues", tuple(reading.issues))
        keep_census(work / "census.npz", census)
    else:
        reading.issues = list(cast("tuple[Issue, ...]", said))
    if not census.households.sum() > 0:
        text = _("None of the {n} addresses lies in or near a community; check that both layers say the right coordinate system")
        raise InputError(text.format(n=census.read[0]))
    assert settings.grids is not None
    chunks = chunks_of(communities, census.households, profile_of(settings.grids.codes), MOST)
    return Parts(settings, reading.crs, communities, census, open_ground(settings, reading, progress), chunks, work)


class _Listener(Progress):
    """Stops a chunk as soon as the run is to end: what is half planned is not kept."""

    def __init__(self, parent: Progress) -> None:
        self.parent = parent

    def is_cancelled(self) -> bool:
        return self.parent.is_cancelled() or self.parent.should_finish()


def _plan(parts: Parts, progress: Progress, say: Callable[[str], None], workers: Executor | None) -> None:
    """Plan every chunk that is not kept already: as many as there are workers, and one more, lie ready for them; this process plans too."""
    listener = _Listener(progress)
    todo = [chunk for chunk in range(len(parts)) if not parts.is_kept(chunk)][::-1]
    done = len(parts) - len(todo)
    if done:
        say(_("{n} of {all} chunks were planned before").format(n=done, all=len(parts)))
    ready = 0 if workers is None else int(getattr(workers, "count", 1)) + 1
    under_way: dict[int, Future[ChunkPlan]] = {}
    try:
        while todo or under_way:
            listener.check()
            progress.report(done / len(parts), _("Planned {n} of {all} chunks").format(n=done, all=len(parts)))
            while workers is not None and todo and len(under_way) < ready:
                chunk = todo.pop()
                under_way[chunk] = workers.submit(plan_chunk, parts.project(chunk))
            finished = [chunk for chunk, future in under_way.items() if future.done()]
            for chunk in finished:
                parts.keep(chunk, _result(under_way.pop(chunk)) or plan_chunk(parts.project(chunk), listener))
            done += len(finished)
            if finished:
                continue
            free = next((chunk for chunk, future in reversed(list(under_way.items())) if future.cancel()), None) if not todo else todo.pop()
            if free is None:
                time.sleep(0.05)
                continue
            under_way.pop(free, None)
            parts.keep(free, plan_chunk(parts.project(free), listener))
            done += 1
    finally:
        for future in under_way.values():
            future.cancel()


def _result(future: Future[ChunkPlan]) -> ChunkPlan | None:
    """Return what a worker planned, None where it was lost; raises what a plan cannot be made for."""
    failure = future.exception()
    if isinstance(failure, GridplannerError):
        raise failure
    return future.result() if failure is None else None


def _write(parts: Parts, export: GrowingExport, progress: Progress) -> ProvinceFigures:
    """Write the layers of every chunk, stitched to its neighbours, and return the figures of all."""
    listener = _Listener(progress)
    found = [parts.rim(chunk) for chunk in range(len(parts))]
    for chunk in [chunk for chunk, rim in enumerate(found) if rim is None]:
        plan = plan_chunk(parts.project(chunk), listener)
        parts.keep(chunk, plan)
        found[chunk] = plan.rim
    rims = joined_rims([rim for rim in found if rim is not None])
    figures = ProvinceFigures()
    for chunk in range(len(parts)):
        listener.check()
        progress.report(chunk / len(parts), _("Writing chunk {n} of {all}").format(n=chunk + 1, all=len(parts)))
        plan = parts.plan(chunk) or plan_chunk(parts.project(chunk), listener)
        project, lost = with_plan(parts.project(chunk, with_ground=False), plan, rims)
        figures.add(project)
        told = export.add(project)
        export.add_issues(figures.new_issues((*check(project), *told, *_seam_issues(project.communities.names[0], lost))))
        forget_derived()
    return figures


def _seam_issues(name: str, lost: int) -> tuple[Issue, ...]:
    if not lost:
        return ()
    text = N_("Around community {name}, {n} corners of grids beyond the limit could not be taken over: gaps of a centimetre may remain")
    return (Issue(Level.WARNING, "seam", text, {"name": name, "n": lost}, "grids"),)


def _notes(settings: Settings, parts: Parts, folder: Path) -> list[Issue]:
    """Return what the run left aside, as issues."""
    earlier = folder / f"{file_stem(settings.project.name)}.gridplan"
    text = N_("A plan in chunks has no project file: it is for GIS, not for the window")
    if earlier.exists():
        text = N_("A plan in chunks has no project file; {file} in this folder is an earlier run's")
    notes = [Issue(Level.INFO, "streamed", text, {"file": earlier.name})]
    notes += [
        Issue(Level.INFO, "streamed", N_("[{section}] was left aside: a plan in chunks has grids only"), {"section": section}, section)
        for section in SKIPPED
        if getattr(settings, section) is not None
    ]
    unused = [key for key in settings.sources if key not in {*GROUND, *_AREAS, "households"} and key in READ]
    text = N_("[sources.{key}] was left aside: a plan in chunks has grids only")
    notes += [Issue(Level.INFO, "streamed", text, {"key": key}, key) for key in unused]
    if parts.census.far[0]:
        text = N_("{more} addresses ({n} households) lie more than 200 m outside every community; they stay out of the plan")
        values = {"more": parts.census.far[0], "n": f"{parts.census.far[1]:g}"}
        notes.append(Issue(Level.WARNING, "outside", text, values, "households"))
    return notes
