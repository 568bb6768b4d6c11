"""Another plan of those between even work and fast response, put in place of the one that is shown."""

from __future__ import annotations

import dataclasses

from gridplanner.i18n import _
from gridplanner.model.group_codes import next_code, next_name
from gridplanner.model.outlines import grid_ids
from gridplanner.model.project import Project
from gridplanner.model.zone_figures import zone_figures
from gridplanner.model.zones import Zone, ZoneChoice, ZonePlan


def with_choice(project: Project, plan: ZonePlan, row: int) -> ZonePlan:
    """Return the zones as the choice `row` has them: members or labels, places, workload, p90 and what is proven.

    Codes, names and locks stay with the zones' ids; an id that the planner's hand has taken away comes back with a code of its own.
    Raises ValueError where there is no such choice, or where it speaks of other pieces than there are now.
    """
    if not 0 <= row < len(plan.choices):
        raise ValueError(f"there is no choice {row} among {len(plan.choices)}")
    if not choices_fit(project, plan):
        raise ValueError("the choices speak of other pieces than there are now")
    choice = plan.choices[row]
    zones = _zones(plan, choice)
    values: dict[str, object] = {"zones": zones, "chosen": row, "certificate": choice.certificate}
    if len(plan.labels):
        values["labels"] = choice.labels
    else:
        assert project.grids is not None  # the choices fit
        values["members"] = dict(zip(grid_ids(project.grids).tolist(), choice.labels.tolist(), strict=True))
    chosen = dataclasses.replace(plan, **values)  # type: ignore[arg-type]
    figures = zone_figures(project, chosen)
    if figures is None:
        return chosen
    return dataclasses.replace(chosen, workload=figures.workload, p90=figures.p90)


def choices_fit(project: Project, plan: ZonePlan) -> bool:
    """Return whether the choices speak of the pieces that there are now: the very grids or as many units as then.

    Members keep the ids of grids that ended and gain those of new ones, so they are the grids of now only where those are the grids of
    then.
    """
    if len(plan.labels):
        count = len(plan.labels)
        here = project.units is not None and len(project.units) == count
    else:
        count = len(plan.members)
        here = project.grids is not None and plan.members.keys() == project.grids.grids.keys()
    return here and all(len(choice.labels) == count for choice in plan.choices)


def _zones(plan: ZonePlan, choice: ZoneChoice) -> dict[int, Zone]:
    """Return what is known of the zones of a choice, with the places that it serves them from."""
    keys = range(1, len(choice.sites) + 1)
    zones = {key: plan.zones[key] for key in keys if key in plan.zones}
    for key in keys:
        if key not in zones:
            codes, names = [zone.code for zone in zones.values()], {zone.name for zone in zones.values()}
            zones[key] = Zone(next_code(codes, codes), next_name(_("Patrol zone {n}"), names))
        x, y = (float(value) for value in choice.sites[key - 1])
        zones[key] = dataclasses.replace(zones[key], depot=int(choice.depots[key - 1]), x=x, y=y)
    return {key: zones[key] for key in keys}
