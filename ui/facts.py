"""The settings in a few lines, for the left side."""

from __future__ import annotations

from gridplanner.i18n import _
from gridplanner.model.band import band_of
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings
from ui.dialogs.settings_dialog import EFFORTS
from ui.dialogs.step_settings import DEFAULTS, StepSettings, step_facts
from ui.grid_rules import locked_count
from ui.steps import SECTIONS


def settings_of(project: Project, step_id: str) -> StepSettings | None:
    """Return the settings of a step after the grids, the usual ones where a plan has none; None for other steps."""
    section = SECTIONS.get(step_id)
    if section is None:
        return None
    chosen: StepSettings | None = getattr(project.settings, section)
    return chosen or DEFAULTS[step_id]()


def settings_facts(project: Project, step_id: str = "grids") -> list[tuple[str, str]]:
    """Return names and values of what a step works with, for most steps what the next partition does."""
    of_step = settings_of(project, step_id)
    if of_step is not None:
        return step_facts(of_step)
    settings = project.settings.grids or GridSettings()
    band = band_of(settings)
    targets = []
    if band.households is not None:
        targets.append(_("{n} hh").format(n=f"{band.households:,.0f}"))
    if band.persons is not None:
        targets.append(_("{n} persons").format(n=f"{band.persons:,.0f}"))
    facts = [
        (_("Target"), _(" or ").join(targets)),
        (_("Allowed"), _tolerance(100 * (1 - band.low), 100 * (band.high - 1))),
        (_("Effort"), _(dict(EFFORTS)[settings.effort])),
    ]
    if locked := locked_count(project):
        facts.append((_("Locked"), _("{n} grids").format(n=locked)))
    return facts


def _tolerance(below: float, above: float) -> str:
    return f"± {above:.0f} %" if round(below) == round(above) else f"−{below:.0f} / +{above:.0f} %"
