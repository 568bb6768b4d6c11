"""What sources, their fields and kinds of geometry are called in the import dialog."""

from __future__ import annotations

from gridplanner.i18n import N_

ROLES = (
    ("district", N_("District outline"), ("polygon",)),
    ("communities", N_("Communities"), ("polygon",)),
    ("households", N_("Addresses with households"), ("point", "polygon")),
    ("roads", N_("Streets"), ("line",)),
    ("barriers", N_("Rivers and walls"), ("line", "polygon")),
    ("railway", N_("Railway lines"), ("line",)),
    ("stations", N_("Railway stations"), ("point",)),
    ("rail_posts", N_("Kilometre posts"), ("point",)),
    ("rail_features", N_("Features along the railway"), ("point", "line")),
    ("key_sites", N_("Key sites"), ("point",)),
    ("depots", N_("Police stations and posts"), ("point",)),
    ("current_grids", N_("Grids as they are now"), ("polygon",)),
    ("estates", N_("Estates to be kept whole"), ("polygon",)),
    ("exclusive", N_("Areas that are grids of their own"), ("polygon",)),
    ("groups", N_("Villagers' groups"), ("polygon",)),
    ("fixed_lines", N_("Lines that stay boundaries"), ("line",)),
    ("must_stay", N_("Places that belong to a grid"), ("point",)),
    ("incidents", N_("Incidents"), ("point", "polygon")),
    ("station_areas", N_("Areas of police stations"), ("polygon",)),
    ("indicators", N_("Monthly figures of areas"), ("", "point", "polygon")),
    ("staff", N_("People on duty"), ("", "point", "polygon")),
    ("checkpoint_sites", N_("Known places of checkpoints"), ("point",)),
    ("cordons", N_("Cordons"), ("line", "polygon")),
    ("roster_cells", N_("Leave and wishes of people on duty"), ("",)),
)
FIELD_WORDS = {
    "code": N_("Code"), "name": N_("Name"), "street": N_("Street office"), "group": N_("Group"), "households": N_("Households"),
    "persons": N_("Persons"), "address": N_("Address"), "class": N_("Class"), "oneway": N_("One-way"), "speed": N_("Speed limit"),
    "level": N_("Level"), "kind": N_("Kind"), "main": N_("Main line"), "chainage_km": N_("Chainage (km)"), "line": N_("Line"),
    "visits": N_("Visits"), "dwell_min": N_("Stay (min)"), "from": N_("From"), "to": N_("To"), "weight": N_("Weight"), "crews": N_("Crews"),
    "month": N_("Month"), "area": N_("Area"), "satisfaction": N_("Satisfaction"), "role": N_("Role"), "work_phone": N_("Work phone"),
    "unit": N_("On duty for"), "count": N_("Number"), "person": N_("Person (code)"), "day": N_("Day"),
    "until": N_("Until"), "shift": N_("Shift"), "bridge": N_("Bridge"), "tunnel": N_("Tunnel"), "track": N_("Track"),
    "system": N_("Mileage system"), "height": N_("Height (m)"), "amount": N_("Amount"),
    "x": N_("Longitude or easting"), "y": N_("Latitude or northing"), "lonlat": N_("Longitude and latitude"), "wkt": N_("Geometry (WKT)"),
}  # fmt: skip
GEOMETRY_WORDS = {"point": N_("points"), "line": N_("lines"), "polygon": N_("areas"), "": N_("rows of a table")}
