"""What the worker process is asked to do beyond one call: several proposals in a row, and reading into a project that is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gridplanner.edits.edit import Edit, Replace
from gridplanner.i18n import N_
from gridplanner.model.project import Project, fingerprint
from gridplanner.planning.pipeline import STEPS
from gridplanner.progress import SILENT, Progress, Span
from gridplanner.settings import Settings

DATA = ("communities", "households", "roads", "barriers", "railway", "stations", "key_sites", "depots")
CUT_FROM = ("communities", "households", "roads", "barriers", "railway")


def propose(project: Project, names: Sequence[str], progress: Progress = SILENT) -> list[Edit]:
    """Return the edits of the named steps, in the order of the work; a step sees what those before it made."""
    steps = [step for step in STEPS if step.name in names]
    total, done = sum(step.share for step in steps), 0.0
    edits: list[Edit] = []
    for step in steps:
        edit = step.propose(project, Span(progress, done / total, (done + step.share) / total))
        project = edit.apply(project)
        edits.append(edit)
        done += step.share
        progress.check()
    return edits


def import_sources(project: Project, settings: Settings, progress: Progress = SILENT) -> Replace:
    """Return the edit that reads all sources of `settings` into a project.

    Layers whose content is the same as before stay the very same value, so that plans made from them stay too; plans that no longer
    fit the addresses and streets they were made for are taken out, and undo brings them back.
    """
    from gridplanner.io.sources import read_sources

    fresh = read_sources(settings, progress)
    changed = {name for name in DATA if fingerprint(getattr(fresh, name)) != fingerprint(getattr(project, name))}
    values: dict[str, object] = {name: getattr(fresh, name) for name in changed}
    values.update(settings=fresh.settings, crs=fresh.crs, read_issues=fresh.read_issues, provenance=fresh.provenance)
    if changed & set(CUT_FROM) or fresh.crs != project.crs:
        values.update(units=None, grids=None, zones=None, patrol=None)
    if "railway" in changed or fresh.crs != project.crs:
        values["rail"] = None
    return Replace(N_("Import {n} layers"), values, places={"n": len(fresh.provenance)})


def export_layers(project: Project, folder: Path, progress: Progress = SILENT) -> None:
    """Write what the command line would: all layers of a project, and its figures as `summary.json`."""
    from gridplanner.io.layers import write_layers
    from gridplanner.summary import summary_of

    write_layers(project, folder, progress, summary_of(project, {}))
