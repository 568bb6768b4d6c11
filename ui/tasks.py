"""What the worker process is asked to do beyond one call: several proposals in a row, and reading into a project that is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gridplanner.edits.edit import Edit, Replace
from gridplanner.fresh_data import import_sources as import_sources
from gridplanner.fresh_data import left_as_read as left_as_read
from gridplanner.fresh_data import repaired_again as repaired_again
from gridplanner.model.project import Project
from gridplanner.planning.pipeline import STEPS
from gridplanner.planning.workers import open_workers
from gridplanner.progress import SILENT, Progress, Span
from ui.replanned import Replanned, replanned


def propose(project: Project, names: Sequence[str], progress: Progress = SILENT) -> list[Edit]:
    """Return the edits of the named steps, in the order of the work; a step sees what those before it made."""
    steps = [step for step in STEPS if step.name in names]
    total, done = sum(step.share for step in steps), 0.0
    edits: list[Edit] = []
    with open_workers() as workers:
        for step in steps:
            edit = step.propose(project, Span(progress, done / total, (done + step.share) / total), workers)
            project = edit.apply(project)
            edits.append(edit)
            done += step.share
            progress.check()
    return edits


def replan(project: Project, progress: Progress = SILENT) -> Replanned:
    """Return the edit that re-plans the grids of a project under its settings, and what it changes."""
    from gridplanner.planning.pipeline import propose_replanned

    edit = propose_replanned(project, progress)
    assert isinstance(edit, Replace)
    return replanned(edit, edit.apply(project))


def export_layers(project: Project, folder: Path, progress: Progress = SILENT) -> None:
    """Write what the command line would: all layers of a project, and its figures as `summary.json`."""
    from gridplanner.io.layers import write_layers
    from gridplanner.summary import summary_of

    write_layers(project, folder, progress, summary_of(project, {}))
