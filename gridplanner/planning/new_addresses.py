"""New addresses on units that stay: each is put into the unit that it lies in."""

from __future__ import annotations

import dataclasses

from algorithms.units.locate import locate
from gridplanner.i18n import N_
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from gridplanner.planning.units import address_units


def units_with_addresses(project: Project) -> Units:
    """Return the project's units with its addresses in them; the units themselves where nothing has changed since they were made.

    Raises ValueError where there are no units, InputError where no address lies in or near one.
    """
    units = project.units
    if units is None:
        raise ValueError("the project has no units")
    made = made_from(project, "units")
    if units.made_from == made and len(units.address_unit) == len(project.households):
        return units
    polygons = unit_polygons(units)
    unit, issues = address_units(project, polygons, locate(project.households.xy, polygons))
    text = N_("The units were kept and the addresses put into them anew; streets or limits that changed since are not in them")
    kept = Issue(Level.INFO, "kept_units", text, {}, "units")
    return dataclasses.replace(units, address_unit=unit, issues=(*issues, kept), made_from=made)
