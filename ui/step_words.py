"""What each step is for, and which one comes first where it cannot be run yet: said while there is nothing to show for it."""

from __future__ import annotations

from gridplanner.i18n import N_

PURPOSE = {
    "data": N_("Drop files or a folder on the window. Each layer is shown before it is read."),
    "units": N_("Streets, rivers and limits cut the communities into the smallest areas that a plan deals with."),
    "grids": N_("Basic units are grouped into grids of about the target size, with borders along streets."),
    "beats": N_("Whole grids are grouped into police beats of about the same number of persons."),
    "rings": N_("How many minutes the posts need to each address over the streets."),
    "checkpoints": N_("Where main streets cross the boundary or a line that you draw, and which of these places to hold."),
    "rating": N_("Five colours for each area and month, from counts and satisfaction."),
    "chiefs": N_("Streets are cut into stretches of about the same length and work, each with its chief."),
    "zones": N_("Whole grids are grouped into patrol zones with about the same load."),
    "patrol": N_("Walks from the stations over the streets and key sites of each zone, within a shift."),
    "rail": N_("The line is divided into segments with about the same work for squads and guards."),
    "roster": N_("Who is on duty when and where: people for shifts, within the rules of rest and hours, evenly shared."),
    "check": N_("What breaks a rule, worst first, with its place on the map."),
    "export": N_("All layers as shapefile or GeoPackage, with a table that explains their fields."),
}
NEEDED = {
    "units": "data",
    "grids": "data",
    "beats": "grids",
    "zones": "grids",
    "rings": "data",
    "checkpoints": "data",
    "rating": "data",
    "chiefs": "grids",
    "patrol": "zones",
    "rail": "data",
    "roster": "rail",
    "check": "data",
    "export": "data",
}
