"""What each plan was made from, as a fingerprint of content: whether a plan is stale survives processes, files and undo."""

from __future__ import annotations

from gridplanner.model.band import band_of
from gridplanner.model.project import Project, fingerprint

PLANS = ("units", "grids", "zones", "patrol", "rail")
_AFTER = {"grids": "units", "zones": "grids", "patrol": "zones"}


def made_from(project: Project, plan: str) -> str:
    """Return the fingerprint of what `plan` (one of PLANS) would be made from now: data, earlier plans and the settings that matter."""
    settings = project.settings
    given = {
        "units": (project.communities, project.households, project.roads, project.barriers, project.railway),
        "grids": (project.units, repr(band_of(settings.grids))),
        "zones": (project.grids or project.roads, repr(settings.zones), project.depots, project.key_sites),
        "patrol": (project.zones, repr(settings.patrol), project.roads, project.depots, project.key_sites),
        "rail": (project.railway, project.stations, repr(settings.rail)),
    }
    return fingerprint(given[plan])


def stale_plans(project: Project) -> set[str]:
    """Return the plans whose data, settings or earlier plans have changed since they were made, and those made from such a plan."""
    stale: set[str] = set()
    for name in PLANS:
        plan = getattr(project, name)
        if plan is not None and (plan.made_from != made_from(project, name) or _AFTER.get(name) in stale):
            stale.add(name)
    return stale
