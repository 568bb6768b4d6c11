"""What each step is for, and which one comes first where it cannot be run yet: said while there is nothing to show for it."""

from __future__ import annotations

from gridplanner.i18n import N_

PURPOSE = {
    "data": N_("Drop files or a folder on the window. Each layer is shown before it is read."),
    "units": N_("Streets, rivers and limits cut the communities into the smallest areas that a plan deals with."),
    "grids": N_("Basic units are grouped into grids of about the target size, with borders along streets."),
    "zones": N_("Whole grids are grouped into patrol zones with about the same load."),
    "patrol": N_("Walks from the stations over the streets and key sites of each zone, within a shift."),
    "rail": N_("The line is divided into segments with about the same work for squads and guards."),
    "check": N_("What breaks a rule, worst first, with its place on the map."),
    "export": N_("All layers as shapefile or GeoPackage, with a table that explains their fields."),
}
NEEDED = {"units": "data", "grids": "data", "zones": "grids", "patrol": "zones", "rail": "data", "check": "data", "export": "data"}
