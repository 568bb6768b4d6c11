"""What the worker process is asked to do beyond one call: several proposals in a row, each made on the one before."""

from __future__ import annotations

from collections.abc import Sequence

from gridplanner.edits.edit import Edit
from gridplanner.model.project import Project
from gridplanner.planning.pipeline import STEPS
from gridplanner.progress import SILENT, Progress, Span


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
