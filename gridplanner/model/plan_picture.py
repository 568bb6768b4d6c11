"""What is shown of a grid plan after an edit: figures, colours and findings, made anew for the grids that it touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridplanner.model.check import Findings, findings
from gridplanner.model.colouring import colours_after, grid_colours
from gridplanner.model.findings_after import findings_after
from gridplanner.model.plan_change import PlanChange, plan_change
from gridplanner.model.plan_figures import figures_after, other_rows, touched_by
from gridplanner.model.project import Project
from gridplanner.model.statistics import GridFigures, grid_figures, remember

FEW_GRIDS, FEW_UNITS = 60, 5000  # that an edit may touch and still be followed at once


@dataclass(frozen=True, eq=False)
class PlanPicture:
    """Figures, colours and findings of the grid plan of a project; `findings` is None until they were looked for once.

    `changed` are the grids of which a figure, the colour or a particular is another than in the picture before.
    """

    project: Project
    figures: GridFigures
    colours: Mapping[int, int]
    findings: Findings | None = None
    changed: frozenset[int] = frozenset()


def picture_of(project: Project) -> PlanPicture:
    """Return the picture of a project's grid plan, made from scratch; raises ValueError where it has none."""
    if project.units is None or project.grids is None:
        raise ValueError("the project has no grid plan")
    return PlanPicture(project, grid_figures(project), grid_colours(project.units, project.grids), findings(project))


def picture_after(before: PlanPicture, project: Project) -> tuple[PlanPicture, PlanChange] | None:
    """Return the picture of a project whose plan is a little another than that of `before`, and the change; None where too much is.

    Findings are as `findings_after` has them: what takes longer is carried over. Undo and redo are changes like any other.
    """
    units, plan = project.units, project.grids
    change = plan_change(before.project, project)
    if change is None or units is None or plan is None or len(change.grids) > FEW_GRIDS or len(change.units) > FEW_UNITS:
        return None
    touched = touched_by(change, before.figures, project)
    figures = figures_after(before.figures, touched, project)
    remember(project, figures)
    colours, recoloured = colours_after(before.colours, change, touched, units, plan)
    found = findings_after(before.findings, change, touched, figures, project) if before.findings is not None else None
    changed = other_rows(before.figures, figures, touched) | recoloured
    return PlanPicture(project, figures, colours, found, changed), change
