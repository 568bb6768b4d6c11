"""Another plan of those between even work and fast response, put in place of the one that is shown."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import grid_ids
from gridplanner.model.project import Project
from gridplanner.model.zone_figures import ZoneFigures, zone_figures
from gridplanner.model.zones import Zone, ZoneChoice, ZonePlan


def with_choice(project: Project, plan: ZonePlan, row: int) -> ZonePlan:
    """Return the zones as the choice `row` has them: members or labels, places, workload, p90 and what is proven.

    Codes, names and locks stay with the zones' ids; an id that the planner's hand has taken away comes back with a code of its own.
    Raises ValueError where there is no such choice, or where it speaks of other pieces than there are now.
    """
    if not 0 <= row < len(plan.choices):
        raise ValueError(f"there is no choice {row} among {len(plan.choices)}")
    choice = plan.choices[row]
    zones = {k: _zone(plan, choice, k) for k in range(1, len(choice.sites) + 1)}
    values: dict[str, object] = {"zones": zones, "chosen": row, "certificate": choice.certificate}
    if len(plan.labels):
        _refuse_others(choice.labels, len(plan.labels))
        values["labels"] = choice.labels
    else:
        ids = grid_ids(project.grids) if project.grids is not None else np.zeros(0, np.int32)
        _refuse_others(choice.labels, len(ids))
        values["members"] = dict(zip(ids.tolist(), choice.labels.tolist(), strict=True))
    chosen = dataclasses.replace(plan, **values)  # type: ignore[arg-type]
    figures = zone_figures(project, chosen)
    if figures is None:
        return chosen
    return dataclasses.replace(chosen, workload=figures.workload, p90=figures.p90)


def choice_figures(project: Project, plan: ZonePlan, row: int) -> ZoneFigures | None:
    """Return the figures that the zones would have with the choice `row`, for a look before it is taken."""
    return zone_figures(project, with_choice(project, plan, row))


def nearest_choice(plan: ZonePlan, response: float) -> int:
    """Return the row of the choice that was found with the weight nearest to `response`, -1 where there is none."""
    if not plan.choices:
        return -1
    return int(np.argmin(np.abs(np.array([choice.response for choice in plan.choices]) - response)))


def _zone(plan: ZonePlan, choice: ZoneChoice, key: int) -> Zone:
    """Return zone `key` of a choice: what is known of it, with the place that the choice serves it from."""
    known = plan.zones.get(key)
    if known is None:
        known = Zone(f"{key:02d}", _("Patrol zone {n}").format(n=key))
    x, y = (float(value) for value in choice.sites[key - 1])
    return dataclasses.replace(known, depot=int(choice.depots[key - 1]), x=x, y=y)


def _refuse_others(labels: Ints | Floats, count: int) -> None:
    if len(labels) != count:
        raise ValueError(f"the choice speaks of {len(labels)} pieces, there are {count}")
